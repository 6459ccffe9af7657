"""Decodes the bytes of Gemini's generateContent response to events.

Unknown fields are kept in ``provider_metadata["gemini"]`` under their names on the wire.

Source: https://ai.google.dev/api/generate-content#GenerateContentResponse
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeGuard

from nbstream.core import events as ev
from nbstream.errors import ProtocolError, StreamError
from nbstream.errors.parsing import error_in_stream
from nbstream.protocols.base import incomplete_answer_error
from nbstream.protocols.framing import Frames
from nbstream.protocols.gemini.builtin import tool_use
from nbstream.protocols.gemini.candidate_metadata import merge_field, tool_uses
from nbstream.protocols.gemini.grounding import citations
from nbstream.protocols.gemini.parts import PartReader
from nbstream.protocols.gemini.usage import finish_reason, raw_reason, usage
from nbstream.protocols.json_fields import text_of
from nbstream.protocols.json_object import parse_json_object

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nbstream.core.message import Usage
    from nbstream.core.sse import ServerSentEvent


class GeminiDecoder:
    """Decodes one generateContent response; see ``Decoder``.

    A response ends with a finish reason, or with the message that the prompt was blocked. Older
    models send STOP in every chunk, so ``StreamEnd`` waits for the end of the body.
    """

    def __init__(self) -> None:
        self._frames = Frames()
        self._parts = PartReader()
        self._started = False
        self._finish: str | None = None
        self._blocked: str | None = None
        self._usage: dict[str, Any] = {}
        self._metadata: dict[str, Any] = {}

    def feed(self, data: bytes) -> Iterator[ev.Event]:
        """Decode more bytes of the body."""
        return self._events(self._frames.feed(data))

    def close(self) -> Iterator[ev.Event]:
        """Signal the end of the body."""
        with suppress(ProtocolError):  # an incomplete chunk: the rest of the body is missing
            yield from self._events(self._frames.close())
        if not (self._finish or self._blocked):
            if not self._started:
                self._frames.check()
            raise incomplete_answer_error()
        yield from self._end()

    def _events(self, frames: Iterator[ServerSentEvent]) -> Iterator[ev.Event]:
        out = self._parts.out
        for name, data in frames:
            if data == b"[DONE]":  # some gateways send it after the protocol's own end
                continue
            try:
                self._chunk(name, data)
            except StreamError:
                yield from out
                out.clear()
                raise
            yield from out
            out.clear()

    def _chunk(self, event: bytes, data: bytes) -> None:
        chunk = parse_json_object(data, event)
        if chunk.get("error") or event == b"error":
            raise error_in_stream(chunk)
        if not self._started:
            self._start(chunk)
        for name, value in chunk.items():
            if handler := _CHUNK.get(name):
                handler(self, value)
            elif name not in _CONSTANT_FIELDS:
                self._merge(name, value)

    def _start(self, chunk: dict[str, Any]) -> None:
        self._started = True
        self._parts.response_id = text_of(chunk.get("responseId"))
        start = ev.StreamStart(
            id=self._parts.response_id or None,
            model=text_of(chunk.get("modelVersion")) or None,
            usage=_usage_or_none(chunk.get("usageMetadata")),
        )
        self._parts.out.append(start)

    # Fields of a chunk.

    def _candidates(self, rows: Any) -> None:
        for candidate in rows if isinstance(rows, list) else ():
            if not isinstance(candidate, dict):
                continue
            if candidate.get("index"):  # a message has one candidate; others are kept unchanged
                self._parts.unknown.append(candidate)
            else:
                for name, value in candidate.items():
                    if handler := _CANDIDATE.get(name):
                        handler(self, value)
                    elif name not in _CONSTANT_FIELDS:
                        self._merge(name, value)

    def _usage_metadata(self, value: Any) -> None:
        # The last usage counts the whole response. Vertex AI also sends some without numbers.
        if isinstance(value, dict) and ("totalTokenCount" in value or not _counts(self._usage)):
            self._usage = value

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
        self._finish = raw_reason(value) or self._finish

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
        optional = {"usage": self._usage, "gemini": self._metadata, "unknown": parts.unknown}
        metadata |= {name: value for name, value in optional.items() if value}
        yield ev.StreamEnd(
            "content_filter" if self._blocked else reason,
            _usage_or_none(self._usage),
            metadata,
        )


_CHUNK: dict[str, Callable[[GeminiDecoder, Any], None]] = {
    "candidates": GeminiDecoder._candidates,
    "usageMetadata": GeminiDecoder._usage_metadata,
    "promptFeedback": GeminiDecoder._prompt_feedback,
}
_CANDIDATE: dict[str, Callable[[GeminiDecoder, Any], None]] = {
    "content": GeminiDecoder._content,
    "finishReason": GeminiDecoder._finish_reason,
}


_CONSTANT_FIELDS = frozenset({"modelVersion", "responseId", "index"})
"""Fields that are the same in every chunk; they are read from the first."""


def _counts(value: Any) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict) and any(isinstance(count, int) for count in value.values())


def _usage_or_none(value: Any) -> Usage | None:
    return usage(value) if _counts(value) else None
