"""Decodes the bytes of Gemini's generateContent response to events.

Unknown fields are kept in ``provider_metadata["gemini"]`` under their names on the wire.

Source: https://ai.google.dev/api/generate-content#GenerateContentResponse
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core import events as ev
from nbstream.core.events.lifecycle import counted
from nbstream.errors import ProtocolError, StreamError
from nbstream.errors.parsing import error_in_stream
from nbstream.protocols.base import incomplete_answer_error, is_content, is_done, keep_unknown
from nbstream.protocols.counts import Counts
from nbstream.protocols.framing import Frames
from nbstream.protocols.gemini.builtin import tool_use
from nbstream.protocols.gemini.candidate_metadata import merge_field, tool_uses
from nbstream.protocols.gemini.grounding import citations
from nbstream.protocols.gemini.parts import PartReader
from nbstream.protocols.gemini.usage import finish_reason, raw_reason, usage
from nbstream.protocols.json_fields import text_of
from nbstream.protocols.json_object import TooDeepError, parse_json_object
from nbstream.protocols.surrogate_pairs import SurrogatePairs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from nbstream.core.sse import ServerSentEvent


class GeminiDecoder:
    """Decodes one generateContent response; see ``Decoder``.

    A response ends with a finish reason that no content follows, or with the message that the
    prompt was blocked. Older models send STOP in every chunk, so ``StreamEnd`` waits for the end
    of the body, and a body that ends inside a chunk is incomplete.
    """

    def __init__(self) -> None:
        self._frames = Frames()
        self._parts = PartReader()
        self._pairs = SurrogatePairs()
        self._started = False
        self._id = self._model = ""
        self._finish: str | None = None
        self._ended = False  # a finish reason has come, and no content since
        self._blocked: str | None = None
        self._usage = Counts(usage)
        self._metadata: dict[str, Any] = {}

    def feed(self, data: bytes) -> Iterator[ev.Event]:
        """Decode more bytes of the body."""
        return self._events(self._frames.feed(data))

    def close(self) -> Iterator[ev.Event]:
        """Signal the end of the body."""
        try:
            yield from self._events(self._frames.close())
        except ProtocolError as error:  # an incomplete chunk: the rest of the body is missing
            if isinstance(error, TooDeepError):
                raise
            self._ended = False
        if self._frames.incomplete or not (self._ended or self._blocked):
            yield from self._pairs.flush()
            if not self._started:
                self._frames.check()
            raise incomplete_answer_error()
        yield from self._joined(self._end())

    def _events(self, frames: Iterator[ServerSentEvent]) -> Iterator[ev.Event]:
        out = self._parts.out
        for name, data in frames:
            if data[:1] != b"{" and is_done(data):
                continue  # some gateways send it after the protocol's own end
            try:
                self._chunk(name, data)
            except StreamError as error:
                yield from self._joined(out)
                out.clear()
                if not isinstance(error, ProtocolError):
                    yield from self._pairs.flush()
                raise
            yield from self._joined(out) if self._pairs.active else out
            out.clear()

    def _joined(self, events: Iterable[ev.Event]) -> Iterable[ev.Event]:
        """The events, with the characters whole that the server sent in two halves."""
        return self._pairs.join(events) if self._pairs.active else events

    def _chunk(self, event: bytes, data: bytes) -> None:
        chunk = parse_json_object(data, event, self._pairs)
        if chunk.get("error") or event == b"error":
            raise error_in_stream(chunk)
        if not (self._model and self._id) and (self._started or chunk.keys() & _FIELDS):
            self._start(chunk)
        ended, self._ended = self._ended, False
        for name, value in chunk.items():
            if name == "usageMetadata":
                self._usage.update(value)
            elif handler := _CHUNK.get(name):
                handler(self, value)
            elif name not in _CONSTANT_FIELDS:
                self._merge(name, value)
        if ended and not self._ended:  # with content, the answer goes on until the next reason
            self._ended = not any(map(is_content, self._parts.out))

    def _start(self, chunk: dict[str, Any]) -> None:
        """Begin the message, or add its id or its model's name, which some servers send late."""
        known = self._id, self._model
        self._id = self._id or text_of(chunk.get("responseId"))
        self._model = self._model or text_of(chunk.get("modelVersion"))
        if self._started and known == (self._id, self._model):
            return
        self._started = True
        self._parts.response_id = self._id
        self._usage.update(chunk.get("usageMetadata"))
        start = ev.StreamStart(id=self._id or None, model=self._model or None, usage=self._usage())
        self._parts.out.append(counted(start, self._usage))

    # Fields of a chunk.

    def _candidates(self, rows: Any) -> None:
        for candidate in rows if isinstance(rows, list) else ():
            if not isinstance(candidate, dict):
                continue
            if candidate.get("index"):  # a message has one candidate; others are kept unchanged
                keep_unknown(self._parts.unknown, candidate)
            else:
                for name, value in candidate.items():
                    if handler := _CANDIDATE.get(name):
                        handler(self, value)
                    elif name not in _CONSTANT_FIELDS:
                        self._merge(name, value)

    def _prompt_feedback(self, value: Any) -> None:
        self._merge("promptFeedback", value)
        if isinstance(value, dict):
            self._blocked = raw_reason(value.get("blockReason")) or self._blocked

    # Fields of a candidate.

    def _content(self, content: Any) -> None:
        parts = content.get("parts") if isinstance(content, dict) else None
        for part in parts if isinstance(parts, list) else ():
            if type(part) is dict and len(part) == 1 and type(text := part.get("text")) is str:
                self._parts.text(text)  # the fast path: nearly all parts are like this
            else:
                self._parts.read(part)

    def _finish_reason(self, value: Any) -> None:
        if reason := raw_reason(value):
            self._finish, self._ended = reason, True

    def _merge(self, name: str, value: Any) -> None:
        merge_field(self._metadata, name, value)

    def _end(self) -> Iterator[ev.Event]:
        parts = self._parts
        cited = set()
        for index, citation in citations(self._metadata, parts.texts()):
            cited.add(index)
            yield ev.CitationEvent(index, citation)
        parts.close(cited)
        for name, args, result in tool_uses(self._metadata):
            tool_use(parts, name, args, result)
        yield from parts.out
        raw = self._blocked or self._finish or ""
        reason = finish_reason(raw, calls=parts.calls > 0)
        metadata: dict[str, Any] = {"finish_reason": raw}
        optional = {"usage": self._usage.raw, "gemini": self._metadata, "unknown": parts.unknown}
        metadata |= {name: value for name, value in optional.items() if value}
        yield ev.StreamEnd(
            "content_filter" if self._blocked else reason,
            self._usage(),
            metadata,
        )


_CHUNK: dict[str, Callable[[GeminiDecoder, Any], None]] = {
    "candidates": GeminiDecoder._candidates,
    "promptFeedback": GeminiDecoder._prompt_feedback,
}
_CANDIDATE: dict[str, Callable[[GeminiDecoder, Any], None]] = {
    "content": GeminiDecoder._content,
    "finishReason": GeminiDecoder._finish_reason,
}


_CONSTANT_FIELDS = frozenset({"modelVersion", "responseId", "index"})
"""Fields that are the same in every chunk; they are read from the first."""

_FIELDS = _CHUNK.keys() | {"modelVersion", "responseId"}
"""A chunk without any of them is not of this protocol, and begins no message."""
