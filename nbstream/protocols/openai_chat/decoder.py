"""The answer's bytes as events; see ``Decoder``.

Knows how chunks are framed, how an answer starts and ends, and how a server says
that it failed. What the fields of a chunk do stands in ``fields``.

Source: https://platform.openai.com/docs/api-reference/chat-streaming
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from nbstream.core import events as ev
from nbstream.core.sse import SSEDecoder
from nbstream.errors import ProtocolError, StreamError
from nbstream.errors.parsing import error_in_stream
from nbstream.protocols.base import cut_short
from nbstream.protocols.json_object import parse_row
from nbstream.protocols.openai_chat.decoder_state import Answer
from nbstream.protocols.openai_chat.fields import read_chunk
from nbstream.protocols.openai_chat.quirks import STANDARD, Quirks
from nbstream.protocols.openai_chat.repeat_chunk import Alike

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
        self._alike = Alike()
        self._provider = provider
        self._started = False
        self._done = False

    def feed(self, data: bytes) -> Iterator[ev.Event]:
        """Take more of the body in."""
        return self._events(self._sse.feed(data))

    def close(self) -> Iterator[ev.Event]:
        """The body has ended."""
        with suppress(ProtocolError):  # half a chunk is no garbage: the rest did not come
            yield from self._events(self._sse.close())
            if bare := self._sse.bare_json():
                yield from self._events([(b"", bare)])
        if self._done:
            return
        if self._answer.finish is None:
            raise cut_short()
        self._end()
        yield from self._answer.drain()

    def _events(self, sse: Iterable[ServerSentEvent]) -> Iterator[ev.Event]:
        if self._done:
            return
        answer, alike = self._answer, self._alike
        try:
            for name, data in sse:
                if (text := alike.text(data)) is not None and not name:
                    if text:
                        answer.out.append(answer.writer.more(text))
                    continue
                if data[:1] == b"[" and data[:6] == b"[DONE]":  # some servers add a space
                    self._end()
                    break
                chunk = parse_row(data, name)
                if not self._started:
                    self._start(chunk)
                read_chunk(answer, chunk)
                if "error" in chunk or "choices" not in chunk:
                    _fail_if_error(name, chunk)
                alike.learn(data, chunk)
        except StreamError:
            yield from answer.drain()
            raise
        yield from answer.drain()

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

    def _end(self) -> None:
        self._done = True
        if not self._started:
            self._answer.out.append(ev.StreamStart(provider=self._provider))
        self._answer.end()


def _fail_if_error(name: bytes, chunk: dict[str, Any]) -> None:
    # Without an "error" in it where the server names the event (Groq, GPUStack) or the
    # object (vLLM), or says as an HTTP error would what is wrong.
    named = name == b"error" or "error" in (chunk.get("object"), chunk.get("type"))
    if named or ("choices" not in chunk and "id" not in chunk and _is_failure(chunk)):
        raise error_in_stream(chunk)
    if chunk.get("error"):
        raise error_in_stream({"error": chunk["error"]})


def _is_failure(chunk: dict[str, Any]) -> bool:
    says = any(chunk.get(name) for name in ("message", "detail", "msg"))
    counts = any(chunk.get(name) for name in ("code", "status", "status_code"))
    return says and (counts or "detail" in chunk)
