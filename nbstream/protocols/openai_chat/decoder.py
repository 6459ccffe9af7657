"""Decodes the bytes of a Chat Completions response to chunks, and the chunks to events.

Source: https://platform.openai.com/docs/api-reference/chat-streaming
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from nbstream.core import events as ev
from nbstream.errors import ProtocolError, StreamError
from nbstream.errors.parsing import error_in_stream
from nbstream.protocols.base import incomplete_answer_error
from nbstream.protocols.framing import Frames
from nbstream.protocols.json_object import parse_json_object
from nbstream.protocols.openai_chat.chunk_fields import read_chunk
from nbstream.protocols.openai_chat.decoder_state import DecoderState
from nbstream.protocols.openai_chat.quirks import STANDARD, Quirks
from nbstream.protocols.openai_chat.repeat_chunk import RepeatChunk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nbstream.core.sse import ServerSentEvent


class OpenAIChatDecoder:
    """Decodes one Chat Completions response; see ``Decoder``.

    The end of a response is a finish reason or ``[DONE]``; several servers send only one of
    them. The usage may come between the two, so ``StreamEnd`` waits for ``[DONE]`` or the end
    of the body.
    """

    def __init__(self, quirks: Quirks = STANDARD, provider: str | None = None) -> None:
        self._frames = Frames()
        self._state = DecoderState(quirks)
        self._repeat = RepeatChunk()
        self._provider = provider
        self._started = False
        self._done = False

    def feed(self, data: bytes) -> Iterator[ev.Event]:
        """Decode more bytes of the body."""
        return self._events(self._frames.feed(data))

    def close(self) -> Iterator[ev.Event]:
        """Signal the end of the body."""
        with suppress(ProtocolError):  # an incomplete chunk: the rest of the body is missing
            yield from self._events(self._frames.close())
        if self._done:
            return
        if self._state.finish is None:
            if not self._started:
                self._frames.check()
            raise incomplete_answer_error()
        self._end()
        yield from self._state.drain()

    def _events(self, sse: Iterable[ServerSentEvent]) -> Iterator[ev.Event]:
        if self._done:
            return
        state, repeat = self._state, self._repeat
        try:
            for name, data in sse:
                if (text := repeat.text(data)) is not None and not name:
                    if text:
                        state.out.append(state.writer.append_open(text))
                    continue
                if data[:1] == b"[" and data[:6] == b"[DONE]":  # some servers add a space
                    self._end()
                    break
                chunk = parse_json_object(data, name)
                if not self._started:
                    self._start(chunk)
                read_chunk(state, chunk)
                if "error" in chunk or "choices" not in chunk:
                    _raise_if_error(name, chunk)
                repeat.learn(data, chunk)
        except StreamError:
            yield from state.drain()
            raise
        yield from state.drain()

    def _start(self, chunk: dict[str, Any]) -> None:
        value = chunk.get("id")
        response_id = value if isinstance(value, str) and value else None
        if response_id is None and not chunk.get("choices"):
            return  # Azure's first chunk only has the content filter's result for the prompt
        value = chunk.get("model")
        model = value if isinstance(value, str) and value else None
        self._started = True
        self._state.id = self._state.calls.response_id = response_id or ""
        self._state.out.append(ev.StreamStart(response_id, model, self._provider))

    def _end(self) -> None:
        self._done = True
        if not self._started:
            self._state.out.append(ev.StreamStart(provider=self._provider))
        self._state.end()


def _raise_if_error(name: bytes, chunk: dict[str, Any]) -> None:
    # Some servers name the event (Groq, GPUStack) or the object (vLLM) "error". Others send
    # the body that they would send with an HTTP error.
    is_named = name == b"error" or "error" in (chunk.get("object"), chunk.get("type"))
    is_error_body = "choices" not in chunk and "id" not in chunk and _is_error_body(chunk)
    if is_named or is_error_body:
        raise error_in_stream(chunk)
    if chunk.get("error"):
        raise error_in_stream({"error": chunk["error"]})


def _is_error_body(chunk: dict[str, Any]) -> bool:
    has_text = any(chunk.get(name) for name in ("message", "detail", "msg"))
    has_code = any(chunk.get(name) for name in ("code", "status", "status_code"))
    return has_text and (has_code or "detail" in chunk)
