"""Stop while the cell blocks, on every ipykernel that can receive it, and within other magics."""

import pytest

from tests.conftest import StartKernel
from tests.harness import kernelspecs
from tests.harness.llm_scripts import text_of
from tests.harness.llm_server import LLMServer

# On the newest ipykernel a cell awaits; within another magic, or without autoawait, it blocks.
BLOCKING = [
    (kernelspecs.NEWEST, "%autoawait off", "%%llm"),
    (kernelspecs.NEWEST, "", "%%time\n%%llm"),
    ("7.3.0", "", "%%llm"),
    ("7.1.0", "", "%%llm"),
]


@pytest.mark.parametrize(("version", "before", "magic"), BLOCKING)
def test_stop_arrives_while_the_cell_blocks(
    kernel: StartKernel, llm_server: LLMServer, version: str, before: str, magic: str
) -> None:
    one = kernel(version, env={"NBSTREAM_DISPLAY": "live"})
    one.check(f"%load_ext nbstream\n{before}")
    subshell = one.create_subshell()
    # If Stop arrived only after the end of the cell, the answer would be complete.
    model = f"paced-1500-{61 + BLOCKING.index((version, before, magic))}"
    cell = one.start(f"{magic} -m openai-chat/{model} -o mine\nhi")
    one.until(lambda: len(cell.comms) > 5, cell)
    comm = cell.comms_opened[-1]["comm_id"]
    stop = {"method": "custom", "content": {"t": "stop"}}
    one.send_comm(comm, stop, subshell=subshell)
    one.wait(cell)
    assert cell.status == "ok"
    assert llm_server.of(model)[-1].wait().disconnected is not None
    printed = one.check("print(mine.finish_reason, len(mine.text))").stdout.split()
    assert printed[0] == "cancelled"
    assert 0 < int(printed[1]) < len(text_of(model))
