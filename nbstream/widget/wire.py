"""What travels to the browser: ops and states.

Pure functions from streams and events to plain dicts. The browser's half is
``js/src/events.ts``; the two share the codec's words. Knows no comm and no
clock; what is told of one part is in ``wire_parts``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core import codec
from nbstream.core.events import (
    BuiltinToolDelta,
    BuiltinToolEnd,
    BuiltinToolResult,
    CitationEvent,
    FileEvent,
    MessageEvent,
    PartDelta,
    SignatureEvent,
)
from nbstream.core.message import FilePart
from nbstream.errors import NBStreamError
from nbstream.widget import wire_parts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nbstream.core.events import Event, PartEvent
    from nbstream.core.message import Message
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
            if grown is not None and not _is_same_part(grown, event):
                settle()
            grown = event
            chunks.append(event.chunk)
            continue
        settle()
        grown = None
        if isinstance(event, FileEvent):
            # Of several versions of a picture only the last one would be seen.
            place = {"kind": "file", "message": 0, **_place(event)}
            rows = [row for row in rows if {name: row.get(name, 0) for name in place} != place]
        rows.append(_op(event))
    settle()
    return rows


def _delta(last: PartDelta, chunk: str) -> Wire | None:
    row: Wire = {"kind": last.kind, **_place(last)}
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
        case MessageEvent(message=message):
            whole = {"kind": event.kind, "message": event.message_index, **_message(message)}
            if message.role == "assistant":
                whole["finish_reason"] = message.finish_reason or "stop"
            if message.usage is not None:
                whole["usage"] = codec.usage_to_dict(message.usage)
            return whole
        case _:
            row = codec.event_to_dict(event)
            if index := row.pop("message_index", 0):
                row["message"] = index
            return {name: value for name, value in row.items() if name not in _NOT_SHOWN}
    return {"kind": event.kind, **_place(event), **row}


def _place(event: PartEvent) -> Wire:
    """Which part of which message; the first message is not named."""
    place: Wire = {"index": event.index}
    if event.message_index:
        place["message"] = event.message_index
    return place


def _is_same_part(one: PartEvent, other: PartEvent) -> bool:
    return one.index == other.index and one.message_index == other.message_index


def _message(message: Message) -> Wire:
    return {"role": message.role, "parts": [wire_parts.part(part) for part in message.parts]}


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


def state(stream: Stream, messages: Iterable[Message]) -> Wire:
    """Everything a view needs to paint ``messages`` without any earlier op."""
    row = status(stream)
    del row["kind"]
    shown = []
    for message in messages:
        usage = codec.usage_to_dict(message.usage) if message.usage else None
        shown.append({**_message(message), "usage": usage, "finish_reason": message.finish_reason})
    return {"v": codec.VERSION, **row, "messages": shown}
