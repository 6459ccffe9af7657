"""Approvals and questions in IPython and ``jupyter console``, in a real terminal."""

from typing import Any

import pytest

from tests.harness.llm_scripts import rounds, use
from tests.harness.llm_server import LLMServer
from tests.notebook.test_consoles import CONSOLE, IPYTHON, Start, terminal

__all__ = ["terminal"]  # a fixture

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")

MODEL = rounds(
    [use("order", "c1", product="tea", number=4)],
    [use("order", "c2", product="sugar", number=500)],
    [use("pick", "c3")],
    "All done.",
)
SETUP = (
    "import nbstream, typing",
    "exec('def order(product: str, number: int) -> str:\\n    return f\"{number} x {product}\"')",
    "order = nbstream.tool(requires_approval=True)(order)",
    'exec(\'async def pick(ctx):\\n    return await ctx.ask(typing.Literal["red", "blue"])\')',
)


def results(server: LLMServer) -> list[Any]:
    """What the model was told of each call, in the last request."""
    rows = [row for row in server.of(MODEL)[-1].body["messages"] if row["role"] == "user"]
    parts = [part for row in rows for part in row["content"] if isinstance(part, dict)]
    return [part["content"] for part in parts if part["type"] == "tool_result"]


@pytest.mark.parametrize("app", [IPYTHON, CONSOLE])
def test_a_terminal_asks(terminal: Start, llm_server: LLMServer, app: str) -> None:
    child = terminal(app, **llm_server.messages_env)
    for number, line in enumerate(SETUP, 3):
        child.sendline(line)
        child.expect(rf"In \[{number}\]: ")
    child.sendline(f"%llm -m anthropic/{MODEL} -T order -T pick Fill the shelf, please.")
    child.expect("wants to call order")
    child.expect("reason against: ")
    child.sendline("y")
    child.expect("reason against: ")
    child.sendline("Too sweet.")
    child.expect(r"red \| blue.*: ")
    child.sendline("green")
    child.expect("Input should be 'red' or 'blue'")
    child.expect(r"red \| blue.*: ")
    child.sendline("blue")
    child.expect("All done.")
    child.expect(r"In \[\d+\]: ")
    assert results(llm_server) == [
        "4 x tea",
        "The user denied this call. Too sweet.",
        "blue",
    ]
