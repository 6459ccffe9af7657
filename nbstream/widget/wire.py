"""Makes what the kernel sends to the browser, as dicts: ops (single changes) and the whole state.

Their types are in ``js/src/wire-*.ts``. Most ops are events as the codec writes them,
without the fields that the browser does not show; consecutive deltas are merged, and bytes are
sent apart, as buffers. The fields of one part are made in ``wire_parts``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core import codec
from nbstream.core.call_record import MAX_DEPTH
from nbstream.core.events import (
    BuiltinToolDelta,
    BuiltinToolEnd,
    BuiltinToolResult,
    BuiltinToolStart,
    CitationEvent,
    FileEvent,
    FunctionToolResult,
    MessageEvent,
    PartDelta,
    RunEvent,
    SignatureEvent,
    ToolEnd,
)
from nbstream.core.message import FilePart, ToolResultPart
from nbstream.display import run_words
from nbstream.display.chat_turn import turn_words
from nbstream.display.footer import dollars, first_token, replayed, tokens_per_second
from nbstream.display.status import status as status_of
from nbstream.errors import NBStreamError
from nbstream.widget import (
    wire_output,
    wire_parts,
    wire_requests,
    wire_run,
    wire_thinking,
    wire_tools,
)
from nbstream.widget.wire_run import CallOps

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


Sent = dict[int, object]
"""The results of calls that the browser has, by ``id``, until their message comes."""


def ops(events: Iterable[Event], sent: Sent | None = None, depth: int = 0) -> list[Wire]:
    """Convert events to ops. Consecutive deltas of one part are merged into one.

    ``sent`` has the results that earlier ops brought; ``depth`` is that of a nested run.
    """
    rows: list[Wire] = []
    known: Sent = {} if sent is None else sent
    deeper = None if depth >= MAX_DEPTH else lambda inner: ops(inner, known, depth + 1)
    inside = CallOps(deeper)
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
        if isinstance(event, RunEvent):
            if inside.add(event):
                continue
            rows += inside.take()
            if row := wire_tools.state(event):
                rows.append(row)
            if isinstance(event, FunctionToolResult):
                known[id(event.result)] = event.result
            continue
        if isinstance(event, FileEvent):
            # Of several versions of an image, only the last is sent.
            same = {"kind": "file", "message": 0, **_indices(event)}
            rows = [row for row in rows if {name: row.get(name, 0) for name in same} != same]
        if isinstance(event, MessageEvent):
            rows += inside.take()
            rows.append(_whole(event, known))
        else:
            rows.append(_op(event))
    flush()
    return rows + inside.take()


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
        case ToolEnd(tool_call=call):
            # Arguments may be repaired at their end.
            row = {} if call.args_json == event.args_json else {"text": call.args_json}
        case BuiltinToolResult(result=result):
            row = wire_parts.builtin_result(result)
        case FileEvent():
            shown = FilePart(event.media_type, event.data, event.url, event.filename)
            row = wire_parts.file(shown) | ({"partial": True} if event.partial else {})
        case _:
            row = codec.event_to_dict(event)
            if index := row.pop("message_index", 0):
                row["message"] = index
            return {name: value for name, value in row.items() if name not in _NOT_SHOWN}
    return {"kind": event.kind, **_indices(event), **row}


def _whole(event: MessageEvent, sent: Sent) -> Wire:
    """The op of a message that arrives whole, without the results that the browser has."""
    message = event.message
    row = {"kind": event.kind, "message": event.message_index, **_message(message)}
    for at, part in enumerate(message.parts):
        if isinstance(part, ToolResultPart) and sent.pop(id(part), None) is not None:
            row["parts"][at] = wire_run.same(part)
    if message.role == "assistant":
        row["finish_reason"] = message.finish_reason or "stop"
    if message.usage is not None:
        row["usage"] = codec.usage_to_dict(message.usage)
    return row


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
    row: Wire = {
        "kind": "status",
        "status": status_of(stream),
        "elapsed": round(stream.elapsed, 3),
        "model": stream.model,
        "error": error(stream.error),
        "first_token": first_token(stream),
        "tokens_per_second": tokens_per_second(stream),
        "cost": dollars(stream),
    }
    if replay := replayed(stream):
        row["replayed"] = replay
    if turn := turn_words(stream):
        row["turn"] = turn
    if words := run_words.totals(stream):
        row["totals"] = words
        row["total_usage"] = codec.usage_to_dict(run_words.usage(stream))
    return row


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
    records, is_live = stream.call_records, not stream.is_complete
    for index, message in enumerate(messages):
        usage = codec.usage_to_dict(message.usage) if message.usage else None
        whole = wire_run.message(message, index, records, is_live=is_live)
        wire_thinking.in_snapshot(stream, index, message, whole["parts"])
        wire_tools.in_snapshot(stream, index, whole["parts"])
        shown.append({**whole, "usage": usage, "finish_reason": message.finish_reason})
    found = {"v": codec.VERSION, **row, "opened": opened(stream), "messages": shown}
    if stream.retries:
        found["retries"] = wire_run.retries(stream.retries)
    if waiting := wire_requests.rows(stream):
        found["requests"] = waiting
    if records or hasattr(stream, "waiting"):  # which only an agent's stream has
        found["run"] = True
    if (schema := wire_output.schema(stream)) is not None:
        report = wire_output.report(stream, wait=False) or {}
        found["output"] = {"schema": schema, **report}
    return found


def is_typed(stream: Stream) -> bool:
    """Whether the page draws the answer by a schema."""
    return wire_output.schema(stream) is not None


def output(stream: Stream) -> Wire | None:
    """The op that tells the browser how a typed answer ended; None of a text. It may take time."""
    report = wire_output.report(stream)
    return None if report is None else {"kind": "output", **report}
