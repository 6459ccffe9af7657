"""The first line of ``%%llm``, and a cell that has no other line."""

import pytest

from tests.conftest import StartKernel
from tests.harness import kernelspecs
from tests.harness.llm_server import LLMServer


@pytest.mark.parametrize("version", [kernelspecs.NEWEST, "7.3.0"])
@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("%%llm", "%%llm: the prompt is empty."),
        ("%%llm -o mine", "%%llm: the prompt is empty."),
        ("%%llm -h\nhi", "%%llm? shows the options."),
        ("%%llm -o class\nhi", "-o class is a Python keyword"),
        ("%%llm -o None\nhi", "-o None is a Python keyword"),
        ("%%llm -o _\nhi", "Without -o the answer is in _."),
        ("%%llm -o ___\nhi", "-o ___ would stop IPython from updating"),
    ],
)
def test_a_usage_error_is_short(kernel: StartKernel, version: str, cell: str, says: str) -> None:
    one = kernel(version)
    one.check("%load_ext nbstream")
    failed = one.run(cell)
    assert failed.status == "error"
    assert says in failed.stderr
    assert "_llm_awaited" not in failed.stderr, "the name is not shown: the user has not written it"
    assert len(failed.stderr.strip().splitlines()) <= 4
    assert failed.traceback == ""


def test_soft_keywords_are_valid_names(kernel: StartKernel, llm_server: LLMServer) -> None:
    one = kernel()
    one.check("%load_ext nbstream")
    one.check("%%llm -m openai-chat/paced-1-100 -o match\nhi")
    assert one.check("print(match.text)").stdout.strip() == "0001"


@pytest.mark.parametrize(
    ("option", "sent"), [("--temperature 0.25", 0.25), ("--temperature 0", 0.0), ("", None)]
)
def test_the_temperature_is_sent(
    kernel: StartKernel, llm_server: LLMServer, option: str, sent: float | None
) -> None:
    one = kernel()
    one.check("%load_ext nbstream")
    one.check(f"%%llm -m openai-chat/paced-1-100 {option}\nhi")
    assert llm_server.requests[-1].body.get("temperature") == sent
