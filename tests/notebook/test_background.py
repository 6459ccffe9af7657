"""``--bg``: answers side by side, each in the output of its own cell."""

import pytest

from tests.conftest import StartKernel
from tests.harness import kernelspecs
from tests.harness.kernel import Kernel
from tests.harness.result import Result

COUNTS = (40, 60, 50, 70)


@pytest.mark.parametrize("version", [kernelspecs.NEWEST, "7.1.0", "6.30.1"])
def test_four_answers_stream_while_other_cells_run(kernel: StartKernel, version: str) -> None:
    one = kernel(version, env={"NBSTREAM_DISPLAY": "live"})
    one.check("%load_ext nbstream")
    cells = [one.check(ask(count), cell_id=f"c{count}") for count in COUNTS]
    assert one.check("print([a.is_complete for a in (a40, a60, a50, a70)])").stdout.strip() == (
        "[False, False, False, False]"
    )
    other = [one.check("print('one')"), one.check("import time; time.sleep(0.5); print('two')")]
    one.check("for answer in (a40, a60, a50, a70): answer.wait()")
    for count, cell in zip(COUNTS, cells, strict=True):
        one.until(lambda cell=cell: "text/html" in cell.displays[0], cell)
        assert text_of(cell).split() == [f"{n:04}" for n in range(1, count + 1)]
    assert [cell.stdout for cell in other] == ["one\n", "two\n"]
    assert not any(cell.displays for cell in other)
    check_that_it_can_be_stopped(one)


def ask(count: int) -> str:
    return f"%%llm -m openai-chat/paced-{count}-25 --bg -o a{count}\nhi"


def text_of(cell: Result) -> str:
    """The answer in the cell's last output, as plain text."""
    return str(cell.displays[0]["text/plain"])


def check_that_it_can_be_stopped(one: Kernel) -> None:
    one.check("%%llm -m openai-chat/hang-3 --bg -o slow\nhi")
    one.check("%%llm -m openai-chat/hang-3 --bg -o other\nhi")
    one.check("slow.close()")
    assert one.check("print(slow.finish_reason, other.is_complete)").stdout.strip() == (
        "cancelled False"
    )
    assert one.check("%llm stop").stdout.strip() == "Stopped 1 answer."
