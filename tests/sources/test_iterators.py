"""``from_stream()`` and ``StreamWidget`` with iterators, contexts and what must be refused."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest

import nbstream
from nbstream import StreamWidget, errors, events
from nbstream.testing import ScriptedModel
from tests.harness.background import run_async

PIECES = ["Blue, ", "because of ", "scattering."]
WHOLE = "".join(PIECES)


def texts(pieces: list[str] = PIECES) -> Iterator[str]:
    yield from pieces


async def atexts(pieces: list[str] = PIECES) -> AsyncIterator[str]:
    for piece in pieces:
        await asyncio.sleep(0)
        yield piece


@contextmanager
def entered() -> Iterator[Any]:
    yield texts()


@asynccontextmanager
async def aentered() -> AsyncIterator[Any]:
    yield atexts()


async def awaited() -> Any:
    return atexts()


ANY = (texts, atexts, entered, aentered, awaited, lambda: [*PIECES], lambda: tuple(PIECES))


@pytest.mark.parametrize("make", ANY)
def test_in_a_script(make: Any) -> None:
    stream = nbstream.from_stream(make())
    assert not stream.is_started
    assert list(stream.text_stream) == PIECES
    assert (stream.finish_reason, stream.text) == ("stop", WHOLE)
    assert stream.raw is None


@pytest.mark.parametrize("make", ANY)
def test_in_a_running_loop(make: Any) -> None:
    async def main() -> None:
        async with nbstream.from_stream(make()) as stream:
            assert [piece async for piece in stream.text_stream] == PIECES
        widget = StreamWidget(make())
        assert (await widget.stream).text == WHOLE

    run_async(main())


def test_many_readers_and_a_typed_answer() -> None:
    stream = nbstream.from_stream(texts(["[1, ", "2, 3]"]), output_type=list[int], model="my/own")
    assert stream.get_output() == [1, 2, 3]
    assert list(stream.text_stream) == ["[1, 2, 3]"]  # a late reader
    assert stream.model == "my/own"


def test_events_and_streams_of_nbstream_are_taken_as_they_are() -> None:
    stream = nbstream.stream(ScriptedModel("Blue."), "hi")
    assert nbstream.from_stream(stream) is stream
    given = [events.StreamStart("id", "m", "p"), events.TextStart(0), events.TextDelta(0, "Hi.")]
    ends = [events.TextEnd(0), events.StreamEnd("length")]
    again = nbstream.from_stream([*given, *ends])
    assert again.get_final_message().id == "id"
    assert (again.model, again.finish_reason) == ("p/m", "length")


def test_nothing_at_all_is_an_empty_answer() -> None:
    assert nbstream.from_stream([]).get_final_message().parts == ()
    assert nbstream.from_stream([""]).get_final_message().parts == ()


@pytest.mark.parametrize("asynchronous", [False, True])
def test_what_the_source_raises_the_stream_raises(asynchronous: bool) -> None:
    def fails() -> Iterator[str]:
        yield "Blue"
        raise ZeroDivisionError("Too much scattering.")

    async def afails() -> AsyncIterator[str]:
        for piece in fails():
            yield piece

    stream = nbstream.from_stream(afails() if asynchronous else fails())
    with pytest.raises(ZeroDivisionError, match="scattering"):
        stream.get_final_text()
    assert stream.text == "Blue"


@pytest.mark.parametrize("asynchronous", [False, True])
def test_the_traceback_shows_the_user_s_lines_and_not_nbstream_s(asynchronous: bool) -> None:
    def fails() -> Iterator[str]:
        yield "Blue"
        json.loads("{")

    async def afails() -> AsyncIterator[str]:
        for piece in fails():
            yield piece

    stream = nbstream.from_stream(afails() if asynchronous else fails())
    for _ in range(2):  # each reader has a traceback of its own
        with pytest.raises(ValueError) as caught:  # noqa: PT011 - json's
            stream.get_final_text()
        files = [Path(frame.path).name for frame in caught.traceback]
        assert "stream.py" in files[1]
        assert files[2:] == ["test_iterators.py"] * len(files[2:])
        names = [frame.name for frame in caught.traceback]
        assert names[-1] == "fails"
        assert ("afails" in names) is asynchronous


@pytest.mark.parametrize("asynchronous", [False, True])
def test_a_cancelled_stream_closes_its_source(asynchronous: bool) -> None:
    closed = threading.Event()

    def endless() -> Iterator[str]:
        try:
            while not closed.wait(0.001):
                yield "x"
        finally:
            closed.set()

    async def aendless() -> AsyncIterator[str]:
        try:
            while True:
                await asyncio.sleep(0.001)
                yield "x"
        finally:
            closed.set()

    stream = nbstream.from_stream(aendless() if asynchronous else endless())
    for _ in stream.text_stream:
        break
    assert stream.wait(30)
    assert stream.finish_reason == "cancelled"
    assert closed.wait(30)


@pytest.mark.parametrize("given", [{"a": 1}, 5, None, object()])
@pytest.mark.parametrize("take", [nbstream.from_stream, StreamWidget])
def test_what_is_no_stream_is_refused(take: Any, given: Any) -> None:
    with pytest.raises(errors.UsageError, match=r"is no stream") as caught:
        take(given)
    assert "PydanticAI, LangChain" in str(caught.value.remedy)


def test_pieces_of_an_unknown_kind_are_named() -> None:
    with pytest.raises(errors.UsageError, match=r"objects of type builtins\.int"):
        nbstream.from_stream([1, 2]).until_done()
