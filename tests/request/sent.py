"""The request that a call of ``stream()`` sends, or the error that it raises."""

import json
from typing import Any

import httpx
import pytest

import nbstream
from nbstream.errors import UsageError

KEY = "test-key-0123456789"
MODELS = {
    "anthropic": "anthropic/claude-opus-4-6",
    "openai_responses": "openai/gpt-5.2",
    "openai_chat": "openai-chat/gpt-5.2",
    "gemini": "google/gemini-3-pro-preview",
}


def now() -> str:
    """The time."""
    return "noon"


class Server:
    """Records the requests and answers each with an error, which ends the stream."""

    def __init__(self, text: str = "") -> None:
        self.requests: list[httpx.Request] = []
        self.text = text
        self.client = httpx.AsyncClient(transport=httpx.MockTransport(self._answer))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return httpx.Response(400, json={"error": {"message": self.text}})


def request(model: str, **keywords: Any) -> httpx.Request:
    """The HTTP request."""
    server = Server()
    stream = nbstream.stream(model, "hi", api_key=KEY, client=server.client, **keywords)
    with pytest.raises(nbstream.errors.ProviderError):
        stream.until_done()
    return server.requests[-1]


def sent(model: str, **keywords: Any) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(request(model, **keywords).content)
    return body


def added(model: str, **keywords: Any) -> dict[str, Any]:
    """The fields of the body that the keywords add or change."""
    tools = {name: one for name, one in keywords.items() if name == "tools"}
    plain, body = sent(model, **tools), sent(model, **keywords)
    return {name: value for name, value in body.items() if plain.get(name) != value}


def refused(model: str, **keywords: Any) -> UsageError:
    """The error of the call. Checks that nothing was sent."""
    server = Server()
    with pytest.raises(UsageError) as caught:
        nbstream.stream(model, "hi", api_key=KEY, client=server.client, **keywords)
    assert not server.requests
    assert caught.value.remedy or " takes " in caught.value.text  # which says what to write
    return caught.value


CONFIG = "generationConfig"
AUTO = {"type": "auto", "disable_parallel_tool_use": True}
