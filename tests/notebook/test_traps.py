"""What goes wrong in other notebook extensions (research on them has the list) goes right here."""

import json
from pathlib import Path

import pytest

from nbstream.core import log
from tests.harness.kernel import Kernel
from tests.harness.llm_server import LLMServer

PROMPTS = [
    '{"a": 1}',
    r"\frac{a}{b} and ${HOME} and $x$ and f\"{x}\" and {x!r} and {{tight}} and {% if %}",
    "%time and !ls and ?help and x?",
    Path(log.__file__).read_text(encoding="utf-8"),
]


@pytest.mark.parametrize("prompt", PROMPTS, ids=["json", "signs", "magics", "a Python file"])
def test_a_prompt_arrives_byte_for_byte(live: Kernel, llm_server: LLMServer, prompt: str) -> None:
    live.check(f"%%llm -m openai-chat/paced-1-100\n{prompt}")
    sent = llm_server.requests[-1].body["messages"][-1]["content"]
    assert sent == prompt.strip("\n")


@pytest.mark.parametrize(("count", "limit"), [(500, 60_000), (2_000, 100_000)])
def test_an_answer_costs_little_traffic(live: Kernel, count: int, limit: int) -> None:
    shown = live.check(f"%%llm -m openai-chat/paced-{count}-500\nhi")
    parts = [one["content"] for one in shown.raw if not _is_code(one)]
    assert shown.comms
    assert len(json.dumps(parts)) < limit


def _is_code(message: dict[str, object]) -> bool:
    """Whether a message brings the front end's own code, which comes once a page."""
    return '"t": "code"' in json.dumps(message["content"])


def test_a_cell_in_a_running_loop_may_block(live: Kernel) -> None:
    asked = "import nbstream\nimport asyncio\nasyncio.get_running_loop()\n"
    asked += "print(nbstream.stream('openai-chat/paced-2-100', 'hi').get_final_text())"
    assert live.check(f"{asked}\nawait asyncio.sleep(0)").stdout.strip() == "0001 0002"


def test_a_line_that_is_no_magic_of_ours_is_left_alone(live: Kernel) -> None:
    assert live.check("x = 7\nprint(x % 4, '%llm why?')").stdout.strip() == "3 %llm why?"
