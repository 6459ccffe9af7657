"""Makes what is sent to the browser of an agent's own events: what happens to each tool call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core.events import (
    ApprovalRequest,
    FunctionToolCall,
    FunctionToolResult,
    InputRequest,
    RequestAnswered,
)
from nbstream.display import tool_labels
from nbstream.widget import wire_parts, wire_requests, wire_run

if TYPE_CHECKING:
    from nbstream.core.events import Event
    from nbstream.streams import Stream

Wire = dict[str, Any]


def state(event: Event) -> Wire | None:
    """The op with the new state of a call; None for events that the browser does not show.

    A result comes with it: the message that has the results of all calls comes later.
    """
    more: Wire = {}
    match event:
        case ApprovalRequest():
            words = tool_labels.NEEDS_APPROVAL
        case InputRequest():
            words = tool_labels.NEEDS_ANSWER
        case RequestAnswered(accepted=True):
            words = tool_labels.RUNNING
        case FunctionToolCall():
            words = tool_labels.RUNNING
            more = {"run": wire_run.began()}
        case FunctionToolResult(result=result):
            words = tool_labels.of_result(event)
            more = {"result": wire_parts.tool_result(result), "run": wire_run.ended(event)}
        case _:
            return None
    row: Wire = {"kind": "tool_state", "tool_call_id": event.tool_call_id, "state": words, **more}
    return row | ({"message": event.message_index} if event.message_index else {})


def in_snapshot(stream: Stream, index: int, rows: list[Wire]) -> None:
    """Mark the calls in the parts of message ``index`` that wait for a person, or were changed."""
    words = {
        row["call"]: tool_labels.NEEDS_ANSWER if row["kind"] == "input" else ""
        for row in wire_requests.rows(stream)
    }
    changed = wire_requests.changed_args(stream)
    for row in rows:
        if row["kind"] != "tool_call":
            continue
        call_id = row["tool_call_id"]
        if call_id in words:
            row["state"] = words[call_id] or tool_labels.NEEDS_APPROVAL
        row["args_json"] = changed.get((index, call_id), row["args_json"])
