"""The local model over each protocol that llama.cpp's server speaks."""

from typing import Any

import pytest

import nbstream
from nbstream.core.events import StreamEnd, StreamStart, TextDelta
from nbstream.errors import LocalModelError
from nbstream.providers import Model, local
from tests.live.wires import model

# llama.cpp has no Gemini endpoint.
pytestmark = pytest.mark.parametrize("wire", ["openai_chat", "anthropic", "openai_responses"])


@pytest.fixture(scope="module")
def server() -> local.Server:
    try:
        local.ensure_installed()
    except LocalModelError as error:
        pytest.skip(str(error))
    return local.server(local.find_weights(None))


def at(server: local.Server, wire: str) -> Model:
    host = server.base_url.removesuffix("/v1")
    return model(wire, host, name=server.model, key=server.api_key)


def test_an_answer(server: local.Server, wire: str) -> None:
    stream = nbstream.stream(
        at(server, wire), "Say hello.", system="Be brief.", temperature=0, max_tokens=24
    )
    with stream as reading:
        events = list(reading)
    assert isinstance(events[0], StreamStart)
    assert isinstance(events[-1], StreamEnd)
    assert "".join(e.chunk for e in events if isinstance(e, TextDelta)) == stream.text
    assert stream.text.strip()
    assert stream.finish_reason in {"stop", "length"}
    assert stream.usage is not None
    assert stream.usage.input_tokens > 5
    assert 0 < stream.usage.output_tokens <= 24


def test_a_token_limit_is_reported(server: local.Server, wire: str) -> None:
    stream = nbstream.stream(at(server, wire), "Tell a long story.", temperature=0, max_tokens=8)
    stream.until_done()
    assert stream.usage is not None
    assert stream.usage.output_tokens == 8
    # llama.cpp's Responses endpoint says "completed" all the same.
    assert stream.finish_reason == ("stop" if wire == "openai_responses" else "length")


def test_a_conversation_goes_on(server: local.Server, wire: str) -> None:
    ask = nbstream.user_message("My name is Ada.")
    settings: dict[str, Any] = {"temperature": 0, "max_tokens": 16}
    first = nbstream.stream(at(server, wire), [ask], **settings)
    history = [ask, first.get_final_message(), nbstream.user_message("What is my name?")]
    second = nbstream.stream(at(server, wire), history, **settings)
    assert second.get_final_text().strip()
    assert second.usage is not None
    assert first.usage is not None
    assert second.usage.input_tokens > first.usage.input_tokens


def test_cancelling_stops_it(server: local.Server, wire: str) -> None:
    settings: dict[str, Any] = {"temperature": 0, "max_tokens": 2000}
    with nbstream.stream(at(server, wire), "Tell a long story.", **settings) as stream:
        for _ in stream.text_stream:
            break
    assert stream.finish_reason == "cancelled"
    assert stream.text
