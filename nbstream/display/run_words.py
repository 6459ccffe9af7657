"""The words for an agent's run, for the page and for saved answers: steps, reports, totals."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from nbstream.core.call_record import nested_messages
from nbstream.core.events import CustomEvent
from nbstream.display import tool_labels

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from nbstream.core.call_record import CallRecord, NestedRun, Report
    from nbstream.core.message import Message, ToolCallPart, ToolResultPart, Usage
    from nbstream.streams import Stream

MAX_REPORT = 200  # characters
REPORTS = 10  # that a call has in Markdown, in plain text and in a terminal


def report(event: Report) -> str:
    """A report of a tool in one line.

    >>> from nbstream.events import CustomEvent
    >>> report(CustomEvent({"rows": 3, "from": "a.csv"}, "loaded"))
    'loaded · rows: 3, from: a.csv'
    """
    if isinstance(event, CustomEvent):
        return " · ".join(filter(None, (in_line(event.name), in_line(event.data))))
    return in_line(event.content)


def in_line(value: Any, most: int = MAX_REPORT) -> str:
    """A JSON value in one line of ``most`` characters: an object as in "city: Oslo, days: 3"."""
    if isinstance(value, dict):
        text = ", ".join(f"{name}: {_inside(one)}" for name, one in value.items())
    else:
        text = _inside(value)
    line = " ".join(text[: 2 * most].split())
    return line if len(line) <= most else line[:most] + "…"


def _inside(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, default=str)


def by_part(
    messages: Sequence[Message], records: Mapping[tuple[int, str], CallRecord]
) -> dict[int, CallRecord]:
    """What has happened to each call, by the ``id`` of its part: some servers repeat their ids."""
    return {
        id(call): records[index, call.tool_call_id]
        for index, message in enumerate(messages)
        for call in message.tool_calls
        if (index, call.tool_call_id) in records
    }


class RunDetails:
    """What is shown of a run besides its messages: headings, and what happened to its calls."""

    def __init__(self, run: Stream | NestedRun, messages: Sequence[Message]) -> None:
        records = run.call_records
        self._headings = headings(messages) if records else {}
        self._by_call = by_part(messages, records)
        ended = [one.result for one in records.values() if one.result is not None]
        self._elapsed = {id(one.result): one.elapsed for one in ended}

    def heading(self, index: int) -> str:
        """The line above the message at ``index``; empty if it has none."""
        return self._headings[index].text if index in self._headings else ""

    def record(self, call: ToolCallPart) -> CallRecord | None:
        """What has happened to a call; None if nothing is known."""
        return self._by_call.get(id(call))

    def took(self, result: ToolResultPart) -> str:
        """The time of a result's call, such as ", 2.4 s"; empty if it is short or not known."""
        elapsed = self._elapsed.get(id(result), 0.0)
        return f", {elapsed:.1f} s" if elapsed >= tool_labels.LEAST else ""


def args_json(call: ToolCallPart, record: CallRecord | None) -> str:
    """The arguments that a tool got: the model's, or those that a person has changed."""
    if record is None or record.args is None:
        return call.args_json
    return json.dumps(record.args, ensure_ascii=False)


def changed(record: CallRecord | None) -> str:
    """Says that a person has changed the arguments; else empty."""
    return "" if record is None or record.args is None else "arguments changed before approval"


def repeats(record: CallRecord) -> bool:
    """Whether the result of a call is the answer of the run inside it, which is shown already."""
    run, event = record.nested, record.result
    if run is None or event is None or not run.messages or event.result.is_error:
        return False
    last = run.messages[-1].text.strip()
    return last != "" and last == event.result.output.strip()


class Reports(NamedTuple):
    """The reports of a call: lines, and how many earlier ones are left out."""

    lines: list[str]
    left_out: int


def reports(record: CallRecord, most: int) -> Reports:
    """The last reports of a call. What a generator yielded last is its result, and left out."""
    lines = [report(one) for one in record.reports]
    count = record.report_count
    if lines and record.result is not None and lines[-1] == in_line(record.result.result.result):
        lines.pop()
        count -= 1
    lines = lines[-most:]
    return Reports(lines, count - len(lines))


def report_lines(record: CallRecord, most: int = REPORTS) -> list[str]:
    """The last reports of a call, below a line that says how many are left out."""
    lines, left_out = reports(record, most)
    return [f"{left_out:,} earlier lines", *lines] if left_out else lines


class Heading(NamedTuple):
    """The line above a step: its number, and its tokens."""

    text: str
    tail: str = ""


def headings(messages: Sequence[Message]) -> dict[int, Heading]:
    """The line above each reply of an agent's run, by its index; none if it called no tool."""
    replies = [at for at, one in enumerate(messages) if _is_step(one)]
    if not any(messages[at].tool_calls for at in replies):
        return {}
    found = {}
    for number, at in enumerate(replies, 1):
        reply = messages[at]
        is_answer = at == len(messages) - 1 and reply.finish_reason is not None
        is_answer = is_answer and not reply.tool_calls
        text = "Answer" if is_answer else f"Step {number}"
        found[at] = Heading(text, tokens(reply.usage))
    return found


def _is_step(message: Message) -> bool:
    """Whether it is a reply, and not the empty one that a stopped run can end with."""
    return message.role == "assistant" and (bool(message.parts) or message.finish_reason is None)


def tokens(usage: Usage | None) -> str:
    """A token count, such as "310 in · 25 out"."""
    shown = [(usage.input_tokens, "in"), (usage.output_tokens, "out")] if usage else []
    return " · ".join(f"{count:,} {word}" for count, word in shown if count)


def totals(stream: Stream) -> str:
    """How many steps and calls a run has had; empty if it called no tool."""
    return totals_of(stream.messages, stream.call_records)


def totals_of(messages: Sequence[Message], records: Mapping[tuple[int, str], CallRecord]) -> str:
    """``totals`` of the messages and what happened to their calls."""
    if not records:
        return ""
    steps = sum(map(_is_step, messages))
    failed = sum(one.result is not None and one.result.result.is_error for one in records.values())
    words = f"{_counted(steps, 'step')} · {_counted(len(records), 'tool call')}"
    return f"{words}, {failed} failed" if failed else words


def _counted(count: int, unit: str) -> str:
    return f"{count:,} {unit}{'' if count == 1 else 's'}"


def usage(stream: Stream) -> Usage:
    """The tokens of a run and of all runs inside it."""
    found = stream.usage
    for message in nested_messages(stream.call_records):
        if message.usage is not None:
            found += message.usage
    return found


def cost(stream: Stream) -> Decimal | None:
    """The price of a run and of all runs inside it; None if one is not known."""
    price = stream.cost
    for message in nested_messages(stream.call_records):
        if message.usage:
            price = None if price is None or message.cost is None else price + message.cost
    return price
