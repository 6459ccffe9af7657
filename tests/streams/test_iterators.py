"""The iterator of a stream: one object for both `for` and `async for`."""

import asyncio
import contextlib
import gc
import subprocess
import sys
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Iterator
from typing import Any

import pytest

import nbstream
from nbstream import events as ev
from nbstream.core.events import Event, Retry, StreamEnd, StreamStart, TextDelta, TextStart
from nbstream.errors import UsageError
from nbstream.streams import StreamIterator
from nbstream.streams.run import Run
from nbstream.streams.views import CumulativeText
from nbstream.testing import ScriptedModel, stream_from_events
from tests.harness.background import run_async
from tests.harness.in_step import in_step
from tests.harness.patience import HANG

TEXT = "All of the answer."

READS: dict[str, Callable[[Any], StreamIterator[Any]]] = {
    "iter": iter,
    "aiter": aiter,
    "text_stream": lambda stream: stream.text_stream,
    "stream_text": lambda stream: stream.stream_text(),
    "stream_output": lambda stream: stream.stream_output(debounce_by=None),
    "stream_responses": lambda stream: stream.stream_responses(debounce_by=None),
}
every_read = pytest.mark.parametrize("read", READS.values(), ids=READS.keys())


def ask(delay: float = 0.0) -> nbstream.Stream[str]:
    return nbstream.stream(ScriptedModel(TEXT, delay=delay), "hi")


def endless() -> nbstream.Stream[Any]:
    """A stream that sends one piece at once, and does not end during the test."""
    events = [StreamStart(), TextStart(0), *(TextDelta(0, "a ") for _ in range(100_000))]
    return stream_from_events(events, delay=0.002)


async def collect(values: AsyncIterator[Any]) -> list[Any]:
    return [value async for value in values]


@every_read
def test_for_and_async_for_and_next_give_the_same_values(
    read: Callable[[Any], StreamIterator[Any]],
) -> None:
    stream = ask()
    stream.until_done()  # so that each iterator reads the same batches
    values = list(read(stream))
    assert values
    assert run_async(collect(read(stream))) == values
    one_by_one = read(stream)
    assert isinstance(one_by_one, Iterator)
    assert isinstance(one_by_one, AsyncIterator)
    assert iter(one_by_one) is aiter(one_by_one) is one_by_one
    assert [next(one_by_one) for _ in values] == values
    assert list(one_by_one) == []

    async def awaited() -> list[Any]:
        iterator = read(stream)
        found = [await anext(iterator) for _ in values]
        with pytest.raises(StopAsyncIteration):
            await anext(iterator)
        return found

    assert run_async(awaited()) == values


def test_one_iterator_may_be_read_with_for_and_on_two_loops() -> None:
    pieces = ask(delay=0.01).text_stream

    async def first() -> str:
        return await anext(pieces)

    found = [run_async(first()), next(pieces), run_async(first()), *pieces]
    assert "".join(found) == TEXT


def test_await_gives_the_final_message() -> None:
    async def main() -> None:
        stream = ask(delay=0.01)
        message = await stream
        assert message is stream.message
        assert message.text == TEXT
        assert await stream is message, "a second time too"
        async with ask() as entered:
            assert (await entered).text == TEXT
        one, other = await asyncio.gather(ask(), ask())
        assert one.text == other.text == TEXT

    run_async(main())


def test_async_for_without_async_with_beside_blocking_readers() -> None:
    stream = ask(delay=0.01)
    texts: list[str] = []
    thread = threading.Thread(target=lambda: texts.append("".join(stream.text_stream)))
    thread.start()

    async def main() -> list[str]:
        found = await asyncio.gather(*(collect(stream.text_stream) for _ in range(3)))
        return ["".join(pieces) for pieces in found]

    assert run_async(main()) == [TEXT] * 3
    thread.join(HANG)
    assert texts == [TEXT]


def test_an_error_is_raised_once_after_all_values() -> None:
    def broken() -> nbstream.Stream[Any]:
        start = [StreamStart(), TextStart(0), TextDelta(0, "so far")]
        return stream_from_events(start, error=nbstream.errors.ServerError("It broke."))

    pieces = broken().text_stream
    assert next(pieces) == "so far"
    with pytest.raises(nbstream.errors.ServerError):
        next(pieces)
    assert list(pieces) == []

    async def main() -> None:
        pieces = broken().text_stream
        assert await anext(pieces) == "so far"
        with pytest.raises(nbstream.errors.ServerError):
            await anext(pieces)
        assert await collect(pieces) == []

    run_async(main())


# Leaving early


def test_tasks_that_share_an_iterator_get_each_value_once() -> None:
    async def all_of_it() -> list[str]:
        pieces, found = ask().text_stream, list[str]()

        async def take() -> None:
            async for piece in pieces:
                found.append(piece)
                await asyncio.sleep(0)

        await asyncio.gather(take(), take(), take())
        return found

    assert sorted(run_async(all_of_it())) == sorted(ask().text_stream)


def close(pieces: StreamIterator[str]) -> None:
    pieces.close()


def close_awaiting(pieces: StreamIterator[str]) -> None:
    async def main() -> None:
        async with contextlib.aclosing(pieces):
            await anext(pieces)

    run_async(main())


@pytest.mark.parametrize("leave", [close, close_awaiting])
def test_closing_an_iterator_removes_its_reader(
    leave: Callable[[StreamIterator[str]], None],
) -> None:
    stream = endless()
    pieces = stream.text_stream
    assert next(pieces) == "a "
    leave(pieces)
    assert list(pieces) == []
    assert stream.wait(HANG)
    assert stream.finish_reason == "cancelled"


def test_the_garbage_collector_closes_an_abandoned_iterator() -> None:
    stream = endless()

    def abandon() -> None:
        kept: list[Any] = [stream.text_stream]
        kept.append(kept)
        next(kept[0])

    abandon()
    assert not stream.is_complete
    gc.collect()
    assert stream.wait(HANG)
    assert stream.finish_reason == "cancelled"


def test_an_unread_iterator_has_no_effect() -> None:
    stream = endless()
    stream.text_stream.close()
    assert not stream.is_started


def test_an_abandoned_async_iterator_is_closed_without_a_loop() -> None:
    stream = endless()

    async def main() -> StreamIterator[str]:
        pieces = stream.text_stream
        await anext(pieces)
        return pieces

    run_async(main())  # the loop is closed, and the iterator dropped
    assert stream.wait(HANG)
    assert stream.finish_reason == "cancelled"


def test_a_script_that_ends_early_prints_nothing() -> None:
    program = (
        "from nbstream.testing import ScriptedModel\n"
        "import nbstream\n"
        "stream = nbstream.stream(ScriptedModel('a ' * 10_000, delay=0.01), 'hi')\n"
        "pieces = stream.text_stream\n"
        "print(next(pieces))\n"
        "for piece in stream.text_stream: break\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=HANG, check=True
    )
    assert (done.stdout, done.stderr) == ("a a a\n", "")


# Debouncing


@pytest.mark.parametrize("wrong", [-1, -0.001, float("nan"), float("inf"), "0.1", True, [1]])
def test_an_invalid_time_is_refused_at_the_call(wrong: Any) -> None:
    stream = ask()

    async def on_the_async_face() -> None:
        async with ask() as entered:
            for method in (entered.stream_text, entered.stream_output, entered.stream_responses):
                with pytest.raises(UsageError, match="seconds, 0 or more"):
                    method(debounce_by=wrong)
            with pytest.raises(UsageError, match="seconds, 0 or more"):
                await entered.wait(wrong)

    for method in (stream.stream_text, stream.stream_output, stream.stream_responses):
        with pytest.raises(UsageError, match="debounce_by= takes a number of seconds, 0 or more"):
            method(debounce_by=wrong)
    with pytest.raises(UsageError, match="seconds, 0 or more"):
        stream.wait(wrong)
    run_async(on_the_async_face())
    assert not stream.is_started


@pytest.mark.parametrize("pause", [0, 0.0, 0.01, None])
def test_a_valid_time_is_accepted(pause: float | None) -> None:
    assert "".join(ask().stream_text(delta=True, debounce_by=pause)) == TEXT


# A Retry in the middle


RETRIED: list[Event] = [
    StreamStart(),
    TextStart(0),
    TextDelta(0, "[1, 2"),
    Retry(2, "It broke.", 0.0),
    StreamStart(),
    TextStart(0),
    TextDelta(0, "[3"),
    TextDelta(0, "]"),
    StreamEnd("stop"),
]


def retried(**settings: Any) -> nbstream.Stream[Any]:
    return in_step(stream_from_events(RETRIED, **settings))


SO_FAR = ["[1, 2", "", "[3", "[3]"]


def is_subsequence(values: list[str], of: list[str]) -> bool:
    """Whether `values` is a subsequence of `of`: a late reader skips states."""
    rest = iter(of)
    return all(value in rest for value in values)


def test_cumulative_text_restarts_after_a_retry() -> None:
    view = CumulativeText()
    assert [text for event in RETRIED for text in view([event])] == SO_FAR
    for texts in (
        list(retried().stream_text()),
        run_async(collect(retried().stream_text())),
        list(retried().stream_output(debounce_by=None)),
    ):
        assert is_subsequence(texts, SO_FAR)
        assert texts[-1] == "[3]"
    assert list(stream_from_events(RETRIED).stream_text(debounce_by=HANG)) == ["[3]"]


def test_the_text_so_far_ends_as_the_text() -> None:
    start, end = [ev.TextStart(0), ev.TextStart(1)], ev.StreamEnd("stop")
    late = [ev.TextDelta(1, "B"), ev.TextDelta(0, "A")]
    replaced = [ev.TextDelta(0, "Hel"), ev.TextDelta(1, "B"), ev.TextEnd(0, text="Hello")]
    for events, text in ((late, "AB"), (replaced, "HelloB")):
        stream = stream_from_events([*start, *events, end])
        assert list(stream.stream_text())[-1] == list(stream.stream_output())[-1] == text
        view = CumulativeText()
        assert [row for event in events for row in view([event])][-1] == stream.text == text


def test_text_deltas_come_from_all_attempts() -> None:
    stream = retried()
    pieces: list[str] = []
    for event in stream:
        if isinstance(event, Retry):
            pieces.clear()
        elif isinstance(event, TextDelta):
            pieces.append(event.chunk)
    assert "".join(pieces) == stream.text == "[3]"
    assert list(retried().text_stream) == ["[1, 2", "[3", "]"]
    assert list(stream.text_stream) == ["[3]"], "a late reader gets the valid values"


def test_messages_restart_after_a_retry() -> None:
    texts = [message.text for message in retried().stream_responses(debounce_by=None)]
    steps = ["", "", "[1, 2", "", "", "", "[3", "[3]", "[3]"]  # a message for each event
    assert is_subsequence(texts, steps)
    assert texts[-1] == "[3]"


def test_values_restart_after_a_retry() -> None:
    values = list(retried(output_type=list[int]).stream_output(debounce_by=None))
    assert values[-1] == [3]
    assert not [value for value in values if set(value) >= {1, 3}]


def test_the_output_is_unset_after_a_retry() -> None:
    error = nbstream.errors.ServerError("It broke.")
    goes_on = threading.Event()

    async def source() -> AsyncGenerator[Iterable[Event], None]:
        yield RETRIED[:3]
        await asyncio.to_thread(goes_on.wait, HANG)
        yield RETRIED[3:4]
        raise error

    stream: nbstream.Stream[Any] = nbstream.Stream(Run(source, output_type=list[int]))
    values = stream.stream_output(debounce_by=None)
    assert next(values) == stream.output == [1]
    goes_on.set()
    with pytest.raises(nbstream.errors.ServerError):
        list(values)
    assert stream.output is None
    assert stream.text == ""
