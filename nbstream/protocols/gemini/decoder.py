"""Gemini's streamed answer as events.

Source: https://ai.google.dev/api/generate-content#GenerateContentResponse.
Knows chunks and candidates; parts, grounding and ends stand in files of their
own. Fields that nothing here reads are kept in
``provider_metadata["gemini"]``, under their wire names.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeGuard

from nbstream.core import events as ev
from nbstream.errors import ProtocolError, StreamError
from nbstream.errors.parsing import error_in_stream
from nbstream.protocols.base import cut_short
from nbstream.protocols.gemini.builtin import told_late
from nbstream.protocols.gemini.candidate_metadata import keep
from nbstream.protocols.gemini.framing import Frames
from nbstream.protocols.gemini.grounding import citations
from nbstream.protocols.gemini.metadata_tools import uses
from nbstream.protocols.gemini.parts import PartWriter
from nbstream.protocols.gemini.usage import finish_reason, raw_reason, usage
from nbstream.protocols.json_fields import text_of
from nbstream.protocols.json_object import parse_row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nbstream.core.message import Usage
    from nbstream.core.sse import ServerSentEvent


class GeminiDecoder:
    """The answer's bytes as events; see ``Decoder``.

    The end is a finish reason, or the word that the prompt was blocked. Older
    models repeat STOP in every chunk, so only the body's end says which finish
    reason was the last, and the last event waits for it.
    """

    def __init__(self) -> None:
        self._frames = Frames()
        self._parts = PartWriter()
        self._started = False
        self._finish: str | None = None
        self._blocked: str | None = None
        self._usage: dict[str, Any] = {}
        self._kept: dict[str, Any] = {}

    def feed(self, data: bytes) -> Iterator[ev.Event]:
        """Take more of the body in."""
        return self._events(self._frames.feed(data))

    def close(self) -> Iterator[ev.Event]:
        """The body has ended."""
        with suppress(ProtocolError):  # half a chunk is no garbage: the rest did not come
            yield from self._events(self._frames.close())
        if not (self._finish or self._blocked):
            raise cut_short()
        yield from self._end()

    def _events(self, frames: Iterator[ServerSentEvent]) -> Iterator[ev.Event]:
        out = self._parts.out
        for name, data in frames:
            if data == b"[DONE]":  # what gateways add to the protocol's own end
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
        chunk = parse_row(data, event)
        if chunk.get("error") or event == b"error":
            raise error_in_stream(chunk)
        if not self._started:
            self._start(chunk)
        for name, value in chunk.items():
            if handler := _CHUNK.get(name):
                handler(self, value)
            elif name not in _SAME:
                self._keep(name, value)

    def _start(self, chunk: dict[str, Any]) -> None:
        self._started = True
        self._parts.response_id = text_of(chunk.get("responseId"))
        start = ev.StreamStart(
            id=self._parts.response_id or None,
            model=text_of(chunk.get("modelVersion")) or None,
            usage=_usage_or_none(chunk.get("usageMetadata")),
        )
        self._parts.out.append(start)

    # What a chunk holds.

    def _candidates(self, rows: Any) -> None:
        for candidate in rows if isinstance(rows, list) else ():
            if not isinstance(candidate, dict):
                continue
            if candidate.get("index"):  # a message is one answer; others are kept as they came
                self._parts.unknown.append(candidate)
            else:
                for name, value in candidate.items():
                    if handler := _CANDIDATE.get(name):
                        handler(self, value)
                    elif name not in _SAME:
                        self._keep(name, value)

    def _usage_metadata(self, value: Any) -> None:
        # The last count is the whole. Vertex AI also sends some without any number.
        if isinstance(value, dict) and ("totalTokenCount" in value or not _counts(self._usage)):
            self._usage = value

    def _prompt_feedback(self, value: Any) -> None:
        self._keep("promptFeedback", value)
        if isinstance(value, dict):
            self._blocked = raw_reason(value.get("blockReason")) or self._blocked

    # What a candidate holds.

    def _content(self, content: Any) -> None:
        parts = content.get("parts") if isinstance(content, dict) else None
        for part in parts if isinstance(parts, list) else ():
            if type(part) is dict and len(part) == 1 and type(text := part.get("text")) is str:
                self._parts.text(text)  # nearly all parts are
            else:
                self._parts.write(part)

    def _finish_reason(self, value: Any) -> None:
        self._finish = raw_reason(value) or self._finish

    def _keep(self, name: str, value: Any) -> None:
        keep(self._kept, name, value)

    def _end(self) -> Iterator[ev.Event]:
        writer = self._parts
        cited = set()
        for index, citation in citations(self._kept, writer.texts()):
            cited.add(index)
            yield ev.CitationEvent(index, citation)
        writer.close(cited)
        for name, args, result in uses(self._kept):
            told_late(writer, name, args, result)
        yield from writer.out
        raw = self._blocked or self._finish or ""
        reason = finish_reason(raw, calls=writer.calls > 0)
        metadata: dict[str, Any] = {"finish_reason": raw}
        found = {"usage": self._usage, "gemini": self._kept, "unknown": writer.unknown}
        metadata |= {name: value for name, value in found.items() if value}
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


_SAME = frozenset({"modelVersion", "responseId", "index"})
"""Fields that are the same in every chunk, and read from the first."""


def _counts(value: Any) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict) and any(isinstance(one, int) for one in value.values())


def _usage_or_none(value: Any) -> Usage | None:
    return usage(value) if _counts(value) else None
