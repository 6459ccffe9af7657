"""The answer's bytes as events; see ``Decoder``.

Knows how chunks are framed, how an answer starts and ends, and how a server says
that it failed. What the fields of a chunk do stands in ``fields``.

Source: https://platform.openai.com/docs/api-reference/chat-streaming
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core import events as ev
from nbstream.core.sse import SSEDecoder
from nbstream.errors import (
    IncompleteResponseError,
    ProtocolError,
    StreamError,
    error_in_stream,
)
from nbstream.protocols.json_row import parse_row
from nbstream.protocols.openai_chat.answer import Answer
from nbstream.protocols.openai_chat.fields import read_chunk
from nbstream.protocols.openai_chat.quirks import STANDARD, Quirks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nbstream.core.sse import ServerSentEvent


class OpenAIChatDecoder:
    """Chunks in, events out.

    The stream's end is a finish reason or ``[DONE]``; several servers send only
    one of them. The usage comes between the two, so the last event waits for
    ``[DONE]`` or the end of the body.
    """

    def __init__(self, quirks: Quirks = STANDARD, provider: str | None = None) -> None:
        self._sse = SSEDecoder()
        self._answer = Answer(quirks)
        self._provider = provider
        self._started = False
        self._done = False

    def feed(self, data: bytes) -> Iterator[ev.Event]:
        """Take more of the body in."""
        return self._events(self._sse.feed(data))

    def close(self) -> Iterator[ev.Event]:
        """The body has ended."""
        yield from self._events(self._sse.close())
        if self._done:
            return
        if self._answer.finish is None:
            raise IncompleteResponseError(
                "The connection ended before the model had finished its answer.",
                remedy="What had come is kept; run it again for the whole answer.",
            )
        self._end()
        yield from self._answer.drain()

    def _events(self, sse: Iterable[ServerSentEvent]) -> Iterator[ev.Event]:
        answer, strays = self._answer, self._sse.strays
        try:
            for name, data in sse:
                if self._done:
                    break
                if strays:
                    self._read_strays()
                if data[:6] == b"[DONE]":  # some servers add a space
                    self._end()
                else:
                    self._read(name, data)
            if strays and not self._done:
                self._read_strays()
        except StreamError:
            yield from answer.drain()
            raise
        yield from answer.drain()

    def _read(self, name: bytes, data: bytes) -> None:
        chunk = parse_row(data)
        if not self._started:
            self._start(chunk)
        read_chunk(self._answer, chunk)
        if "error" in chunk or "choices" not in chunk:
            self._fail_if_error(name, chunk)

    def _start(self, chunk: dict[str, Any]) -> None:
        found = chunk.get("id")
        identity = found if isinstance(found, str) and found else None
        if identity is None and not chunk.get("choices"):
            return  # Azure's first chunk judges the prompt and names nothing
        model = chunk.get("model")
        named = model if isinstance(model, str) and model else None
        self._started = True
        self._answer.id = self._answer.calls.answer_id = identity or ""
        self._answer.out.append(ev.StreamStart(identity, named, self._provider))

    def _fail_if_error(self, name: bytes, chunk: dict[str, Any]) -> None:
        # Without an "error" in it where the server names the event (Groq) or the object (vLLM).
        named = name == b"error" or "error" in (chunk.get("object"), chunk.get("type"))
        if named or chunk.get("error"):
            raise error_in_stream(chunk if named else {"error": chunk["error"]})

    def _read_strays(self) -> None:
        # GPUStack ends a broken answer with a field of its own, ``error: {json}``.
        lines = list(self._sse.strays)
        self._sse.strays.clear()
        for line in lines:
            name, _, value = line.partition(b":")
            if name == b"error":
                try:
                    found = parse_row(value.strip())
                except ProtocolError:
                    found = {"message": value.decode(errors="replace").strip()}
                raise error_in_stream(found)

    def _end(self) -> None:
        self._done = True
        if not self._started:
            self._answer.out.append(ev.StreamStart(provider=self._provider))
        self._answer.end()
