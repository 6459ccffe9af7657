"""``%%llm`` beside another extension that has a magic of this name."""

from pathlib import Path

from tests.conftest import StartKernel
from tests.harness.llm_server import LLMServer

OTHER = """
from IPython.core.magic import Magics, cell_magic, line_magic, magics_class

@magics_class
class Theirs(Magics):
    @cell_magic
    def llm(self, line, cell):
        print("theirs:", cell.strip())

    @line_magic("llm")
    def llm_line(self, line):
        print("their line:", line)

def load_ipython_extension(shell):
    shell.register_magics(Theirs)
"""
ASK = "-m openai-chat/paced-2-100 -o mine\nhi"


def test_the_other_magic_is_put_aside_and_comes_back(
    kernel: StartKernel, llm_server: LLMServer
) -> None:
    one = kernel()
    one.check(f"from pathlib import Path\nPath('theirs.py').write_text({OTHER!r})")
    one.check("%load_ext theirs")
    loaded = one.check("%load_ext nbstream")
    assert "%%llm of theirs is put aside" in loaded.stderr
    assert "%%nbstream" in loaded.stderr
    one.check(f"%%llm {ASK}")
    assert one.check("print(mine.text)").stdout.strip() == "0001 0002"

    one.check("%reload_ext theirs")
    assert one.check("%%llm\nhi").stdout.strip() == "theirs: hi"
    one.check(f"%%nbstream {ASK}")
    assert one.check("print(mine.text)").stdout.strip() == "0001 0002"

    one.check("%reload_ext nbstream")
    one.check("%unload_ext nbstream")
    assert one.check("%%llm\nhi").stdout.strip() == "theirs: hi"
    assert one.check("%llm hi").stdout.strip() == "their line: hi"
    assert "%%nbstream` not found" in one.run("%%nbstream\nhi").stderr


def test_loading_twice_is_the_same_as_once(kernel: StartKernel, llm_server: LLMServer) -> None:
    one = kernel()
    one.check("import builtins\nbefore = set(vars(builtins))")
    one.check("shell = get_ipython()\nformatters = dict(shell.display_formatter.formatters)")
    one.check("%load_ext nbstream")
    one.check("%load_ext nbstream")
    again = one.check("%reload_ext nbstream")
    assert again.stderr == ""
    one.check(f"%%llm {ASK}")
    one.check("%unload_ext nbstream")
    left = one.check(
        "print(set(vars(builtins)) - before - {'_'},"
        " formatters == shell.display_formatter.formatters,"
        " [t for t in shell.input_transformers_post + shell.input_transformers_cleanup"
        " if 'nbstream' in type(t).__module__ or 'nbstream' in getattr(t, '__module__', '')])"
    )
    assert left.stdout.strip() == "set() True []"


def test_loading_it_in_every_session_is_the_same(
    kernel: StartKernel, llm_server: LLMServer, tmp_path: Path
) -> None:
    profile = tmp_path / "profile_default"
    profile.mkdir()
    for name in ("ipython_kernel_config.py", "ipython_config.py"):
        (profile / name).write_text("c.InteractiveShellApp.extensions = ['nbstream']\n")
    one = kernel(env={"IPYTHONDIR": str(tmp_path)})
    one.check(f"%%llm {ASK}")
    again = one.check("%load_ext nbstream")
    assert again.stderr == ""
    one.check(f"%%llm {ASK}")
    assert one.check("print(mine.text)").stdout.strip() == "0001 0002"
    one.check("%unload_ext nbstream")
    assert "not found" in one.run("%%llm\nhi").stderr


def test_nothing_of_anothers_is_replaced_while_answers_are_drawn(
    kernel: StartKernel, llm_server: LLMServer
) -> None:
    one = kernel(env={"NBSTREAM_DISPLAY": "live"})
    one.check(
        "import builtins, asyncio, sys\nshell = get_ipython()\n"
        "def state():\n"
        "    loop = asyncio.get_running_loop()\n"
        "    hooks = sys.displayhook, sys.excepthook, shell.showtraceback, type(loop).run_forever\n"
        "    return {**vars(builtins), '_': 0}, dict(shell.display_formatter.formatters), hooks,"
        " dict(shell.display_formatter.formatters['text/html'].type_printers)\n"
        "before = state()"
    )
    one.check("%load_ext nbstream")
    one.check(f"%%llm {ASK}")
    one.check("mine")
    after = one.check("print([a == b for a, b in zip(before, state())])").stdout
    assert after.strip() == "[True, True, True, True]"
