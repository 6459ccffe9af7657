"""Tab in ``%%llm`` cells, as front ends ask the kernel for it."""

import pytest

from tests.conftest import StartKernel
from tests.harness.kernel import Kernel
from tests.harness.patience import HANG


@pytest.fixture
def shell(kernel: StartKernel) -> Kernel:
    """A kernel with the extension and some variables."""
    one = kernel()
    one.check("%load_ext nbstream")
    one.check("class Person: pass\nimport pandas as pd\nframe = pd.DataFrame({'n': [1]})")
    return one


def completed(kernel: Kernel, cell: str) -> list[str]:
    """The cell as it is after each possible completion at `|`."""
    before, _, after = cell.partition("|")
    reply = kernel.client.complete(before + after, len(before), reply=True, timeout=HANG)["content"]
    start, end = reply["cursor_start"], reply["cursor_end"]
    code = before + after
    return [code[:start] + match + code[end:] for match in reply["matches"]]


def test_options_and_their_values(shell: Kernel) -> None:
    assert "%%llm --temperature" in completed(shell, "%%llm --te|")
    assert completed(shell, "%%llm -m anth|\nhi") == ["%%llm -m anthropic/\nhi"]
    assert "%%llm -m x \\\n  --schema" in completed(shell, "%%llm -m x \\\n  --sch|")
    assert completed(shell, "%%llm --thinking me|\nhi") == ["%%llm --thinking medium\nhi"]
    assert completed(shell, "%%llm --schema Per|\nhi") == ["%%llm --schema Person\nhi"]
    assert completed(shell, "%%llm -a fra|\nhi") == ["%%llm -a frame\nhi"]
    assert "%%llm -p top_k" in completed(shell, "%%llm -p top|")


def test_names_in_double_braces(shell: Kernel) -> None:
    assert completed(shell, "%%llm\nLook at {{ fra|") == ["%%llm\nLook at {{ frame"]
    assert "%%llm\n{{ frame.head" in completed(shell, "%%llm\n{{ frame.he|")
    assert "%%llm\nthe fra" not in completed(shell, "%%llm\nthe fra|")


def test_other_cells_complete_as_before(shell: Kernel) -> None:
    assert "frame" in completed(shell, "fra|")
    shell.check("%unload_ext nbstream")
    assert completed(shell, "%%llm --te|") == []
