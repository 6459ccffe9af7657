"""``Stream``: what ``nbstream.stream()`` returns. Its methods that wait block.

``async with`` gives an ``AsyncStream``, whose methods are awaited.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Self

from nbstream.errors.tracebacks import TRACEBACK_END, end_here
from nbstream.streams import draw_hook
from nbstream.streams.async_stream import AsyncStream
from nbstream.streams.awaited_call import refuse_await
from nbstream.streams.dataframe import data_frame
from nbstream.streams.readable import ReadableStream, seconds
from nbstream.streams.replay import events_of, play
from nbstream.streams.run import Run
from nbstream.streams.state import OutputT

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from types import TracebackType

    from nbstream.core.log import Reader
    from nbstream.core.message import Message


class Stream(ReadableStream[OutputT]):
    """A model's answer while it arrives, and afterwards.

    It starts when it is first entered, iterated, waited for, awaited or drawn. It
    and its iterators work in ``for`` and in ``async for``, with any number of
    readers, each of which sees the whole answer. ``await stream`` is the final
    message. Methods that wait block; ``async with stream as s`` gives an
    ``AsyncStream``, which has the same methods, awaitable.

    Entering (``with``, ``async with``) waits for the headers of the HTTP response,
    or for the first event of a source without HTTP, and raises what failed until
    then. Leaving cancels the stream if it has not ended.

    Outside ``with``, the stream is cancelled when its last reader leaves early.
    After ``start()`` it goes on without readers until ``close()``. An interrupt while
    code waits for it cancels it too, unless others read or wait.

    >>> with nbstream.stream(ScriptedModel("Hello, world."), "hi") as stream:
    ...     pieces = list(stream.text_stream)
    >>> pieces, stream.text
    (['Hello', ', wor', 'ld.'], 'Hello, world.')
    """

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self._attached = ExitStack()
        """What ends with the ``with`` block."""

    @classmethod
    def replay_message(
        cls, message: Message, chunk: int = 5, *, delay: float = 0.0, output_type: Any = None
    ) -> Stream[Any]:
        """A stream of a finished message; the name is of Vercel's ``ai``.

        Args:
            message: One that a model could have sent.
            chunk: The characters of a text that come at a time.
            delay: Seconds before each event.
            output_type: As in ``nbstream.stream``. None (default): the output is a text.

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
        run = self._run
        run.check_may_block()
        run.uses.enter()
        try:
            self._attached.enter_context(run.attached(reads=True))  # for the whole block
            run.start()
            run.block_until(lambda: run.opened_or_ended)
            run.raise_unless_opened()
        except BaseException as error:
            run.uses.exit()
            if isinstance(error, KeyboardInterrupt):
                run.interrupt()
            self._attached.close()
            end_here(error)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._run.uses.exit()
        if kind is not None and issubclass(kind, KeyboardInterrupt):
            self.interrupt()
        self._close()
        self._attached.close()

    async def __aenter__(self) -> AsyncStream[OutputT]:
        return await AsyncStream[OutputT](self._run).__aenter__()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await AsyncStream(self._run).__aexit__(kind, error, trace)

    def until_done(self) -> None:
        """Block until the stream has ended. Returns also if it was cancelled.

        Raises:
            StreamError: it failed; the error's ``message`` is the partial message.
            UsageError: called in ``await``, in a handler of the stream, or on
                nbstream's own event loop.

        >>> stream = nbstream.stream(ScriptedModel("Hello."), "hi")
        >>> stream.until_done()
        >>> stream.is_complete
        True
        """
        with TRACEBACK_END:
            refuse_await("until_done", "`await stream`.")
            self._until_done()

    def get_final_message(self) -> Message:
        """Block until the message is whole, and return it.

        Raises:
            StreamError: the stream failed.
            CancelledStreamError: it was cancelled; ``message`` is the partial message.
            UsageError: as ``until_done``.

        >>> nbstream.stream(ScriptedModel("Hello."), "hi").get_final_message().finish_reason
        'stop'
        """
        with TRACEBACK_END:
            refuse_await("get_final_message", "`await stream`.")
            self._until_done()
            return self._run.final_message()

    def get_final_text(self) -> str:
        """Block until the text is whole, and return it. Raises as ``get_final_message``.

        Raises:
            OutputError: the message has no text part; the error names what it holds.

        >>> nbstream.stream(ScriptedModel("Hello."), "hi").get_final_text()
        'Hello.'
        """
        with TRACEBACK_END:
            refuse_await("get_final_text", "`(await stream).text`.")
            self._until_done()
            return self._final_text()

    def get_output(self) -> OutputT:
        """Block until the output is whole; return it, validated.

        It is a value of the ``output_type``, or the text if there is none.

        Raises:
            StreamError: the stream failed.
            CancelledStreamError: it was cancelled; ``.output`` is the partial value.
            OutputError: the answer is not of the type.
            UsageError: as ``until_done``.

        >>> nbstream.stream(ScriptedModel("[1, 2]"), "Count.", output_type=list[int]).get_output()
        [1, 2]
        """
        with TRACEBACK_END:
            refuse_await(
                "get_output", "`async with stream as s:` and in it `await s.get_output()`."
            )
            self._until_done()
            return self._final_output()

    def result(self, timeout: float | None = None) -> OutputT:
        """Block until the output is whole, and return it: as ``get_output``, with a limit of time.

        The name is that of Python's futures. The stream goes on if ``timeout`` seconds pass first.

        Raises:
            TimeoutError: it was not whole in time.
            StreamError, CancelledStreamError, OutputError: as ``get_output``.

        >>> nbstream.stream(ScriptedModel("Hello."), "hi").result()
        'Hello.'
        """
        with TRACEBACK_END:
            refuse_await("result", "`await stream`.")
            if not self.wait(timeout):
                raise TimeoutError(f"The answer was not whole within {timeout:g} s.")
            return self._final_output()

    def to_df(self) -> Any:
        """Block until the output is whole; return it as a DataFrame of pandas, else of Polars.

        A list of objects has a row for each. ``df`` is the same without waiting.

        Raises:
            UsageError: the answer has no type, neither pandas nor Polars is installed; or as
                ``until_done``.
            StreamError, CancelledStreamError, OutputError: as ``get_output``.

        >>> model = ScriptedModel("[1, 2]")
        >>> nbstream.stream(model, "Count.", output_type=list[int]).to_df()["value"].tolist()
        [1, 2]
        """
        with TRACEBACK_END:
            refuse_await("to_df", "`await s.get_output()`, then `s.df`.")
            self._until_done()
            return data_frame(self._final_output(), self._output_kind)

    def wait(self, timeout: float | None = None) -> bool:
        """Block until the stream has ended; never raises what ended it.

        After a failure or a cancellation, ``text``, ``output`` and ``message`` are
        what had come; ``error`` and ``finish_reason`` say what happened. An interrupt
        cancels the stream, unless others read or wait.

        Args:
            timeout: Seconds to wait. None (default): without limit.

        Returns:
            False if ``timeout`` seconds passed first.

        Raises:
            UsageError: ``timeout`` is not a number of seconds, or as ``until_done``.

        >>> stream = nbstream.stream(ScriptedModel(ValueError("broken")), "hi")
        >>> stream.wait(), stream.error
        (True, ValueError('broken'))
        """
        with TRACEBACK_END:
            refuse_await("wait", "`async with stream as s:` and in it `await s.wait()`.")
            return self._run.wait(seconds(timeout, "wait()"))

    def lend_thread(self) -> AbstractContextManager[None]:
        """``with stream.lend_thread():`` lets an agent call sync tools on this thread.

        It does so while the thread waits for the stream. ``with stream`` and loops over it do the
        same; this is for code that reads it with ``wait_for_events``.

        >>> stream = nbstream.stream(ScriptedModel("Hello."), "hi")
        >>> with stream.lend_thread():
        ...     stream.until_done()
        """
        return self._run.attached()

    def wait_for_events(self, reader: Reader, timeout: float | None = None) -> bool:
        """Block until ``reader`` has something to take, or the stream has ended.

        As ``reader.wait``, but in ``lend_thread()`` an agent may call its tools meanwhile. Returns
        False if ``timeout`` seconds passed first.

        >>> stream = nbstream.stream(ScriptedModel("Hello."), "hi")
        >>> reader = stream.reader()
        >>> stream.start()
        >>> stream.wait_for_events(reader)
        True
        >>> reader.close()
        """
        with TRACEBACK_END:
            self._run.check_may_block()
            return self._run.block_until(lambda: reader.is_ready, timeout)

    def cancel(self) -> None:
        """Stop the model and close the connection. What came stays readable.

        Returns at once, from any thread; the stream ends a moment later with the finish
        reason ``cancelled``. Without effect on a stream that has ended.

        >>> stream = nbstream.stream(ScriptedModel("Hello."), "hi")
        >>> stream.cancel()
        >>> stream.finish_reason
        'cancelled'
        """
        refuse_await("cancel", "`stream.cancel()` without `await`.")
        self._run.cancel()

    def interrupt(self) -> None:
        """``cancel``, because the kernel was interrupted: ``is_interrupted`` is then true.

        >>> stream = nbstream.stream(ScriptedModel("Hello."), "hi")
        >>> stream.interrupt()
        >>> stream.finish_reason, stream.is_interrupted
        ('cancelled', True)
        """
        self._run.cancel(interrupted=True)

    def close(self) -> None:
        """``cancel``, and block until the connection is closed, for at most a second.

        >>> stream = nbstream.stream(ScriptedModel("Hello."), "hi")
        >>> stream.close()
        >>> stream.is_complete
        True
        """
        refuse_await("close", "`async with stream`, which closes it.")
        self._close()

    def _close(self) -> None:
        """``close`` without its check of the caller."""
        self._run.cancel()
        if not self._run.waits_for_caller:
            self._run.log.wait_finished(self._run.CLOSING_TIMEOUT)

    def _until_done(self) -> None:
        for _ in self._until_end():
            pass

    def _ipython_display_(self) -> None:
        draw_hook.show(self)

    def _display_(self) -> object:
        """What marimo shows for a stream that is a cell's last line."""
        return draw_hook.widget(self)
