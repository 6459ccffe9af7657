"""The same tests over all four protocols, with a server that can fail on request."""

import itertools
import time
from collections.abc import Iterator
from typing import Any, Self

import httpx
import pytest

import nbstream
from nbstream import errors
from nbstream.core.events import Retry, StreamEnd, StreamStart, TextDelta, ToolEnd
from nbstream.streams.loop import submit
from tests.harness.aimock import CHAOS, AIMock
from tests.harness.background import run_async
from tests.live.wires import WIRES, model

HELLO = "Hello from the mock, in quite a few pieces, so that there is something to stream."
CUT = "This answer is cut off before it comes to its end, as connections are."

pytestmark = pytest.mark.parametrize("wire", WIRES)


@pytest.fixture(scope="module")
def aimock() -> Iterator[AIMock]:
    with AIMock() as running:
        yield running


class Chaos:
    """A client whose first requests ask the server for the given failures."""

    def __init__(self, *troubles: str) -> None:
        self.sent = 0
        self._troubles = iter(troubles)
        self.client = httpx.AsyncClient(event_hooks={"request": [self._spoil]})

    async def _spoil(self, request: httpx.Request) -> None:
        self.sent += 1
        if trouble := next(self._troubles, None):
            request.headers[CHAOS + trouble] = "1"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        submit(self.client.aclose()).result()  # on the event loop of its connections


def ask(aimock: AIMock, wire: str, prompt: str, **settings: Any) -> nbstream.Stream:
    return nbstream.stream(model(wire, aimock.url), prompt, **settings)


def test_text_arrives_in_pieces(aimock: AIMock, wire: str) -> None:
    with ask(aimock, wire, "say hello") as stream:
        events = list(stream)
    assert isinstance(events[0], StreamStart)
    assert isinstance(events[-1], StreamEnd)
    assert sum(isinstance(event, TextDelta) for event in events) > 10
    assert stream.text == HELLO
    assert stream.finish_reason == "stop"
    assert stream.message.provider == wire
    assert stream.usage is not None
    assert stream.request_id is not None
    assert stream.request_id.startswith("req-")


def test_the_same_with_async_code(aimock: AIMock, wire: str) -> None:
    async def main() -> str:
        async with ask(aimock, wire, "say hello") as stream:
            return "".join([piece async for piece in stream.text_stream])

    assert run_async(main()) == HELLO


def test_thinking(aimock: AIMock, wire: str) -> None:
    message = ask(aimock, wire, "think first").get_final_message()
    assert message.thinking == "Six times seven, is it not?"
    assert message.text == "The answer is 42."


def test_parallel_tool_calls_and_the_next_turn(aimock: AIMock, wire: str) -> None:
    question = nbstream.user_message("the weather")
    stream = nbstream.stream(model(wire, aimock.url), [question])
    ends = [event.tool_call for event in stream if isinstance(event, ToolEnd)]
    assert ends == stream.tool_calls
    assert [call.args for call in ends] == [{"city": "Paris"}, {"city": "Rome"}]
    assert stream.finish_reason == "tool_call"
    results = [nbstream.tool_message(call, "mild") for call in ends]
    history = [question, stream.message, *results]
    answer = nbstream.stream(model(wire, aimock.url), history)
    assert answer.get_final_text() == "Rain in Paris, sun in Rome."


@pytest.mark.parametrize("trouble", ["drop", "ratelimit", "disconnect"])
def test_a_temporary_failure_is_retried(aimock: AIMock, wire: str, trouble: str) -> None:
    with Chaos(trouble) as chaos:
        events = list(stream := ask(aimock, wire, "say hello", client=chaos.client))
    retries = [event for event in events if isinstance(event, Retry)]
    assert [retry.attempt for retry in retries] == [2]
    if trouble == "ratelimit":
        assert retries[0].wait >= 1, "Retry-After: 1"
    assert chaos.sent == 2
    assert stream.text == HELLO


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        ("drop", errors.ServerError),
        ("ratelimit", errors.RateLimitError),
        ("disconnect", errors.ConnectionFailedError),
    ],
)
def test_a_permanent_failure_is_an_error(
    aimock: AIMock, wire: str, trouble: str, error: type[errors.StreamError]
) -> None:
    with Chaos(*itertools.repeat(trouble, 9)) as chaos, pytest.raises(error) as caught:
        ask(aimock, wire, "say hello", client=chaos.client, retries=1).until_done()
    assert chaos.sent == 2
    assert caught.value.provider == wire
    assert caught.value.remedy
    if isinstance(caught.value, errors.ProviderError):
        assert caught.value.request_id


def test_malformed_json_is_not_retried(aimock: AIMock, wire: str) -> None:
    with Chaos("malformed") as chaos, pytest.raises(errors.ProtocolError, match="chaos"):
        ask(aimock, wire, "say hello", client=chaos.client).until_done()
    assert chaos.sent == 1


def test_a_broken_connection_keeps_the_partial_answer(aimock: AIMock, wire: str) -> None:
    stream = ask(aimock, wire, "break off")
    with pytest.raises(errors.IncompleteResponseError) as caught:
        stream.until_done()
    assert caught.value.message is not None
    assert caught.value.message.text == stream.text
    assert 0 < len(stream.text) < len(CUT)
    assert CUT.startswith(stream.text)


def test_cancelling_in_the_middle(aimock: AIMock, wire: str) -> None:
    with ask(aimock, wire, "go on for long") as stream:
        for _ in stream.text_stream:
            break
        began = time.monotonic()
    assert time.monotonic() - began < 10, "the whole answer takes more than twice as long"
    assert stream.finish_reason == "cancelled"
    assert stream.text.startswith("word")
