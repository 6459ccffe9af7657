"""``%llm cost`` and the budget, in a real ipykernel."""

import pytest

from tests.harness.kernel import Kernel
from tests.harness.llm_server import LLMServer
from tests.harness.priced import PRICED

SHORT = "openai-chat/paced-3-100"


@pytest.fixture
def live(live: Kernel) -> Kernel:
    """The same with a model whose price is known."""
    live.check(PRICED)
    return live


def test_a_table_by_model_and_by_cell(live: Kernel) -> None:
    assert live.check("%llm cost").stdout.strip() == "Nothing was spent in this session."
    live.check("%%llm -m test/gpt\nWhat colour is\nthe sky?", cell_id="one")
    live.check("%%llm -m test/gpt\nWhat colour is\nthe sky?", cell_id="one")
    live.check("%%llm -m test/gpt\nAnd the sea?", cell_id="two")
    printed = live.check("%llm cost").stdout
    rows = [" ".join(line.split()) for line in printed.splitlines()]
    assert "test/gpt 3 300,000 30,000 $1.05" in rows
    assert "In [5] What colour is the sky? 2 200,000 20,000 $0.7000" in rows
    assert "In [6] And the sea? 1 100,000 10,000 $0.3500" in rows
    assert "all 3 300,000 30,000 $1.05" in rows
    assert "spent   $1.05 for 300,000 tokens in, 30,000 out" in live.check("%llm status").stdout
    assert live.check("print(_llm.usage.cost, _llm.cost)").stdout.strip() == "0.35 0.35"


def test_a_price_that_is_not_known_is_not_invented(live: Kernel) -> None:
    live.check(f"%%llm -m {SHORT}\nhi")
    live.check("%%llm -m test/gpt\nhi")
    live.run("%%llm -m openai-chat/cut-50\nhi")
    printed = live.check("%llm cost").stdout
    rows = [" ".join(line.split()) for line in printed.splitlines()]
    assert f"{SHORT} 1 7 3 unknown" in rows
    assert "openai-chat/cut-50 1 0 0 unknown" in rows
    assert "all 3 100,007 10,003 at least $0.3500 + 2 unknown" in rows
    assert f"The price of {SHORT}, openai-chat/cut-50 is not known" in printed
    assert "Answers that broke off count as far as" in printed


def test_a_budget_refuses_the_next_request_once_it_is_spent(
    live: Kernel, llm_server: LLMServer
) -> None:
    assert "budget       0.5 (this session)" in live.check("%llm config budget $0.50").stdout
    live.check("%%llm -m test/gpt\nhi")
    assert "of which $0.1500 is left" in live.check("%llm cost").stdout
    live.check("%%llm -m test/gpt\nhi")
    before = len(llm_server.requests)
    failed = live.run(f"%%llm -m {SHORT}\nhi")
    assert failed.status == "error"
    assert "The budget of $0.5000 is spent: $0.7000 so far." in failed.stderr
    assert "%llm config budget DOLLARS" in failed.stderr
    assert len(llm_server.requests) == before
    assert live.run("%llm hi").status == "error"
    live.check("%llm config budget 2")
    live.check(f"%%llm -m {SHORT}\nhi")
    status = live.check("%llm status").stdout
    assert "Budget: $2.00, of which $1.30 is left." in status
    assert f"The budget does not count {SHORT}: the price is not known." in status
    live.check("%llm config budget default")
    assert "Budget" not in live.check("%llm status").stdout


SLOW = """
from nbstream.testing import ScriptedModel
slow = ScriptedModel(*["Blue. " * 10_000] * 5, delay=0.1)
slow._set(provider="openai", name="gpt-4o")
slow.register();
"""
"""A model of a known price whose answers last for as long as the test."""


def test_answers_in_the_background_count_while_they_stream(live: Kernel) -> None:
    live.check(SLOW)
    live.check("%llm config budget 0.30")
    live.check("%%llm -m openai/gpt-4o --bg --max-tokens 10000\nhi")
    assert "1 answer in the background may cost another $0.1000." in live.check("%llm cost").stdout
    live.check("%%llm -m openai/gpt-4o --bg\nhi")
    live.check("%%llm -m openai/gpt-4o --bg --max-tokens 10000\nhi")
    failed = live.run("%%llm -m test/gpt\nhi")
    assert "budget of $0.3000 might be passed: $0 is spent" in failed.stderr
    assert "3 answers in the background may cost $0.3600" in failed.stderr
    assert len(failed.stderr.splitlines()) <= 6
    live.check("%llm stop")
    live.check("%%llm -m test/gpt\nhi")


ENDLESS = """
from nbstream.messages import Message, ToolCallPart, Usage
from nbstream.testing import ScriptedModel
def look():
    "Look."
call, used = ToolCallPart("c1", "look", "{}"), Usage(100_000, 10_000)
step = Message("assistant", (call,), used, "tool_call", None, "gpt-4o", "openai")
ScriptedModel(*[step] * 9, name="endless").register();
"""
"""A model of a known price that calls a tool in each of its answers."""


def test_a_budget_ends_a_run_before_its_next_request(live: Kernel) -> None:
    live.check(ENDLESS)
    live.check("%llm config budget 0.50")
    failed = live.run("%%llm -m test/endless -T look\nhi")
    assert failed.status == "error"
    assert "The budget of $0.5000 is spent: $0.7000 so far." in failed.evalue
    assert live.check("print(len(_llm.tool_calls))").stdout.strip() == "2"


def test_a_wrong_budget_is_refused(live: Kernel) -> None:
    for wrong in ("much", "-1", "nan", "inf"):
        failed = live.run(f"%llm config budget {wrong}")
        assert f"budget cannot be '{wrong}'" in failed.stderr


def test_a_map_counts_and_ends_at_the_budget(live: Kernel) -> None:
    map_cell = "job = nbstream.map(['a', 'b'], 'test/gpt', concurrency=1)\njob.wait()"
    live.check(f"import nbstream\n{map_cell}", cell_id="one")
    rows = [" ".join(line.split()) for line in live.check("%llm cost").stdout.splitlines()]
    assert "test/gpt 2 200,000 20,000 $0.7000" in rows
    assert any(row.endswith("2 prompts, by map() 2 200,000 20,000 $0.7000") for row in rows)
    live.check("%llm config budget 1.00")
    printed = live.check(f"{map_cell}\nprint(len(job.results), job.error)").stdout
    assert "1 The budget of $1.00 is spent: $1.05 so far." in printed
