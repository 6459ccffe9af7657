"""``WebFrames``: a stream as server-sent events in the format of a web front end.

Each watcher reads the stream from its first event on; it keeps nothing for those that may come.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core.rows import row_to_json
from nbstream.errors import NBStreamError
from nbstream.streams.async_wait import wait_until
from nbstream.streams.served import KEEP_ALIVE

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Mapping, Sequence

    from nbstream.core.events import Event
    from nbstream.encoders import Encoder
    from nbstream.streams.run import Run


class WebFrames:
    """What a web framework sends: bytes, for ``async for``, and the ``headers`` of the response.

    >>> frames = nbstream.stream(ScriptedModel("Hello."), "hi").ui_messages()
    >>> frames.headers["content-type"]
    'text/event-stream'
    """

    def __init__(
        self,
        run: Run,
        encoder: Callable[[], Encoder],
        headers: Mapping[str, str],
        last: bytes = b"",
    ) -> None:
        self._run, self._encoder, self._last = run, encoder, last
        self.headers = dict(headers)
        """The headers that the front end expects."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._frames()

    async def _frames(self) -> AsyncGenerator[bytes, None]:
        run, encoder = self._run, self._encoder()
        yield _frame(encoder.begin())
        async for events in _batches(run):
            found = [row for event in events for row in encoder.feed(event)]
            if found or not events:
                yield _frame(found) or b":\n\n"
        error = None if run.log.error is None else text_of(run.log.error)
        yield _frame(encoder.end(run.log.message(), run.log.transcript.usage, error)) + self._last


async def _batches(run: Run) -> AsyncGenerator[Sequence[Event], None]:
    """All events; nothing for a sign of life. A watcher that leaves does not stop the run."""
    run.uses.retain()
    reader = run.log.reader()
    try:
        run.start()
        while True:
            if not await wait_until(run.log, lambda: reader.is_ready, KEEP_ALIVE):
                yield ()
                continue
            finished = run.log.finished  # before the events are taken: none comes after it
            if events := reader.take():
                yield events
            if finished:
                return
    finally:
        reader.close()


def _frame(rows: Iterable[dict[str, Any]]) -> bytes:
    return "".join(f"data: {row_to_json(row)}\n\n" for row in rows).encode()


def text_of(error: BaseException) -> str:
    """An error's text for a page. What is not nbstream's own may hold secrets."""
    if not isinstance(error, NBStreamError):
        return "The stream failed where it is made."
    return str(error)
