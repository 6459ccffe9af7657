"""What an answer's tokens cost."""

from decimal import Decimal

import pytest

import nbstream
from nbstream.core.cost import token_cost
from nbstream.core.message import Message, TextPart, Usage


@pytest.mark.parametrize(
    ("model", "provider"),
    [
        ("claude-sonnet-4-5-20250929", "anthropic"),
        ("gpt-4o-2024-08-06", "openai"),
        ("gpt-4o", "openai-chat"),
        ("models/gemini-2.5-flash", "google"),
        ("openai/gpt-4o", "openrouter"),
        ("grok-4", "xai"),
    ],
)
def test_known_models_have_a_price(model: str, provider: str) -> None:
    cost = token_cost(Usage(1_000, 100), model, provider)
    assert cost is not None
    assert Decimal(0) < cost < Decimal("0.1")


@pytest.mark.parametrize(
    ("model", "provider"),
    [
        ("gpt-4o", "vllm"),  # a server of the user's own
        ("gpt-4o", None),
        (None, "openai"),
        ("my-model", "openai"),
        ("", "anthropic"),
    ],
)
def test_no_price_is_invented(model: str | None, provider: str | None) -> None:
    assert token_cost(Usage(1_000, 100), model, provider) is None


def test_without_a_count_there_is_no_cost() -> None:
    assert Message("assistant", (TextPart("x"),), model="gpt-4o", provider="openai").cost is None
    assert token_cost(Usage(), "gpt-4o", "openai") is None


def test_tokens_of_the_cache_have_their_own_prices() -> None:
    def cost(**cached: int) -> Decimal:
        found = token_cost(Usage(1_000_000, **cached), "claude-sonnet-4-20250514", "anthropic")
        assert found is not None
        return found

    assert cost(cache_read_tokens=500_000) < cost() < cost(cache_write_tokens=500_000)


def test_counts_that_contradict_each_other_have_no_cost() -> None:
    assert token_cost(Usage(10, 1, cache_read_tokens=20), "gpt-4o", "openai") is None


def test_a_stream_has_the_cost_of_its_messages() -> None:
    message = Message(
        "assistant", (TextPart("x"),), Usage(1000, 10), "stop", None, "gpt-4o", "openai"
    )
    stream = nbstream.Stream.replay_message(message)
    stream.until_done()
    assert stream.cost == message.cost is not None
    assert stream.time_to_first_token is not None
