"""Builds one part of a message from its events while they arrive; writes each event's snapshot."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from nbstream.core import events as ev
from nbstream.core.events.base import set_buffer, set_length, write_snapshot
from nbstream.core.parts import (
    BuiltinToolCallPart,
    Citation,
    FilePart,
    Part,
    RefusalPart,
    TextPart,
    ThinkingPart,
    ToolCallPart,
)
from nbstream.core.text_buffer import TextBuffer

if TYPE_CHECKING:
    from collections.abc import Iterator

E = TypeVar("E", bound=ev.PartEvent)

_DELTA: dict[type[ev.PartEvent], type[ev.PartDelta]] = {
    ev.TextStart: ev.TextDelta,
    ev.ThinkingStart: ev.ThinkingDelta,
    ev.RefusalStart: ev.RefusalDelta,
    ev.ToolStart: ev.ToolDelta,
    ev.BuiltinToolStart: ev.BuiltinToolDelta,
}


class PartBuilder:
    """Collects the events of one part: its start, deltas, citations and end.

    A part that comes whole (a result, a file) has only a start. Each method that takes an
    event returns the one to keep in the log, its snapshot written.
    """

    __slots__ = ("_void", "began_at", "citations", "end", "ended_at", "signature", "start", "text")

    def __init__(self, start: ev.PartEvent, void: tuple[TextBuffer, ...] = ()) -> None:
        self._void = void  # texts of the same message that a ``Retry`` discarded
        self.text = TextBuffer()
        self.citations: list[Citation] = []
        self.signature: ev.SignatureEvent | None = None
        self.end: ev.PartEnd | None = None
        self.began_at = time.monotonic()
        self.ended_at: float | None = None
        self.start = self._with_snapshot(start)

    def grow(self, event: ev.PartDelta) -> ev.PartDelta:
        """Add a delta. Nearly every event of a stream comes here."""
        text, chunk = self.text, event.chunk
        text.chunks.append(chunk)
        text.length = length = text.length + len(chunk)
        if event._buffer is not None:
            return self._with_snapshot(event)
        set_buffer(event, text)
        set_length(event, length)
        return event

    def cite(self, event: ev.CitationEvent) -> ev.CitationEvent:
        """Add a citation."""
        self.citations.append(event.citation)
        return self._with_snapshot(event)

    def sign(self, event: ev.SignatureEvent) -> ev.SignatureEvent:
        """Add the signature of a thinking part."""
        self.signature = event = self._with_snapshot(event)
        return event

    def finish(self, event: ev.PartEnd) -> ev.PartEnd:
        """Add the end. Its ``text``, if given, replaces the text of the deltas."""
        match event:
            case ev.TextEnd(text=str(text)) | ev.ThinkingEnd(text=str(text)):
                self.text = TextBuffer(text)
            case ev.RefusalEnd(text=str(text)):
                self.text = TextBuffer(text)
        self.end = event = self._with_snapshot(event)
        self.ended_at = time.monotonic()
        return event

    def _with_snapshot(self, event: E) -> E:
        """Write the event's snapshot, unless another log has. Copies an event that comes twice."""
        if event._buffer is not None and any(
            event._buffer is own for own in (self.text, *self._void)
        ):
            event = replace(event)
        if event._buffer is None:
            write_snapshot(event, self.text, self.text.length, self.citations)
        return event

    def build(self) -> Part:
        """The part so far."""
        text = str(self.text)
        start, end = self.start, self.end
        match start:
            case ev.TextStart():
                metadata = end.provider_metadata if isinstance(end, ev.TextEnd) else {}
                return TextPart(text, tuple(self.citations), metadata)
            case ev.ThinkingStart():
                if isinstance(end, ev.ThinkingEnd):
                    return ThinkingPart(text, end.signature, end.redacted, end.provider_metadata)
                return ThinkingPart(text, self.signature.signature if self.signature else None)
            case ev.RefusalStart():
                metadata = end.provider_metadata if isinstance(end, ev.RefusalEnd) else {}
                return RefusalPart(text, metadata)
            case ev.ToolStart(tool_call_id=call_id, tool_name=name):
                if isinstance(end, ev.ToolEnd):
                    return end.tool_call
                return ToolCallPart(call_id, name, text)
            case ev.BuiltinToolStart(tool_call_id=call_id, tool_name=name):
                if isinstance(end, ev.BuiltinToolEnd):
                    return end.tool_call
                return BuiltinToolCallPart(call_id, name, text)
            case ev.BuiltinToolResult(result=result):
                return result
            case ev.FileEvent():
                return FilePart(
                    start.media_type,
                    start.data,
                    start.url,
                    start.filename,
                    start.provider_metadata,
                )
        raise TypeError(f"{start!r} does not start a part")

    def events(self) -> Iterator[ev.Event]:
        """The shortest list of events that builds the same part."""
        start = self.start
        index, message_index = start.index, start.message_index
        yield start
        if self.text.length:
            delta = _DELTA[type(start)]
            yield self._with_snapshot(delta(index, str(self.text), message_index=message_index))
        for citation in self.citations:
            yield self._with_snapshot(
                ev.CitationEvent(index, citation, message_index=message_index)
            )
        if self.signature:
            yield self.signature
        end = self.end
        if isinstance(end, ev.TextEnd | ev.ThinkingEnd | ev.RefusalEnd) and end.text is not None:
            end = self._with_snapshot(replace(end, text=None))  # the delta above is the whole text
        if end:
            yield end
