"""``StreamFrames``: a stream as bytes for HTTP: nbstream's own form, and those of front ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core.shown import shown
from nbstream.errors import UsageError
from nbstream.streams.results import StreamResults
from nbstream.streams.served import frames, served
from nbstream.streams.state import OutputT
from nbstream.streams.web_frames import WebFrames

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator


class StreamFrames(StreamResults[OutputT]):
    """What a web framework sends of a stream. An encoder writes each front end's form."""

    def sse(self, last_event_id: str | bytes | None = None) -> AsyncGenerator[bytes, None]:
        """The stream as server-sent events, for FastAPI or Starlette. Starts the stream.

        Any number of clients may watch one stream. One whose connection broke passes the
        ``Last-Event-ID`` that it sends as ``last_event_id``, and gets what it lacks; None (the
        default) gives everything. A watcher that leaves does not stop the stream; its events are
        kept while the stream object lives. ``nbstream.from_url()`` reads them.

        Raises:
            UsageError: ``last_event_id`` is no text. The bytes of a header, as ASGI has them, will
                do.

        >>> stream = nbstream.stream(ScriptedModel("Hello."), "hi")
        >>> async def served():
        ...     return b"".join([frame async for frame in stream.sse()])
        >>> import asyncio
        >>> print(asyncio.run(served()).decode().splitlines()[3])
        event: stream_start
        """
        return frames(self._run, "sse", _place(last_event_id))

    def ndjson(self, last_event_id: str | bytes | None = None) -> AsyncGenerator[bytes, None]:
        """The stream as JSON lines, an event each, for FastAPI or Starlette; see ``sse``.

        ``event_id`` in a line is what ``last_event_id`` takes.

        >>> stream = nbstream.stream(ScriptedModel("Hello."), "hi")
        >>> async def served():
        ...     return b"".join([line async for line in stream.ndjson()])
        >>> import asyncio, json
        >>> lines = asyncio.run(served()).splitlines()
        >>> [json.loads(line)["kind"] for line in lines][-2:]
        ['stream_end', 'end']
        """
        return frames(self._run, "ndjson", _place(last_event_id))

    def ui_messages(self, message_id: str | None = None) -> WebFrames:
        """The stream as a UI message stream of the AI SDK for the web, such as ``useChat`` reads.

        Iterate it with ``async for``, and send its ``headers``. Starts the stream. Any number of
        clients may read it, each from the beginning; one that leaves does not stop it.

        Args:
            message_id: The id of the message there. None (default): one of this stream's own.

        >>> stream = nbstream.stream(ScriptedModel("Hello."), "hi")
        >>> async def served():
        ...     return b"".join([frame async for frame in stream.ui_messages("m1")])
        >>> import asyncio
        >>> print(asyncio.run(served()).decode().splitlines()[0])
        data: {"type": "start", "messageId": "m1"}
        """
        from nbstream.encoders.vercel_ui import HEADERS, UIMessageEncoder

        named = message_id or f"message-{served(self._run).token}"
        return WebFrames(self._run, lambda: UIMessageEncoder(named), HEADERS, b"data: [DONE]\n\n")

    def ag_ui(self, thread_id: str | None = None, run_id: str | None = None) -> WebFrames:
        """The stream as events of AG-UI, such as CopilotKit reads; else as ``ui_messages``.

        Args:
            thread_id: The conversation's id, ``threadId`` of the request. None (default): one of
                this stream's own.
            run_id: The run's id, ``runId`` of the request. None (default): likewise.

        >>> stream = nbstream.stream(ScriptedModel("Hello."), "hi")
        >>> async def served():
        ...     return b"".join([frame async for frame in stream.ag_ui("t1", "r1")])
        >>> import asyncio
        >>> print(asyncio.run(served()).decode().splitlines()[0])
        data: {"type": "RUN_STARTED", "threadId": "t1", "runId": "r1"}
        """
        from nbstream.encoders.ag_ui import HEADERS, AGUIEncoder

        token = served(self._run).token
        thread, run = thread_id or f"thread-{token}", run_id or f"run-{token}"
        return WebFrames(self._run, lambda: AGUIEncoder(thread, run), HEADERS)


def _place(last_event_id: Any) -> str | None:
    """The place of a client, as its header has it.

    Raises:
        UsageError: it is no text.
    """
    if isinstance(last_event_id, bytes):
        return last_event_id.decode("latin-1")
    if last_event_id is None or isinstance(last_event_id, str):
        return last_event_id
    raise UsageError(
        f"last_event_id= takes the header Last-Event-ID, not {shown(last_event_id)}.",
        remedy='Write stream.sse(request.headers.get("last-event-id")).',
    )
