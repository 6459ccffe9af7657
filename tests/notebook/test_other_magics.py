"""``%%llm`` beside another extension that has a magic of this name."""

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
