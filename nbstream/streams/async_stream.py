"""``AsyncStream``: the stream that ``async with stream as s`` gives, with awaitable methods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from nbstream.streams.async_wait import wait_until
from nbstream.streams.readable import ReadableStream, seconds
from nbstream.streams.state import OutputT

if TYPE_CHECKING:
    from types import TracebackType

    from nbstream.core.message import Message


class AsyncStream(ReadableStream[OutputT]):
    """The awaitable methods of a stream; the same names as in ``Stream``.

    Works on any event loop: the stream itself runs on nbstream's own.

    >>> import asyncio
    >>> async def main():
    ...     async with nbstream.stream(ScriptedModel("Hello, world."), "hi") as stream:
    ...         pieces = [piece async for piece in stream.text_stream]
    ...         return pieces, await stream.get_final_text()
    >>> asyncio.run(main())
    (['Hello', ', wor', 'ld.'], 'Hello, world.')
    """

    async def __aenter__(self) -> Self:
        run = self._run
        run.uses.enter()
        try:
            run.start()
            await wait_until(run.log, lambda: run.opened_or_ended)
            run.raise_unless_opened()
        except BaseException:  # cancellation of the waiting task included
            run.uses.exit()
            run.cancel_if_unused()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._run.uses.exit()
        await self.close()

    async def until_done(self) -> None:
        """Wait until the stream has ended. Returns also if it was cancelled.

        Raises:
            StreamError: it failed; the error's ``message`` is the partial message.

        >>> import asyncio
        >>> async def main():
        ...     async with nbstream.stream(ScriptedModel("Hello."), "hi") as stream:
        ...         await stream.until_done()
        ...         return stream.text
        >>> asyncio.run(main())
        'Hello.'
        """
        async for _ in self._until_end():
            pass

    async def get_final_message(self) -> Message:
        """Wait until the message is whole, and return it; ``await stream`` does the same.

        Raises:
            StreamError: the stream failed.
            CancelledStreamError: it was cancelled; ``message`` is the partial message.

        >>> import asyncio
        >>> async def main():
        ...     async with nbstream.stream(ScriptedModel("Hello."), "hi") as stream:
        ...         return (await stream.get_final_message()).finish_reason
        >>> asyncio.run(main())
        'stop'
        """
        return await self._final_message()

    async def get_final_text(self) -> str:
        """Wait until the text is whole, and return it. Raises as ``get_final_message``.

        Raises:
            OutputError: the message has no text part; the error names what it holds.

        >>> import asyncio
        >>> async def main():
        ...     async with nbstream.stream(ScriptedModel("Hello."), "hi") as stream:
        ...         return await stream.get_final_text()
        >>> asyncio.run(main())
        'Hello.'
        """
        await self.until_done()
        return self._final_text()

    async def get_output(self) -> OutputT:
        """Wait until the output is whole; return it, validated.

        It is a value of the ``output_type``, or the text if there is none.

        Raises:
            StreamError: the stream failed.
            CancelledStreamError: it was cancelled; ``.output`` is the partial value.
            OutputError: the answer is not of the type.

        >>> import asyncio
        >>> async def main():
        ...     model = ScriptedModel("[1, 2]")
        ...     async with nbstream.stream(model, "Count.", output_type=list[int]) as stream:
        ...         return await stream.get_output()
        >>> asyncio.run(main())
        [1, 2]
        """
        await self.until_done()
        return self._final_output()

    async def wait(self, timeout: float | None = None) -> bool:  # noqa: ASYNC109 - as Stream.wait
        """Wait until the stream has ended; never raises what ended it.

        As ``Stream.wait``: ``error`` and ``finish_reason`` say what happened.

        Args:
            timeout: Seconds to wait. None (default): without limit.

        Returns:
            False if ``timeout`` seconds passed first.

        Raises:
            UsageError: ``timeout`` is not a number of seconds.

        >>> import asyncio
        >>> async def main():
        ...     async with nbstream.stream(ScriptedModel("Hello."), "hi") as stream:
        ...         return await stream.wait(30)
        >>> asyncio.run(main())
        True
        """
        limit = seconds(timeout, "wait()")
        self._run.start()
        return await wait_until(self._run.log, lambda: self.is_complete, limit)

    async def cancel(self) -> None:
        """Stop the model and close the connection. What came stays readable.

        Returns at once; the stream ends a moment later with the finish reason
        ``cancelled``. Without effect on a stream that has ended.

        >>> import asyncio
        >>> async def main():
        ...     async with nbstream.stream(ScriptedModel("Hello.", delay=1), "hi") as stream:
        ...         await stream.cancel()
        ...     return stream.finish_reason
        >>> asyncio.run(main())
        'cancelled'
        """
        self._run.cancel()

    async def close(self) -> None:
        """``cancel``, and wait until the connection is closed, for at most a second.

        >>> import asyncio
        >>> async def main():
        ...     async with nbstream.stream(ScriptedModel("Hello."), "hi") as stream:
        ...         await stream.close()
        ...         return stream.is_complete
        >>> asyncio.run(main())
        True
        """
        self._run.cancel()
        log = self._run.log
        await wait_until(log, lambda: log.finished, self._run.CLOSING_TIMEOUT)
