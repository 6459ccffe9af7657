"""Tab in ``%%llm`` cells and ``%llm`` lines, as front ends ask the kernel for it."""

import pytest
from playwright.sync_api import expect

from tests.conftest import OpenNotebook, StartKernel
from tests.harness.kernel import Kernel
from tests.harness.llm_scripts import say
from tests.harness.patience import HANG

TWO_BLOCKS = "~~~\none\n~~~\nand\n~~~\ntwo\n~~~"


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


def test_commands_and_their_arguments(live: Kernel) -> None:
    assert completed(live, "%llm co|") == ["%llm config", "%llm cost"]
    assert completed(live, "%llm key anth|") == ["%llm key anthropic"]
    assert completed(live, "%llm key openai --|") == [
        "%llm key openai --forget",
        "%llm key openai --save",
    ]
    assert "%llm config temperature" in completed(live, "%llm config te|")
    assert completed(live, "%llm config --save thi|") == ["%llm config --save thinking"]
    assert completed(live, "%llm config thinking hi|") == ["%llm config thinking high"]
    assert completed(live, "%llm models mist|") == ["%llm models mistral"]
    assert completed(live, "%llm model loc|") == ["%llm model local"]
    live.check("%%llm -m openai-chat/paced-1-100 -c trip\nhi", cell_id="one")
    assert completed(live, "%llm model openai-chat/p|") == ["%llm model openai-chat/paced-1-100"]
    assert completed(live, "%llm forget tr|") == ["%llm forget trip"]
    assert completed(live, "%llm branch tr|") == ["%llm branch trip"]
    assert completed(live, "%%llm -c tr|\nhi") == ["%%llm -c trip\nhi"]
    live.check(f"%llm -m openai-chat/{say(TWO_BLOCKS)} hi")
    assert completed(live, "%llm insert |") == ["%llm insert 1", "%llm insert 2"]


def test_chats_that_cannot_be_read_complete_nothing(shell: Kernel) -> None:
    shell.check("%llm config chats /")
    done = shell.check("_ = get_ipython().complete('', '%llm forget tr', 14)")
    assert not done.traceback  # IPython would print one
    assert completed(shell, "%llm forget tr|") == []


def test_options_of_a_prompt_in_a_line(live: Kernel) -> None:
    assert "%llm --temperature" in completed(live, "%llm --te|")
    assert completed(live, "x = 1\ny = %llm -m anth|") == ["x = 1\ny = %llm -m anthropic/"]
    assert completed(live, "%llm why is the sky blue tem|") == []


def test_jupyterlab_offers_them(notebook: OpenNotebook) -> None:
    page = notebook(["%load_ext nbstream", ""])
    page.run_cell(0)
    for typed, offered in (("%llm sta", "status"), ("%%llm --schem", "--schema")):
        editor = page.cell(1).locator(".cm-content")
        editor.click()
        page.page.keyboard.press("Control+A")
        page.page.keyboard.type(typed)
        page.page.keyboard.press("Tab")
        item = page.page.locator(".jp-Completer-item")
        expect(item).to_have_count(1)
        expect(item).to_contain_text(offered)
        page.page.keyboard.press("Enter")
        expect(editor).to_have_text(f"{typed.split()[0]} {offered}")
