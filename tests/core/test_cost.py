"""What an answer's tokens cost."""

import pickle
from decimal import Decimal

import httpx
import pytest

import nbstream
from nbstream.core.cost import token_cost
from nbstream.core.message import Message, TextPart, Usage
from nbstream.messages import message_from_json, message_to_json
from tests.harness import llm_wire
from tests.harness.llm_scripts import Script


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


def test_a_count_of_tokens_knows_its_price() -> None:
    claude = Message(
        "assistant", (), Usage(1000, 10), "stop", None, "claude-sonnet-4-5", "anthropic"
    )
    gpt = Message("assistant", (), Usage(1000, 10), "stop", None, "gpt-4o", "openai")
    assert claude.usage is not None
    assert gpt.usage is not None
    assert claude.usage.cost == claude.cost is not None
    both = claude.usage + gpt.usage + Usage()
    assert claude.cost is not None
    assert gpt.cost is not None
    assert both.cost == claude.cost + gpt.cost
    assert (both + Usage(1, 1)).cost is None
    assert Usage(1000, 10).cost is None
    assert pickle.loads(pickle.dumps(both)).cost == both.cost
    assert both == Usage(2000, 20)


def test_a_stream_has_the_price_in_its_usage() -> None:
    message = Message(
        "assistant", (TextPart("x"),), Usage(1000, 10), "stop", None, "gpt-4o", "openai"
    )
    stream = nbstream.Stream.replay_message(message)
    stream.until_done()
    assert stream.usage.cost == stream.message.cost == stream.cost is not None


@pytest.mark.parametrize(
    ("base_url", "known"),
    [
        (None, True),
        ("https://api.openai.com", True),
        ("http://gateway.example/v1", False),
        ("https://api.openai.com.example/v1", False),
    ],
)
def test_the_price_of_a_provider_counts_at_its_own_address_only(
    base_url: str | None, known: bool
) -> None:
    answer = nbstream.stream(
        "openai-chat/gpt-4o", "hi", api_key="k", base_url=base_url, client=_client()
    ).get_final_message()
    assert answer.usage == Usage(7, 3)
    assert answer.custom_address is not known
    assert (answer.cost is not None) is known
    assert (answer.usage.cost is not None) is known
    again = message_from_json(message_to_json(answer))
    assert again.cost == answer.cost


def _client() -> httpx.AsyncClient:
    script = Script(("a", "b", "c"))
    rows = [
        *(llm_wire.chunk("gpt-4o", {"content": text}) for text in script.text),
        llm_wire.chunk("gpt-4o", {}, "stop"),
        llm_wire.usage_chunk("gpt-4o", script),
    ]
    body = b"".join([*map(llm_wire.sse, rows), llm_wire.DONE])
    kind = {"content-type": "text/event-stream"}
    answer = httpx.Response(200, headers=kind, content=body)
    return httpx.AsyncClient(transport=httpx.MockTransport(lambda _: answer))
