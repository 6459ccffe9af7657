"""Makes what the kernel sends to the browser, as dicts: ops (single changes) and the whole state.

Their types are in ``js/src/events.ts``. Most ops are events as the codec writes them,
without the fields that the browser does not show; consecutive deltas are merged, and bytes are
sent apart, as buffers. The fields of one part are made in ``wire_parts``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core import codec
from nbstream.core.events import (
    BuiltinToolDelta,
    BuiltinToolEnd,
    BuiltinToolResult,
    BuiltinToolStart,
    CitationEvent,
    FileEvent,
    MessageEvent,
    PartDelta,
    SignatureEvent,
)
from nbstream.core.message import FilePart
from nbstream.display.footer import dollars, tokens_per_second
from nbstream.display.status import status as status_of
from nbstream.errors import NBStreamError
from nbstream.widget import wire_parts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nbstream.core.events import Event, PartEvent
    from nbstream.core.message import Message
    from nbstream.streams import Stream

Wire = dict[str, Any]

_NOT_SHOWN = ("provider_metadata", "signature", "redacted", "tool_call")
"""Fields that only the provider can read, and a call that the browser has from its deltas."""

_PARSED_LIVE = 64_000
"""Characters. The arguments of a built-in tool call are parsed at each delta up to this
length; longer ones are parsed once more at the end."""


def ops(events: Iterable[Event]) -> list[Wire]:
    """Convert events to ops. Consecutive deltas of one part are merged into one."""
    rows: list[Wire] = []
    chunks: list[str] = []
    last_delta: PartDelta | None = None

    def flush() -> None:
        if last_delta is not None:
            if row := _delta(last_delta, "".join(chunks)):
                rows.append(row)
            chunks.clear()

    for event in events:
        if isinstance(event, SignatureEvent):
            continue  # the browser does not show it
        if isinstance(event, PartDelta):
            if last_delta is not None and not _is_same_part(last_delta, event):
                flush()
            last_delta = event
            chunks.append(event.chunk)
            continue
        flush()
        last_delta = None
        if isinstance(event, FileEvent):
            # Of several versions of an image, only the last is sent.
            same = {"kind": "file", "message": 0, **_indices(event)}
            rows = [row for row in rows if {name: row.get(name, 0) for name in same} != same]
        rows.append(_op(event))
    flush()
    return rows


def _delta(last: PartDelta, chunk: str) -> Wire | None:
    """The op of a delta whose text is ``chunk``; None if the browser would show nothing new."""
    row: Wire = {"kind": last.kind, **_indices(last)}
    if not isinstance(last, BuiltinToolDelta):
        return {**row, "chunk": chunk}
    # The browser gets what the arguments contain, and only what is new since the last delta.
    args = last.args_json
    if len(args) > _PARSED_LIVE:
        return None
    before, now = wire_parts.call(args[: -len(chunk) or None]), wire_parts.call(args)
    old_code, code = before.pop("code", ""), now.pop("code", "")
    changed: Wire
    if code.startswith(old_code):
        changed = {"chunk": code[len(old_code) :]} if code != old_code else {}
    else:
        changed = {"text": code}
    if now != before:
        changed |= now
    return {**row, **changed} if changed else None


def _op(event: Event) -> Wire:
    """Convert one event to an op, without the fields that the browser does not show."""
    row: Wire
    match event:
        case CitationEvent(citation=citation):
            row = {"citation": wire_parts.source(citation)}
        case BuiltinToolStart(tool_call_id=call_id, tool_name=name):
            row = {
                "tool_call_id": call_id,
                "tool_name": name,
                "label": wire_parts.label(name),
            }
        case BuiltinToolEnd(tool_call=call):
            row = wire_parts.whole_call(call)
            code, args = row.pop("code", ""), event.args_json
            if len(args) > _PARSED_LIVE or wire_parts.call(args).get("code", "") != code:
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
    return {"kind": event.kind, **_indices(event), **row}


def _indices(event: PartEvent) -> Wire:
    """The op's indices of the part and, unless that is 0, of its message."""
    place: Wire = {"index": event.index}
    if event.message_index:
        place["message"] = event.message_index
    return place


def _is_same_part(one: PartEvent, other: PartEvent) -> bool:
    """Whether two events belong to the same part of the same message."""
    return one.index == other.index and one.message_index == other.message_index


def _message(message: Message) -> Wire:
    """A message's role and parts as a dict for the browser."""
    return {"role": message.role, "parts": [wire_parts.part(part) for part in message.parts]}


def split_buffers(message: Wire) -> tuple[Wire, list[bytes]]:
    """Move the message's ``bytes`` values to a list of binary buffers; return both.

    Each value is replaced by the index of its buffer, because JSON has no bytes.
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
    """The op that tells the browser the stream's status."""
    return {
        "kind": "status",
        "status": status_of(stream),
        "elapsed": round(stream.elapsed, 3),
        "model": stream.model,
        "error": error(stream.error),
        "first_token": stream.time_to_first_token,
        "tokens_per_second": tokens_per_second(stream),
        "cost": dollars(stream),
    }


def opened(stream: Stream) -> bool:
    """Whether the provider has begun to reply: its headers are here."""
    return stream.response is not None


def error(failure: BaseException | None) -> Wire | None:
    """An exception as a dict for the browser: a title, a text and a remedy, if it has one."""
    if failure is None:
        return None
    if isinstance(failure, NBStreamError):
        return {"title": failure.title, "text": failure.text, "remedy": failure.remedy}
    return {"title": type(failure).__name__, "text": str(failure), "remedy": None}


def state(stream: Stream, messages: Iterable[Message]) -> Wire:
    """The stream's whole state with ``messages``: a view that has it needs no earlier op."""
    row = status(stream)
    del row["kind"]
    shown = []
    for message in messages:
        usage = codec.usage_to_dict(message.usage) if message.usage else None
        shown.append({**_message(message), "usage": usage, "finish_reason": message.finish_reason})
    return {"v": codec.VERSION, **row, "opened": opened(stream), "messages": shown}
