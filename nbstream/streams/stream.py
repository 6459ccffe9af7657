"""The two faces of a stream: blocking and awaitable, the same names on both.

Each waits in its own way and leaves everything else to ``Run``, ``Reader`` and
the views. Refuses to know where events come from.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Self, TypeVar

from nbstream.streams import draw_hook
from nbstream.streams.async_wait import Waiting
from nbstream.streams.replay import events_of, play
from nbstream.streams.run import Run
from nbstream.streams.state import OutputT, StreamState
from nbstream.streams.views import all_events, output_view, text_view

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from types import TracebackType

    from nbstream.core.events import Event
    from nbstream.core.message import Message
    from nbstream.streams.views import View

T = TypeVar("T")

DEBOUNCE = 0.1  # seconds, as in PydanticAI: about as often as an eye can follow

_CLOSING = 1.0  # seconds that closing a connection may take before one moves on


class Stream(StreamState[OutputT]):
    """A model's answer while it arrives, and afterwards.

    It starts when it is first entered, iterated, waited for or drawn. Any
    number of readers may iterate it at once; each sees the whole answer.

    Use it as it is or in ``with`` for blocking methods, in ``async with`` for
    awaitable ones. Leaving either stops the model if it is still answering; so
    does leaving a loop early, if nobody else reads and it is in no ``with``.
    After ``start()`` it goes on until ``close()``. An interrupt while one waits
    stops it too, unless somebody else reads.
    """

    @classmethod
    def replay_message(
        cls, message: Message, chunk: int = 5, *, delay: float = 0.0, output_type: Any = None
    ) -> Stream[Any]:
        """A stream of a finished message; the name is of Vercel's ``ai``.

        Texts come ``chunk`` characters (default 5) at a time, ``delay`` seconds (default 0)
        before each event. ``output_type`` is as in ``nbstream.stream``; None (the default)
        leaves the output a text.

        Raises:
            UsageError: a model could not have sent ``message``.

        >>> import nbstream
        >>> answer = nbstream.assistant_message("Hello, you.")
        >>> list(nbstream.replay_message(answer).text_stream)
        ['Hello', ', you', '.']
        """
        events = events_of(message, chunk)
        name = "/".join(filter(None, (message.provider, message.model)))
        run = Run(lambda: play(events, delay), model=name or "replay", output_type=output_type)
        return Stream(run)

    def __enter__(self) -> Self:
        self._run.reserve()
        self._run.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._run.release()
        if kind is not None and issubclass(kind, KeyboardInterrupt):
            self.interrupt()
        self.close()

    async def __aenter__(self) -> AsyncStream[OutputT]:
        return await AsyncStream[OutputT](self._run).__aenter__()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await AsyncStream(self._run).__aexit__(kind, error, trace)

    def __iter__(self) -> Iterator[Event]:
        return self._read(all_events)

    def __aiter__(self) -> AsyncIterator[Event]:
        return AsyncStream(self._run).__aiter__()

    @property
    def text_stream(self) -> Iterator[str]:
        """The answer's text, piece by piece."""
        return self.stream_text(delta=True)

    def stream_text(
        self, *, delta: bool = False, debounce_by: float | None = None
    ) -> Iterator[str]:
        """The answer's text: the whole so far each time, or only what is new.

        ``debounce_by`` seconds of changes come as one; None gives each change
        the reader keeps up with.
        """
        view = text_view(delta=delta, joined=debounce_by is not None)
        return self._read(view, debounce_by)

    def stream_output(self, *, debounce_by: float | None = DEBOUNCE) -> Iterator[OutputT]:
        """The output so far, each time it has changed.

        With an ``output_type`` these are values of it that grow, each of its own;
        the last is the whole one, validated. Of a text it is the text.
        ``debounce_by`` (default 0.1 seconds) as in ``stream_text``.

        Raises:
            OutputError: at the end, if the answer is none of the type.
        """
        return self._read(self._output_view(), debounce_by)

    def stream_responses(self, *, debounce_by: float | None = DEBOUNCE) -> Iterator[Message]:
        """The message so far, each time it has changed.

        ``debounce_by`` (default 0.1 seconds) as in ``stream_text``.
        """
        return self._read(output_view(lambda: self.message), debounce_by)

    stream_response = stream_responses  # PydanticAI's newer name

    def until_done(self) -> None:
        """Block until the answer is whole.

        Raises:
            StreamError: it broke off; ``message`` holds what had come.
        """
        for _ in self._read(all_events):
            pass

    def get_final_message(self) -> Message:
        """The whole message, once it is whole. Raises as ``until_done``."""
        self.until_done()
        return self.message

    def get_final_text(self) -> str:
        """The whole text, once it is whole. Raises as ``until_done``.

        Raises:
            OutputError: the message has no text part; the error names what it holds.
        """
        self.until_done()
        return self._final_text()

    def get_output(self) -> OutputT:
        """The whole output, validated, once it is whole. Raises as ``until_done``.

        Raises:
            OutputError: the answer is none of the type that was asked for.
        """
        self.until_done()
        return self._final_output()

    def wait(self, timeout: float | None = None) -> bool:
        """Block until the stream has ended in whatever way; never raises what ended it.

        Returns False if ``timeout`` seconds went by first. An interrupt stops the
        model, unless somebody else reads or waits; what came stays readable.
        """
        return self._run.wait(timeout)

    def cancel(self) -> None:
        """Stop the model and close the connection. What came stays readable.

        Returns at once; the stream ends a moment later, as ``cancelled``.
        """
        self._run.cancel()

    def interrupt(self) -> None:
        """``cancel``, on behalf of the kernel's interrupt."""
        self._run.cancel(interrupted=True)

    def close(self) -> None:
        """``cancel``, and block (at most a second) until the connection is closed."""
        self._run.cancel()
        if not self._run.awaits_caller:
            self._run.log.wait_finished(_CLOSING)

    def _read(self, view: View[T], debounce_by: float | None = None) -> Iterator[T]:
        reader = self._run.reader()
        try:
            self._run.expect_to_block()
            self._run.start()
            while not reader.exhausted:
                reader.wait()
                if debounce_by:
                    self._run.log.wait_finished(debounce_by)
                yield from view(reader.take())
        except KeyboardInterrupt:
            reader.close()  # else it would be the one for whom the answer goes on
            self._run.interrupt()
            raise
        finally:
            reader.close()
            self._run.leave()
        self._run.raise_failure()

    def _ipython_display_(self) -> None:
        draw_hook.show(self)


class AsyncStream(StreamState[OutputT]):
    """The awaitable face; ``async with stream as s`` gives it.

    Works on any event loop: the stream itself runs on nbstream's own.
    """

    async def __aenter__(self) -> Self:
        self._run.reserve()
        self._run.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._run.release()
        await self.close()

    def __aiter__(self) -> AsyncIterator[Event]:
        return self._read(all_events)

    @property
    def text_stream(self) -> AsyncIterator[str]:
        """The answer's text, piece by piece."""
        return self.stream_text(delta=True)

    def stream_text(
        self, *, delta: bool = False, debounce_by: float | None = None
    ) -> AsyncIterator[str]:
        """The answer's text; see ``Stream.stream_text``."""
        view = text_view(delta=delta, joined=debounce_by is not None)
        return self._read(view, debounce_by)

    def stream_output(self, *, debounce_by: float | None = DEBOUNCE) -> AsyncIterator[OutputT]:
        """The output so far, each time it has changed; see ``Stream.stream_output``."""
        return self._read(self._output_view(), debounce_by)

    def stream_responses(self, *, debounce_by: float | None = DEBOUNCE) -> AsyncIterator[Message]:
        """The message so far, each time it has changed; see ``Stream.stream_responses``."""
        return self._read(output_view(lambda: self.message), debounce_by)

    stream_response = stream_responses  # PydanticAI's newer name

    async def until_done(self) -> None:
        """Wait until the answer is whole.

        Raises:
            StreamError: it broke off; ``message`` holds what had come.
        """
        async for _ in self._read(all_events):
            pass

    async def get_final_message(self) -> Message:
        """The whole message, once it is whole. Raises as ``until_done``."""
        await self.until_done()
        return self.message

    async def get_final_text(self) -> str:
        """The whole text, once it is whole. Raises as ``Stream.get_final_text``."""
        await self.until_done()
        return self._final_text()

    async def get_output(self) -> OutputT:
        """The whole output, validated, once it is whole. Raises as ``Stream.get_output``."""
        await self.until_done()
        return self._final_output()

    async def cancel(self) -> None:
        """Stop the model and close the connection. What came stays readable.

        Returns at once; the stream ends a moment later, as ``cancelled``.
        """
        self._run.cancel()

    async def close(self) -> None:
        """``cancel``, and wait (at most a second) until the connection is closed."""
        self._run.cancel()
        if not self.is_complete:
            await asyncio.to_thread(self._run.log.wait_finished, _CLOSING)

    async def _read(self, view: View[T], debounce_by: float | None = None) -> AsyncIterator[T]:
        reader = self._run.reader()
        waiting = Waiting(self._run.log)
        try:
            self._run.start()
            while not reader.exhausted:
                await waiting.for_change(reader)
                if debounce_by:
                    await waiting.for_end(debounce_by)
                for value in view(reader.take()):
                    yield value
        finally:
            waiting.close()
            reader.close()
            self._run.leave()
        self._run.raise_failure()
