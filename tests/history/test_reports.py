"""Answers from public bug reports, and what is sent after them.

The bodies are read from ../shared/reports, beside the checkout; without it they are skipped.
"""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

import nbstream
from nbstream.errors import StreamError
from nbstream.messages import Message, tool_message
from tests.history.servers import SERVERS

FOLDER = Path(__file__).parents[3] / "shared" / "reports"
MODELS = {
    "anthropic": "anthropic/claude-opus-4-6",
    "openai-chat": "openai-chat/gpt-5.2",
    "openai-responses": "openai/gpt-5.2",
    "gemini": "google/gemini-3-pro-preview",
    "mistral": "mistral/mistral-large-latest",
}

pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason="no ../shared/reports")


class Wire:
    """A server that gives the same body to every request and keeps what it is sent."""

    def __init__(self, file: str) -> None:
        self.bodies: list[dict[str, Any]] = []
        self._answer = (FOLDER / file).read_bytes()
        self._client = httpx.AsyncClient(transport=httpx.MockTransport(self._respond))

    def _respond(self, request: httpx.Request) -> httpx.Response:
        self.bodies.append(json.loads(request.content))
        return httpx.Response(200, content=self._answer)

    def ask(self, server: str, *history: Message | str) -> Message:
        """The answer, or the part of it that came before a failure."""
        stream = nbstream.stream(
            MODELS[server], list(history), api_key="key-0123456789", client=self._client, retries=0
        )
        try:
            return stream.get_final_message()
        except StreamError:
            return stream.message

    def sent(self, server: str, *history: Message | str) -> dict[str, Any]:
        """The request for this history, which breaks no rule of the server."""
        self.ask(server, *history)
        assert list(SERVERS[server].rules(self.bodies[-1])) == []
        return self.bodies[-1]


@pytest.mark.parametrize("server", MODELS)
def test_calls_without_ids_of_two_turns_have_different_ids(server: str) -> None:
    wire = Wire("no_ids.sse")
    history: list[Message | str] = ["question"]
    for _ in range(2):
        answer = wire.ask("openai-chat", *history)
        history += [answer, tool_message(answer.tool_calls[0], "done")]
    body = wire.sent(server, *history, "go on")
    if server == "openai-chat":
        ids = [call["id"] for row in body["messages"] for call in row.get("tool_calls", ())]
        assert ids == [row["tool_call_id"] for row in body["messages"] if row["role"] == "tool"]
        assert len(set(ids)) == 2
        assert wire.sent(server, *history, "and on")["messages"][:-1] == body["messages"][:-1]


@pytest.mark.parametrize("server", MODELS)
def test_a_call_that_was_cut_is_left_out(server: str) -> None:
    wire = Wire("chat_cut_in_call.sse")
    answer = wire.ask("openai-chat", "question")
    assert answer.tool_calls
    body = wire.sent(server, "question", answer, "go on")
    assert "Let me look" in json.dumps(body)
    assert "tool_calls" not in json.dumps(body)


@pytest.mark.parametrize("server", MODELS)
def test_reasoning_that_nothing_follows_is_left_out(server: str) -> None:
    wire = Wire("responses_reasoning_alone.sse")
    answer = wire.ask("openai-responses", "question")
    body = wire.sent(server, "question", answer, "go on")
    assert "reasoning_text" not in json.dumps(body)
    assert "rs_1" not in json.dumps(body)


@pytest.mark.parametrize("server", MODELS)
def test_a_call_that_the_token_limit_cut_is_left_out(server: str) -> None:
    wire = Wire("anthropic_limit_in_call.sse")
    answer = wire.ask("anthropic", "question")
    assert answer.finish_reason == "length"
    body = wire.sent(server, "question", answer, "go on")
    assert "Whole answer." in json.dumps(body)
    assert "toolu_1" not in json.dumps(body)
