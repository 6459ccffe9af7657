"""The budget while answers stream: what they have cost and may still cost counts."""

from decimal import Decimal

import pytest

import nbstream
from nbstream.errors import UsageError
from nbstream.magics.spending import Asker, Spending
from nbstream.messages import Message, TextPart, ToolCallPart, Usage
from nbstream.testing import ScriptedModel

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
