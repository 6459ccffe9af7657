"""What travels to the browser: ops and states.

Pure functions from streams and events to plain dicts. The browser's half is
``js/src/events.ts``; the two share the codec's words. Knows no comm and no
clock; what is told of one part is in ``wire_parts``.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from nbstream.core import codec
from nbstream.core.events import (
    BuiltinToolDelta,
    BuiltinToolEnd,
    BuiltinToolResult,
    CitationEvent,
    FileEvent,
    PartDelta,
    SignatureEvent,
)
from nbstream.core.message import FilePart
from nbstream.errors import NBStreamError
from nbstream.widget import wire_parts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nbstream.core.events import Event
    from nbstream.core.message import Message, Usage
    from nbstream.streams import Stream

Wire = dict[str, Any]

_NOT_SHOWN = ("provider_metadata", "signature", "redacted", "tool_call")
"""What only the provider can read, and a call that the browser has folded itself."""

_READ_ALONG = 64_000
"""Characters of a provider's own call that are read while it is written; a longer one
is read once more when it is whole."""


def ops(events: Iterable[Event]) -> list[Wire]:
    """Events as ops; neighbouring deltas of one part become one."""
    rows: list[Wire] = []
    chunks: list[str] = []
    grown: PartDelta | None = None

    def settle() -> None:
        if grown is not None:
            if row := _delta(grown, "".join(chunks)):
                rows.append(row)
            chunks.clear()

    for event in events:
        if isinstance(event, SignatureEvent):
            continue  # only the provider can read it
        if isinstance(event, PartDelta):
            if grown is not None and grown.index != event.index:
                settle()
            grown = event
            chunks.append(event.chunk)
            continue
        settle()
        grown = None
        if isinstance(event, FileEvent):
            # Of several versions of a picture only the last one would be seen.
            rows = [row for row in rows if row["kind"] != "file" or row["index"] != event.index]
        rows.append(_op(event))
    settle()
    return rows


def _delta(last: PartDelta, chunk: str) -> Wire | None:
    row: Wire = {"kind": last.kind, "index": last.index}
    if not isinstance(last, BuiltinToolDelta):
        return {**row, "chunk": chunk}
    # Of these arguments the browser is told what they say, and of that what is new.
    args = last.args_json
    if len(args) > _READ_ALONG:
        return None
    before, now = wire_parts.call(args[: -len(chunk) or None]), wire_parts.call(args)
    old, code = before.pop("code", ""), now.pop("code", "")
    told: Wire
    if code.startswith(old):
        told = {"chunk": code[len(old) :]} if code != old else {}
    else:
        told = {"text": code}
    if now != before:
        told |= now
    return {**row, **told} if told else None


def _op(event: Event) -> Wire:
    row: Wire
    match event:
        case CitationEvent(citation=citation):
            row = {"citation": wire_parts.source(citation)}
        case BuiltinToolEnd(tool_call=call):
            row = wire_parts.call(call.args_json)
            code, args = row.pop("code", ""), event.args_json
            if len(args) > _READ_ALONG or wire_parts.call(args).get("code", "") != code:
                row["text"] = code
        case BuiltinToolResult(result=result):
            row = wire_parts.builtin_result(result)
        case FileEvent():
            shown = FilePart(event.media_type, event.data, event.url, event.filename)
            row = wire_parts.file(shown) | ({"partial": True} if event.partial else {})
        case _:
            row = codec.event_to_dict(event)
            return {name: value for name, value in row.items() if name not in _NOT_SHOWN}
    return {"kind": event.kind, "index": event.index, **row}


def detached(message: Wire) -> tuple[Wire, list[bytes]]:
    """A message and the bytes in it, which travel beside it.

    In the place of each stands its number: JSON knows no bytes.
    """
    buffers: list[bytes] = []

    def plain(value: Any) -> Any:
        if isinstance(value, bytes):
            buffers.append(value)
            return len(buffers) - 1
        if isinstance(value, dict):
            return {name: plain(one) for name, one in value.items()}
        return [plain(one) for one in value] if isinstance(value, list) else value

    return plain(message), buffers


def status(stream: Stream) -> Wire:
    """How the stream stands, as the op that says so."""
    return {
        "kind": "status",
        "status": status_word(stream),
        "elapsed": round(stream.elapsed, 3),
        "model": stream.model,
        "error": error(stream.error),
    }


def status_word(stream: Stream) -> str:
    """One of waiting, streaming, done, stopped, interrupted, failed."""
    if not stream.is_complete:
        return "streaming" if stream.has_begun else "waiting"
    if stream.error is not None:
        return "failed"
    if stream.finish_reason == "cancelled":
        return "interrupted" if stream.is_interrupted else "stopped"
    return "done"


def error(failure: BaseException | None) -> Wire | None:
    """A failure as a title, a text and, where there is one, a remedy."""
    if failure is None:
        return None
    if isinstance(failure, NBStreamError):
        return {"title": failure.title, "text": failure.text, "remedy": failure.remedy}
    return {"title": type(failure).__name__, "text": str(failure), "remedy": None}


def _usage(usage: Usage) -> Wire:
    return {**dataclasses.asdict(usage), "total_tokens": usage.total_tokens}


def state(stream: Stream, message: Message) -> Wire:
    """Everything a view needs to paint ``message`` from nothing."""
    row = status(stream)
    del row["kind"]
    usage = message.usage
    shown = {
        "role": message.role,
        "parts": [wire_parts.part(part) for part in message.parts],
        "usage": {**dataclasses.asdict(usage), "total_tokens": usage.total_tokens}
        if usage
        else None,
        "finish_reason": message.finish_reason,
    }
    return {"v": codec.VERSION, **row, "message": shown}
