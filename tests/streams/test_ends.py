"""How a failed or cancelled answer differs from a complete one."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

import nbstream
from nbstream import errors
from nbstream.core.events import Event, StreamStart, TextDelta, TextStart
from nbstream.testing import stream_from_events
from tests.harness.background import run_async
from tests.harness.patience import HANG

BEGUN: list[Event] = [StreamStart(), TextStart(0), TextDelta(0, "[1, 2")]

FINAL: dict[str, Callable[[nbstream.Stream[Any]], object]] = {
    "get_final_message": lambda stream: stream.get_final_message(),
    "get_final_text": lambda stream: stream.get_final_text(),
    "get_output": lambda stream: stream.get_output(),
    "await stream": lambda stream: run_async(awaited(stream, "")),
    "await get_final_message": lambda stream: run_async(awaited(stream, "get_final_message")),
    "await get_final_text": lambda stream: run_async(awaited(stream, "get_final_text")),
    "await get_output": lambda stream: run_async(awaited(stream, "get_output")),
}
every_final = pytest.mark.parametrize("final", FINAL.values(), ids=FINAL.keys())
Final = Callable[[nbstream.Stream[Any]], object]


async def awaited(stream: nbstream.Stream[Any], name: str) -> object:
    if not name:
        return await stream
    async with stream as entered:
        return await getattr(entered, name)()


def cancelled() -> nbstream.Stream[Any]:
    goes_on = [TextDelta(0, "")] * 10_000
    stream = stream_from_events([*BEGUN, *goes_on], delay=0.01, output_type=list[int])
    with stream:
        for _ in stream.text_stream:
            break
    return stream


def failed(begun: list[Event] = BEGUN) -> nbstream.Stream[Any]:
    error = errors.OverloadedError("It has too much to do.", provider="some")
    stream = stream_from_events(begun, error=error, output_type=list[int])
    assert stream.wait(HANG)
    return stream


@every_final
def test_a_cancelled_answer_is_not_a_final_answer(final: Final) -> None:
    stream = cancelled()
    with pytest.raises(errors.CancelledStreamError, match="cancelled") as caught:
        final(stream)
    assert caught.value.message is stream.message
    assert stream.message.text == stream.text == "[1, 2"
    assert "`.text`" in str(caught.value)
    assert isinstance(caught.value, errors.StreamError)


@every_final
def test_a_stream_that_was_cancelled_before_its_start(final: Final) -> None:
    stream = stream_from_events(BEGUN)
    stream.cancel()
    with pytest.raises(errors.CancelledStreamError) as caught:
        final(stream)
    assert caught.value.message == stream.message
    assert not stream.message.parts


def test_waiting_and_reading_a_cancelled_stream_raise_nothing() -> None:
    stream = cancelled()
    assert stream.wait() is True
    stream.until_done()
    assert list(stream.text_stream) == ["[1, 2"]
    assert stream.output == [1]
    assert stream.error is None
    assert "cancelled" in repr(stream)

    async def main() -> None:
        async with stream as entered:
            assert await entered.wait() is True
            await entered.until_done()

    run_async(main())


@every_final
def test_a_failure_is_raised_with_the_partial_answer(final: Final) -> None:
    stream = failed()
    with pytest.raises(errors.OverloadedError) as caught:
        final(stream)
    assert caught.value is stream.error
    assert caught.value.message == stream.message
    assert stream.text == "[1, 2"
    assert stream.output == [1]


@pytest.mark.parametrize("begun", [BEGUN, []], ids=["in the middle", "at once"])
def test_a_failure_does_not_look_like_an_empty_answer(begun: list[Event]) -> None:
    stream = failed(begun)
    assert stream.text == ("[1, 2" if begun else "")
    assert stream.output == ([1] if begun else None)
    assert stream.finish_reason == "error"
    shown = repr(stream)
    assert "failed with OverloadedError: It has too much to do." in shown
    assert "\n" not in shown


def test_the_repr_of_a_failure_is_short_and_has_one_line() -> None:
    stream = stream_from_events([], error=errors.ServerError("No.\n" * 100))
    stream.wait()
    assert len(repr(stream)) < 200
    assert "\n" not in repr(stream)
    other = stream_from_events([], error=KeyError())
    other.wait()
    assert "failed with KeyError, 0 characters" in repr(other)


def test_the_awaitable_wait_ends_with_the_stream_or_at_the_timeout() -> None:
    async def main() -> None:
        stream = stream_from_events(BEGUN * 1000, delay=0.01)
        async with stream as entered:
            assert await entered.wait(0.01) is False
            await entered.cancel()
            assert await entered.wait(HANG) is True
        async with stream_from_events(BEGUN, error=errors.ServerError("No.")) as entered:
            assert await entered.wait() is True, "it raises nothing"
            assert isinstance(entered.error, errors.ServerError)
        await asyncio.sleep(0)

    run_async(main())
