"""Decodes the bytes of a Chat Completions response to chunks, and the chunks to events.

Source: https://platform.openai.com/docs/api-reference/chat-streaming
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from nbstream.core import events as ev
from nbstream.core.events.lifecycle import counted
from nbstream.errors import ProtocolError, StreamError
from nbstream.errors.parsing import error_in_stream
from nbstream.protocols.base import incomplete_answer_error, is_content, is_done
from nbstream.protocols.framing import Frames
from nbstream.protocols.json_fields import text_of
from nbstream.protocols.json_object import TooDeepError, parse_json_object
from nbstream.protocols.openai_chat.chunk_fields import read_chunk
from nbstream.protocols.openai_chat.decoder_state import DecoderState
from nbstream.protocols.openai_chat.quirks import STANDARD, Quirks
from nbstream.protocols.openai_chat.repeat_chunk import RepeatChunk
from nbstream.protocols.surrogate_pairs import SurrogatePairs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nbstream.core.sse import ServerSentEvent


class OpenAIChatDecoder:
    """Decodes one Chat Completions response; see ``Decoder``.

    The end of a response is a finish reason that no content follows, or ``[DONE]``; several
    servers send only one of them. The usage may come between the two, so ``StreamEnd`` waits for
    ``[DONE]`` or the end of the body.

    If a request asked for several choices (``n``), the first is the message. The metadata keeps
    up to 64 chunks of the others, as they came, under ``unknown``.
    """

    def __init__(self, quirks: Quirks = STANDARD, provider: str | None = None) -> None:
        self._frames = Frames()
        self._state = DecoderState(quirks)
        self._repeat = RepeatChunk()
        self._pairs = SurrogatePairs()
        self._provider = provider
        self._started = False
        self._id = self._model = ""
        self._done = False

    def feed(self, data: bytes) -> Iterator[ev.Event]:
        """Decode more bytes of the body."""
        return self._events(self._frames.feed(data))

    def close(self) -> Iterator[ev.Event]:
        """Signal the end of the body."""
        tail = list(self._frames.close())
        cut = [self._frames.unfinished] if self._frames.unfinished else []
        try:
            yield from self._events(tail)
        except ProtocolError as error:  # an incomplete chunk: the rest of the body is missing
            if isinstance(error, TooDeepError):
                raise
            cut += [data for _, data in tail]
        if self._done:
            return
        if cut:  # only the usage was cut off if the chunk has no choices
            self._state.ended &= any(map(_NO_CHOICES.search, cut))
        if not self._state.ended:
            yield from self._pairs.flush()
            if not self._started:
                self._frames.check()
            raise incomplete_answer_error()
        self._end()
        yield from self._drain()

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
                if data[:1] != b"{" and is_done(data):
                    self._end()
                    break
                chunk = parse_json_object(data, name, self._pairs)
                if not (self._model and self._id):
                    self._start(chunk)
                if state.ended:
                    self._read_after_end(chunk)
                else:
                    read_chunk(state, chunk)
                if "error" in chunk or "choices" not in chunk:
                    _raise_if_error(name, chunk)
                repeat.learn(data, chunk)
        except StreamError:
            yield from self._drain()
            yield from self._pairs.flush()
            raise
        yield from self._drain()

    def _drain(self) -> Iterable[ev.Event]:
        events = self._state.drain()
        return self._pairs.join(events) if self._pairs.active else events

    def _start(self, chunk: dict[str, Any]) -> None:
        """Begin the message, or add its id or its model's name, which some servers send late."""
        response_id, model = text_of(chunk.get("id")), text_of(chunk.get("model"))
        if not self._started and not response_id and not chunk.get("choices"):
            return  # Azure's first chunk only has the content filter's result for the prompt
        known = self._id, self._model
        self._id, self._model = self._id or response_id, self._model or model
        if self._started and known == (self._id, self._model):
            return
        self._started = True
        self._state.calls.response_id = self._id
        start = ev.StreamStart(self._id or None, self._model or None, self._provider)
        self._state.out.append(counted(start, self._state.usage))

    def _read_after_end(self, chunk: dict[str, Any]) -> None:
        """Read a chunk after a finish reason. With content, the answer goes on until the next."""
        state = self._state
        state.ended, begun = False, len(state.out)
        read_chunk(state, chunk)
        state.ended = state.ended or not any(map(is_content, state.out[begun:]))

    def _end(self) -> None:
        self._done = True
        if not self._started:
            start = ev.StreamStart(provider=self._provider)
            self._state.out.append(counted(start, self._state.usage))
        self._state.end()


_NO_CHOICES = re.compile(rb'"choices"\s*:\s*\[\s*\]')


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
