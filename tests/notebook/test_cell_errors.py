"""What a cell says when it fails: one short screen with the remedy, and the partial is kept."""

from collections.abc import Iterator

import pytest

from tests.conftest import StartKernel
from tests.harness.kernel import Kernel
from tests.harness.llm_scripts import say
from tests.harness.llm_server import LLMServer

SCREEN = 6  # lines
REFUSED = "-m vllm/x -p base_url http://127.0.0.1:9/v1 -p retries 0"

FAILURES = [
    ("-m openai-chat/gpt-5.2-mni", "Did you mean openai-chat/gpt-5.2-mini"),
    ("-m openai-chat/no-such-model", "\n%llm models openai-chat lists the models."),
    ("-m openai-chat/status-429 -p retries 0", "Wait 1 s"),
    ("-m openai-chat/status-413", "2,208 tokens too long"),
    ("-m openai-chat/status-401", "Check the API key of openai-chat in OPENAI_API_KEY"),
    (f"-m openai-chat/{say('{}')} --schema 'age: int'", "age"),
    (f"-m openai-chat/{say('Hello')} --schema 'age: int'", "contains no JSON"),
    (REFUSED, "127.0.0.1:9"),
    ("-m openai-chat/cut-3", "before the model had finished"),
]


@pytest.mark.parametrize(("options", "says"), FAILURES)
def test_a_failure_fits_on_a_screen_stops_run_all_and_keeps_what_came(
    live: Kernel, options: str, says: str
) -> None:
    cell = live.start(f"%%llm {options} -o mine\nhi")
    after = live.start("print('ran on')")
    failed = live.wait(cell)
    assert live.wait(after).status == "aborted"
    assert failed.status == "error"
    assert says in failed.traceback
    assert len(failed.traceback.splitlines()) <= SCREEN
    error = next(one["content"] for one in failed.raw if one["msg_type"] == "error")
    assert error["traceback"][0].startswith("\x1b[31m"), "the error's name is red"
    kept = live.check("print(mine is _llm, mine is _, repr(mine.text))").stdout.split()
    assert kept[:2] == ["True", "True"]
    if "cut-3" in options:
        assert kept[2:] == ["'0001", "0002", "0003", "'"]


REFUSALS = [
    ("%%llm -m openai-chta/x", "Did you mean openai-chat/x", "openai-chta/x"),
    ("%%llm -o mine -m=nobody/x", "no provider called 'nobody'", "-m=nobody/x"),
    ("%%llm -m local/missing.gguf", "missing.gguf", "local/missing.gguf"),
    ("%%llm --schema 'age: itn' -o mine", "name 'itn' is not defined", "'age: itn'"),
    ("%%llm --schema 7", "is not a type", "7"),
    ("%%llm -a a.png -a none.png", "none.png", "none.png"),
    ("%%llm -o mine -a figgure", "neither a variable nor a file", "figgure"),
    ("%%llm --timeout 0 -o mine", "a number of seconds above zero", "0"),
    ("%%llm --thinking lots", "lots", "lots"),
    ("%%llm --temperatur 1", "Did you mean --temperature", "--temperatur"),
    ("%%llm --seed x", "invalid int value", "x"),
    ("%%llm -s 'open", "a quote is not closed", "'open"),
    ("%%llm -m openai-chat/x -m nobody/x", "no provider called 'nobody'", "nobody/x"),
    ("%%llm -p user Ada -p model x", "Write -m MODEL.", "model"),
    ("%%llm -p messages [] -p user Ada", "the prompt below the options", "messages"),
    ("%%llm -p output_type int", "Write --schema TYPE.", "output_type"),
]


@pytest.mark.parametrize(("line", "says", "marked"), REFUSALS)
def test_the_wrong_word_of_the_first_line_is_marked(
    refusing: Kernel, line: str, says: str, marked: str
) -> None:
    failed = refusing.run(f"{line}\nhi")
    assert failed.status == "error"
    assert says in failed.stderr
    lines = failed.stderr.rstrip().splitlines()
    assert len(lines) <= SCREEN
    mark = next(at for at, one in enumerate(lines) if one.strip(" ^") == "" and "^" in one)
    start = lines[mark].index("^")
    assert lines[mark - 1][start : start + lines[mark].count("^")] == marked


@pytest.fixture(scope="module")
def refusing(llm_server: LLMServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """A kernel with the extension, for cells that send nothing."""
    env = {**llm_server.env, "NBSTREAM_MODEL": "openai-chat/paced-1-100"}
    with Kernel(tmp_path_factory.mktemp("kernel"), env=env) as one:
        one.check("%load_ext nbstream\nfrom pathlib import Path")
        one.check("Path('a.png').write_bytes(bytes.fromhex('89504e470d0a1a0a'));")
        yield one


def test_without_a_key_the_cell_says_how_to_give_one(kernel: StartKernel) -> None:
    one = kernel(env={"OPENAI_API_KEY": ""})
    one.check("%load_ext nbstream")
    cell = one.start("%%llm -m openai-chat/x\nhi")
    after = one.start("print('ran on')")
    failed = one.wait(cell)
    assert one.wait(after).status == "aborted"
    assert "Set OPENAI_API_KEY" in failed.stderr
    assert "%llm key openai-chat asks for it" in failed.stderr
    assert len(failed.stderr.splitlines()) <= SCREEN


def test_the_models_of_a_provider_are_listed(shell: Kernel) -> None:
    listed = shell.check("%llm models openai-chat").stdout.split()
    assert listed == ["openai-chat/gpt-5.2", "openai-chat/gpt-5.2-mini", "openai-chat/whisper-2"]
    assert shell.check("%llm models mini").stdout.split()[-1] == "openai-chat/gpt-5.2-mini"
