"""One part while it grows.

Knows which events make which part. Refuses to know the other parts of the
message and who reads them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbstream.core import events as ev
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
from nbstream.core.text_buffer import GrowingText

if TYPE_CHECKING:
    from collections.abc import Iterator

# A frozen class refuses ordinary assignment; its slots do not. Growing a part
# is the one place that ties an event to the text it belongs to.
_tie_text = ev.PartEvent.__dict__["_text"].__set__
_tie_upto = ev.PartEvent.__dict__["_upto"].__set__

_DELTA: dict[type[ev.PartEvent], type[ev.PartDelta]] = {
    ev.TextStart: ev.TextDelta,
    ev.ThinkingStart: ev.ThinkingDelta,
    ev.RefusalStart: ev.RefusalDelta,
    ev.ToolStart: ev.ToolDelta,
    ev.BuiltinToolStart: ev.BuiltinToolDelta,
}


class GrowingPart:
    """The events of one part, folded: its first, its text, its citations, its end.

    A part that comes whole (a result, a file) has only a first event.
    """

    __slots__ = ("citations", "end", "first", "text")

    def __init__(self, first: ev.PartEvent) -> None:
        self.first = first
        self.text = GrowingText()
        self.citations: list[Citation] = []
        self.end: ev.PartEnd | None = None
        self.tie(first)

    def tie(self, event: ev.PartEvent) -> None:
        """Let ``event.snapshot`` be what this part holds now."""
        _tie_text(event, self.text)
        _tie_upto(event, len(self.text))

    def grow(self, event: ev.PartDelta) -> None:
        """Take a delta in."""
        _tie_text(event, self.text)
        _tie_upto(event, self.text.append(event.chunk))

    def finish(self, event: ev.PartEnd) -> None:
        """Take the end in; it may put the text right."""
        self.end = event
        match event:
            case ev.TextEnd(text=str(text)) | ev.ThinkingEnd(text=str(text)):
                self.text = GrowingText(text)
            case ev.RefusalEnd(text=str(text)):
                self.text = GrowingText(text)
        self.tie(event)

    def build(self) -> Part:
        """The part so far."""
        text = str(self.text)
        first, end = self.first, self.end
        match first:
            case ev.TextStart():
                metadata = end.provider_metadata if isinstance(end, ev.TextEnd) else {}
                return TextPart(text, tuple(self.citations), metadata)
            case ev.ThinkingStart():
                if isinstance(end, ev.ThinkingEnd):
                    return ThinkingPart(text, end.signature, end.redacted, end.provider_metadata)
                return ThinkingPart(text)
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
                    first.media_type,
                    first.data,
                    first.url,
                    first.filename,
                    first.provider_metadata,
                )
        raise TypeError(f"no part begins with {first!r}")

    def events(self) -> Iterator[ev.Event]:
        """The shortest run of events that grows the same part."""
        yield self.first
        if len(self.text):
            delta = _DELTA[type(self.first)](self.first.index, str(self.text))
            self.tie(delta)
            yield delta
        for citation in self.citations:
            event = ev.CitationEvent(self.first.index, citation)
            self.tie(event)
            yield event
        if self.end:
            yield self.end
