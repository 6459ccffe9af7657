"""``from_stream()``: a stream of anything that gives pieces of an answer.

A blocking object is read on a thread of its own. An asynchronous one is read on the event loop that
runs where the stream is made, because its connection may be bound to it: a notebook's loop, which
goes on while its thread blocks; without one, on a loop for such code.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import inspect
import threading
from contextlib import AsyncExitStack, ExitStack, aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbstream.core.events import StreamEnd, StreamStart
from nbstream.sources.hand_over import HandOver, StoppedError
from nbstream.sources.objects import (
    aclose,
    check_iterable,
    close,
    final_of,
    is_blocking,
    is_read_otherwise,
    is_stream_like,
    iterable_of,
    secrets_of,
    start_of,
)
from nbstream.sources.readers import library_of, reader_for
from nbstream.sources.refusals import explained, not_readable, refusal, spent
from nbstream.sources.taken import TAKEN
from nbstream.streams.run import Run
from nbstream.streams.stream import Stream
from nbstream.streams.user_code import UserCode

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable

    from nbstream.core.events import Event
    from nbstream.sources.readers import Reader

_DEEPEST = 8
"""How often what was awaited or entered may give another thing to await or enter."""


def from_stream(
    source: Any, prompt: Any = None, *, model: str = "", output_type: Any = None
) -> Stream[Any]:
    """Another library's stream as a stream of nbstream. This call does not start it.

    >>> pieces = ("Blue, ", "because of ", "scattering.")
    >>> nbstream.from_stream(pieces).get_final_text()
    'Blue, because of scattering.'

    Args:
        source: A stream of Anthropic's or OpenAI's SDK, PydanticAI, LangChain, LiteLLM,
            google-genai or chatlas; an iterator of texts; blocking or asynchronous. What
            gives one when it is awaited or entered will do too, and so will an agent of
            PydanticAI. ``docs/any-stream.md`` has the list.
        prompt: What an agent is asked.
        model: The name that the stream shows. Default: the one that the answer brings.
        output_type: What the text of the answer is a value of. None (default): a text.

    The source is read once, and must not be read elsewhere; who gives it again gets the same
    stream. What it makes of its answer in the end, such as Anthropic's ``Message``, is
    ``stream.raw``. What it raises, the stream raises.

    Raises:
        UsageError: it is no such object, it was read before, or ``output_type`` cannot be a
            type. Of the stream: its pieces are of a kind that is not known, or the source was
            read or closed elsewhere meanwhile.
    """
    if isinstance(source, Stream):
        return source
    settings = (prompt, model, output_type)
    if (taken := TAKEN.run_of(source, settings)) is not None:
        return Stream(taken)
    if not is_stream_like(source) or refusal(source) is not None:
        raise not_readable(source)
    if (check := getattr(library_of(source), "check", None)) is not None:
        check(source)
    foreign = _Foreign(source, prompt)
    run = Run(foreign, model=model, output_type=output_type)
    run.user_code = UserCode(run.log)
    foreign.run = run
    TAKEN.add(source, run, settings)
    return Stream(run)


@dataclass(frozen=True, slots=True)
class _Result:
    """What a library made of the whole answer, as the output of the stream."""

    output: Any


class _Foreign:
    """The source of a run that reads another library's stream."""

    def __init__(self, thing: Any, prompt: Any) -> None:
        self._thing, self._prompt = thing, prompt
        self.run: Run

    async def __call__(self) -> AsyncGenerator[Iterable[Event], None]:
        thing, self._thing = self._thing, None
        source = thing
        if (start := start_of(thing)) is not None:
            thing = start(thing, self._prompt)
        hand = HandOver()
        names = ("__aiter__", "__await__", "__aenter__")
        is_async = any(hasattr(type(thing), name) for name in names)
        if is_read_otherwise(thing) or (is_async and not is_blocking(thing)):
            assert self.run.user_code is not None
            reading = asyncio.ensure_future(
                self.run.user_code.run(_read_async(thing, hand, self.run))
            )
        else:
            reading = asyncio.ensure_future(_in_thread(thing, hand, self.run))
        try:
            async with aclosing(hand.batches()) as batches:
                async for batch in batches:
                    self._note_model(batch)
                    yield batch
            await reading
            TAKEN.keep(source, self.run)
        except Exception as error:
            # A server may repeat the key, and the library's error quotes the server.
            exchange = self.run.exchange
            exchange.secrets = (*exchange.secrets, *secrets_of(error))
            raise
        finally:
            hand.stopped = True
            if not reading.done():
                reading.cancel()
                with contextlib.suppress(asyncio.CancelledError, Exception):
                    await asyncio.wait({reading}, timeout=Run.CLOSING_TIMEOUT)

    def _note_model(self, batch: list[Event]) -> None:
        """Take the model's name from the answer."""
        if not self.run.model:
            for event in batch:
                if isinstance(event, StreamStart) and event.model:
                    self.run.model = "/".join(filter(None, (event.provider, event.model)))
                    return


class _Pieces:
    """Reads the items of one stream with the reader that the first of them chooses."""

    def __init__(self, thing: Any, hand: HandOver) -> None:
        self._thing, self._hand = thing, hand
        self._reader: Reader | None = None

    @property
    def raw(self) -> Any:
        """What the library made of the whole answer, if an item brought it."""
        return getattr(self._reader, "raw", None)

    def take(self, item: Any) -> None:
        """Read an item."""
        if self._reader is None:
            self._reader = reader_for(item, self._thing)
        self._hand.put(self._reader.read(item))

    def close(self) -> None:
        """Read the end."""
        if self._reader is None:
            if (error := spent(self._thing)) is not None:
                raise error
            self._hand.put((StreamStart(), StreamEnd("stop")))
        else:
            self._hand.put(self._reader.close())


async def _read_async(thing: Any, hand: HandOver, run: Run) -> None:
    """Read an asynchronous object to its end, on the loop that it is bound to."""
    try:
        async with AsyncExitStack() as stack:
            for _ in range(_DEEPEST):
                if hasattr(type(thing), "__aiter__") or is_read_otherwise(thing):
                    break
                if inspect.isawaitable(thing):
                    thing = await thing
                elif hasattr(type(thing), "__aenter__"):
                    outer, thing = thing, await stack.enter_async_context(thing)
                    if thing is outer:  # such as an SDK's client
                        break
                else:
                    break
            iterable = iterable_of(thing) or thing
            check_iterable(thing, iterable)
            pieces = _Pieces(thing, hand)
            if hasattr(type(iterable), "__aiter__"):
                try:
                    async for item in iterable:
                        pieces.take(item)
                finally:
                    await aclose(iterable)
            else:
                for item in iterable:
                    pieces.take(item)
                    await asyncio.sleep(0)
            found = final_of(thing)
            raw = await found if inspect.isawaitable(found) else found
            run.raw = pieces.raw if raw is None else raw
            await _take_output(run, thing)
            pieces.close()
    except StoppedError:
        hand.end(asyncio.CancelledError())
    except asyncio.CancelledError:
        hand.end(asyncio.CancelledError())
        raise
    except KeyboardInterrupt:  # of the thread that blocks for the stream, and runs this meanwhile
        run.interrupt()
        hand.end(asyncio.CancelledError())
        raise
    except BaseException as error:  # noqa: BLE001 - the run ends with it, whatever it is
        hand.end(explained(error))
    else:
        hand.end(None)


async def _in_thread(thing: Any, hand: HandOver, run: Run) -> None:
    """Read a blocking object to its end, on a thread of its own."""
    opened: list[Any] = []
    done = asyncio.Event()
    loop = asyncio.get_running_loop()
    context = contextvars.copy_context()

    def read() -> None:
        try:
            context.run(_read, thing, hand, run, opened)
        finally:
            if not loop.is_closed():
                loop.call_soon_threadsafe(done.set)

    threading.Thread(target=read, name="nbstream source", daemon=True).start()
    try:
        await done.wait()
    except asyncio.CancelledError:
        # The thread may be waiting for bytes: closing the connection lets it go on.
        for one in opened:
            threading.Thread(target=close, args=(one,), daemon=True).start()
        raise


def _read(thing: Any, hand: HandOver, run: Run, opened: list[Any]) -> None:
    """Read a blocking object to its end."""
    try:
        with ExitStack() as stack:
            for _ in range(_DEEPEST):
                if hasattr(type(thing), "__iter__") or is_read_otherwise(thing):
                    break
                if not hasattr(type(thing), "__enter__"):
                    break
                outer, thing = thing, stack.enter_context(thing)
                if thing is outer:  # such as an SDK's client
                    break
            iterable = iterable_of(thing) or thing
            check_iterable(thing, iterable)
            opened.append(thing)
            pieces = _Pieces(thing, hand)
            try:
                for item in iterable:
                    pieces.take(item)
            finally:
                close(iterable)
            raw = final_of(thing)
            run.raw = pieces.raw if raw is None else raw
            pieces.close()
    except BaseException as error:  # noqa: BLE001 - the run ends with it, whatever it is
        hand.end(asyncio.CancelledError() if isinstance(error, StoppedError) else explained(error))
    else:
        hand.end(None)


async def _take_output(run: Run, thing: Any) -> None:
    """Let the output of the stream be the value that the library made, unless that is a text."""
    find = getattr(library_of(thing), "output", None)
    found = None if find is None else await find(thing, run.raw)
    if found is not None and not isinstance(found, str):
        result: Any = _Result(found)
        run.result = result
