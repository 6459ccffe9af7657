"""``events_of_part()``: the events of a whole part, as a stream of it would give them.

A new kind of part has its case here; ``mypy`` finds the other places that need one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, assert_never

from nbstream.core import events as ev
from nbstream.core import parts as p

if TYPE_CHECKING:
    from collections.abc import Iterator


def events_of_part(
    part: p.Part, index: int, *, message_index: int = 0, chunk: int | None = None
) -> Iterator[ev.Event]:
    """The events of one part; none for a tool's result, which no model sends.

    Args:
        part: The part.
        index: Its place in its message.
        message_index: The message's place in the run.
        chunk: The characters of a text that come at a time. None (default): all of it.

    >>> from nbstream.core.parts import TextPart
    >>> [event.kind for event in events_of_part(TextPart("Blue."), 0)]
    ['text_start', 'text_delta', 'text_end']
    """
    at: Any = {"message_index": message_index}
    match part:
        case p.TextPart(text=text):
            yield ev.TextStart(index, **at)
            yield from (ev.TextDelta(index, one, **at) for one in _pieces(text, chunk))
            yield from (ev.CitationEvent(index, cited, **at) for cited in part.citations)
            yield ev.TextEnd(index, part.provider_metadata, **at)
        case p.ThinkingPart(text=text, signature=signature):
            yield ev.ThinkingStart(index, **at)
            yield from (ev.ThinkingDelta(index, one, **at) for one in _pieces(text, chunk))
            if signature:
                yield ev.SignatureEvent(index, signature, **at)
            yield ev.ThinkingEnd(index, signature, part.redacted, part.provider_metadata, **at)
        case p.RefusalPart(text=text):
            yield ev.RefusalStart(index, **at)
            yield from (ev.RefusalDelta(index, one, **at) for one in _pieces(text, chunk))
            yield ev.RefusalEnd(index, part.provider_metadata, **at)
        case p.ToolCallPart(args_json=text):
            yield ev.ToolStart(index, part.tool_call_id, part.tool_name, **at)
            yield from (ev.ToolDelta(index, one, **at) for one in _pieces(text, chunk))
            yield ev.ToolEnd(index, part, **at)
        case p.BuiltinToolCallPart(args_json=text):
            yield ev.BuiltinToolStart(index, part.tool_call_id, part.tool_name, **at)
            yield from (ev.BuiltinToolDelta(index, one, **at) for one in _pieces(text, chunk))
            yield ev.BuiltinToolEnd(index, part, **at)
        case p.BuiltinToolResultPart():
            yield ev.BuiltinToolResult(index, part, **at)
        case p.FilePart():
            whole = (part.media_type, part.data, part.url, part.filename)
            yield ev.FileEvent(index, *whole, provider_metadata=part.provider_metadata, **at)
        case p.ToolResultPart():
            return
        case _:
            assert_never(part)


def _pieces(text: str, size: int | None) -> Iterator[str]:
    """``text`` in pieces of ``size`` characters."""
    size = size or max(len(text), 1)
    return (text[at : at + size] for at in range(0, len(text), size))
