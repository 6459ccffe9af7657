"""The budget while answers stream: what they have cost and may still cost counts."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

import nbstream
from nbstream.errors import UsageError, UsageLimitError
from nbstream.magics.spending import Asker, Spending
from nbstream.messages import Message, TextPart, ToolCallPart, Usage
from nbstream.streams import spending_hook
from nbstream.testing import ScriptedModel
from tests.harness.patience import until

ASKER = Asker("cell", 1, "hi")


def answer(delay: float = 0.0) -> nbstream.Stream:
    """An answer that costs 0.35 dollars."""
    part, usage = (TextPart("Blue. " * 2_000),), Usage(100_000, 10_000)
    message = Message("assistant", part, usage, "stop", None, "gpt-4o", "openai")
    return nbstream.stream(ScriptedModel(message, delay=delay), "hi")


def test_an_answer_is_reserved_for_until_it_has_ended() -> None:
    spending, slow = Spending(), answer(delay=0.5)
    spending.began(ASKER, slow, lambda: Decimal("0.90"))
    slow.start()
    spending.check(None)
    spending.check(1.0)
    spending.began(ASKER, answer(), lambda: Decimal("0.10"))
    with pytest.raises(UsageError, match=r"2 answers in the background may cost \$1\.00"):
        spending.check(1.0)
    slow.cancel()
    slow.wait()
    spending.check(1.0)


def test_what_was_spent_counts_once() -> None:
    spending, whole = Spending(), answer()
    spending.began(ASKER, whole, lambda: Decimal("0.90"))
    whole.wait()
    assert spending.reserved() == 0
    assert spending.spent() == Decimal("0.35")
    with pytest.raises(UsageError, match="is spent"):
        spending.check(0.35)


def test_the_agents_that_tools_run_count_too() -> None:
    usage = Usage(100_000, 10_000)
    part = TextPart("Blue.")
    reply = Message("assistant", (part,), usage, "stop", None, "gpt-4o", "openai")
    helper = nbstream.Agent(ScriptedModel(reply), name="helper")
    call = ToolCallPart("c1", "helper", '{"prompt": "hi"}')
    asks = Message("assistant", (call,), usage, "tool_call", None, "gpt-4o", "openai")
    outer = nbstream.Agent(ScriptedModel(asks, reply), tools=[helper])
    spending, run = Spending(), outer.run_stream("hi")
    spending.began(ASKER, run)
    run.get_output()
    assert spending.spent() == 3 * Decimal("0.35")
    assert [one.model for one in spending.entries] == ["test/scripted", "openai/gpt-4o"]


def priced(count: int) -> list[Message]:
    """Answers that cost 0.35 dollars each."""
    part, usage = (TextPart("Blue."),), Usage(100_000, 10_000)
    return [Message("assistant", part, usage, "stop", None, "gpt-4o", "openai")] * count


@pytest.fixture
def accounts() -> Iterator[Spending]:
    """The session's accounts, as ``%load_ext`` sets them."""
    spending = Spending()

    class Accounts:
        budget: float | None = 1.0

        def began(self, job: nbstream.PromptMap) -> None:
            spending.map_began(ASKER, job)

        def check(self) -> None:
            spending.check_step(self.budget)

    spending_hook.set_accounts(Accounts())
    yield spending
    spending_hook.set_accounts(None)


def test_the_answers_of_a_map_count(accounts: Spending) -> None:
    job = nbstream.map(["one", "two"], ScriptedModel(*priced(2)), concurrency=1)
    job.wait()
    assert accounts.spent() == Decimal("0.70")
    assert [one.answers for one in accounts.entries] == [2]
    assert accounts.entries[0].whole


def test_a_map_ends_where_the_session_s_budget_is_spent(accounts: Spending) -> None:
    model = ScriptedModel(*priced(9))
    job = nbstream.map([str(number) for number in range(9)], model, concurrency=1)
    with pytest.raises(UsageLimitError, match=r"The budget of \$1\.00 is spent: \$1\.05"):
        job.to_df()
    assert len(model.requests) == 3
    assert (job.totals.done, job.totals.sent, len(job.results)) == (3, 3, 3)
    with pytest.raises(UsageLimitError, match="is spent"):
        nbstream.map(["more"], model).to_df()
    assert len(model.requests) == 3


def test_what_a_map_replays_costs_nothing_and_is_not_refused(
    accounts: Spending, tmp_path: Path
) -> None:
    cassette, model = tmp_path / "a.nbstream", ScriptedModel(*priced(3))
    prompts = ["one", "two", "three"]
    nbstream.map(prompts, model, cassette=cassette).to_df()
    assert accounts.spent() == Decimal("1.05")
    again = nbstream.map(prompts, model, cassette=cassette)
    assert again.to_df()["answer"].notna().all()
    assert accounts.spent() == Decimal("1.05")


def test_a_map_that_runs_counts_with_what_it_has_spent(accounts: Spending) -> None:
    model = ScriptedModel(*priced(1), *priced(1), delay=0.3)
    job = nbstream.map(["one", "two"], model, concurrency=1).start()
    until(lambda: job.totals.done == 1)
    assert accounts.reserved() >= Decimal("0.35")
    assert accounts.running_maps() == [job]
    job.wait()
    assert accounts.reserved() == 0
