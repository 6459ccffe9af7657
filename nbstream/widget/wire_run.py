"""Makes what the browser gets of what happens inside a call of an agent's tool.

Its reports, its time, the traceback of what it raised, and the run of a tool that is an agent.
Between two messages to the browser all of it is one op for each call, however much there was.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nbstream.core import codec
from nbstream.core.events import CustomEvent, FunctionToolProgress, FunctionToolResult, NestedEvent
from nbstream.core.message import ToolResultPart
from nbstream.display import run_words, tool_labels
from nbstream.widget import wire_parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from nbstream.core.call_record import CallRecord, NestedRun
    from nbstream.core.events import Event, Retry
    from nbstream.core.message import Message
    from nbstream.display.status import Status

Wire = dict[str, Any]

MAX_LINES = 20
"""How many reports of a call are sent at once, the last ones."""

MAX_TRACEBACK = 10_000  # characters


@dataclass(slots=True)
class _Inside:
    """What has happened inside one call since the last message."""

    lines: deque[str] = field(default_factory=lambda: deque(maxlen=MAX_LINES))
    count: int = 0
    state: str = ""
    agent_name: str = ""
    events: list[Event] = field(default_factory=list)


class CallOps:
    """Collects what happens inside the calls of a run, for one message to the browser.

    ``make_ops`` makes the ops of a run inside a call.
    """

    def __init__(self, make_ops: Callable[[Iterable[Event]], list[Wire]] | None) -> None:
        self._make_ops = make_ops
        self._calls: dict[tuple[int, str], _Inside] = {}

    def add(self, event: Event) -> bool:
        """Take an event; False if it is none of those that happen inside a call."""
        if not isinstance(event, (FunctionToolProgress, CustomEvent, NestedEvent)):
            return False
        inside = self._calls.setdefault((event.message_index, event.tool_call_id), _Inside())
        if isinstance(event, NestedEvent):
            inside.agent_name = event.agent_name
            inside.events.append(event.event)
        elif event.tool_call_id:
            inside.lines.append(run_words.report(event))
            inside.count += 1
            if isinstance(event, FunctionToolProgress):
                inside.state = tool_labels.progress(inside.lines[-1])
        return True

    def take(self) -> list[Wire]:
        """The ops of what has been added, one for each call."""
        rows = []
        for (message_index, call_id), inside in self._calls.items():
            run: Wire = {}
            if inside.lines:
                run |= {"lines": [*inside.lines], "count": inside.count}
            if inside.events and self._make_ops is not None:
                run |= {"agent": _name(inside), "ops": self._make_ops(inside.events)}
            if run:
                rows.append(_op(call_id, message_index, run, inside.state))
        self._calls.clear()
        return rows


def _op(call_id: str, message_index: int, run: Wire, state: str) -> Wire:
    row: Wire = {"kind": "tool_state", "tool_call_id": call_id, "run": run}
    more = {"state": state, "message": message_index}
    return row | {name: value for name, value in more.items() if value}


def _name(named: _Inside | NestedRun) -> str:
    return named.agent_name[: wire_parts.MAX_TITLE]


def began(elapsed: float | None = None, since_first: float = 0.0) -> Wire:
    """The time of a call: how long it has taken, and when it began, in seconds."""
    took = {} if elapsed is None else {"elapsed": round(elapsed, 3)}
    return {"began": round(since_first, 3), **took}


def ended(event: FunctionToolResult) -> Wire:
    """What the browser gets of a call's end, besides its result."""
    trace = event.traceback
    cut = len(trace) - MAX_TRACEBACK
    if cut > 0:  # its end says what was raised
        trace = f"[cut: {cut:,} characters]\n{trace[-MAX_TRACEBACK:]}"
    found = {
        "ended": True,
        **began(event.elapsed, event.began),
        "said": run_words.in_line(event.result.result),
    }
    return found | ({"traceback": trace} if trace else {})


def message(
    shown: Message, index: int, records: Mapping[tuple[int, str], CallRecord], *, is_live: bool
) -> Wire:
    """A message in a snapshot. Its calls have what happens inside them, and their results."""
    known = {id(one.result.result) for one in records.values() if one.result is not None}
    parts = [
        same(part)
        if isinstance(part, ToolResultPart) and id(part) in known
        else wire_parts.part(part)
        for part in shown.parts
    ]
    for row in parts:
        if row["kind"] == "tool_call":
            record = records.get((index, row["tool_call_id"]))
            if record is not None:
                row.update(_in_snapshot(record, is_live=is_live))
    return {"role": shown.role, "parts": parts}


def same(part: ToolResultPart) -> Wire:
    """The place of a result in a message, if the browser has it with its call."""
    return {"kind": part.kind, "tool_call_id": part.tool_call_id, "same": True}


def _in_snapshot(record: CallRecord, *, is_live: bool) -> Wire:
    """The fields of a call in a snapshot."""
    said = run_words.reports(record, MAX_LINES)
    run: Wire = {"reset": True, "lines": said.lines, "count": len(said.lines) + said.left_out}
    row: Wire = {"run": run}
    if record.result is not None:
        part = record.result.result
        row["state"] = tool_labels.of_result(record.result)
        row["result"] = wire_parts.tool_result(part)
        run |= ended(record.result)
    elif is_live:
        row["state"] = tool_labels.progress(said.lines[-1]) if said.lines else tool_labels.RUNNING
        run |= began()
    if record.nested is not None:
        run |= {"agent": _name(record.nested), "state": _state(record, is_live=is_live)}
    return row


def _state(record: CallRecord, *, is_live: bool) -> Wire:
    """The whole state of the run inside a call."""
    run = record.nested
    assert run is not None
    status: Status = "streaming" if is_live else "stopped"
    if record.result is not None:
        status = "failed" if record.result.result.is_error else "done"
    rows = []
    for index, one in enumerate(run.messages):
        usage = codec.usage_to_dict(one.usage) if one.usage else None
        whole = message(one, index, run.call_records, is_live=status == "streaming")
        rows.append({**whole, "usage": usage, "finish_reason": one.finish_reason})
    found = {"status": status, "model": "", "elapsed": 0, "messages": rows, "error": None}
    return found | ({"retries": retries(run.retries)} if run.retries else {})


def retries(made: Mapping[int, Retry]) -> list[list[Any]]:
    """Why requests were made again: the index of the message, and the last retry of it."""
    return [[at, {"attempt": one.attempt, "reason": one.reason}] for at, one in made.items()]
