"""Only JSON is read where a provider enforces the output type, elsewhere what models write."""

import json
from typing import Any

import httpx
import pytest
from pydantic import BaseModel

import nbstream
from nbstream.errors import OutputError
from nbstream.providers import get_model
from nbstream.request.output_type import check_spec, spec_of

KEY = "no-real-key"


class City(BaseModel):
    """What is asked for."""

    name: str


WRITTEN = "{'name': 'Rome',}"


def client(text: str) -> httpx.AsyncClient:
    """A client to which Chat Completions answers ``text``."""
    rows: list[Any] = [
        {"choices": [{"index": 0, "delta": {"content": text}}]},
        {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
    ]
    body = "".join(f"data: {json.dumps(row)}\n\n" for row in rows) + "data: [DONE]\n\n"
    head = {"content-type": "text/event-stream"}
    transport = httpx.MockTransport(lambda _: httpx.Response(200, headers=head, content=body))
    return httpx.AsyncClient(transport=transport)


def ask(model: str, text: str) -> nbstream.Stream[City]:
    return nbstream.stream(model, "hi", api_key=KEY, client=client(text), output_type=City)


def test_what_is_no_json_is_read_if_the_type_was_only_asked_for() -> None:
    stream = ask("openai-chat/gpt-3.5-turbo", WRITTEN)
    assert stream.get_output() == City(name="Rome")
    assert len(stream.repairs) == 2


def test_what_is_no_json_is_an_error_if_the_provider_enforces_the_type() -> None:
    stream = ask("openai-chat/gpt-5", WRITTEN)
    with pytest.raises(OutputError, match="not JSON"):
        stream.get_output()
    with pytest.raises(OutputError, match="not JSON"):
        _ = stream.message.parsed_output
    assert ask("openai-chat/gpt-5", '{"name": "Rome"}').get_output() == City(name="Rome")


@pytest.mark.parametrize(
    ("model", "enforced"),
    [
        ("openai/gpt-5", True),
        ("openai-chat/gpt-5", True),
        ("openai-chat/gpt-3.5-turbo", False),
        ("anthropic/claude-opus-4-5", True),
        ("anthropic/claude-3-5-sonnet-latest", False),
        ("google/gemini-2.5-flash", True),
        ("google/gemma-3-27b-it", False),
        ("deepseek/deepseek-chat", False),
        ("ollama/qwen3", False),
    ],
)
def test_which_requests_enforce_the_type(model: str, enforced: bool) -> None:
    assert check_spec(get_model(model, api_key=KEY), spec_of(City), [], {}) == enforced
