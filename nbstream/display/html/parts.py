"""Finds the function that draws a part, by the part's class."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nbstream.core.call_record import NestedRun, results_after
from nbstream.core.message import (
    BuiltinToolCallPart,
    BuiltinToolResultPart,
    FilePart,
    RefusalPart,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    ToolResultPart,
)
from nbstream.display import tool_labels
from nbstream.display.call_times import spans
from nbstream.display.html import file, form, text, tools
from nbstream.display.html.allowance import Allowance
from nbstream.display.run_words import by_part
from nbstream.display.status import status
from nbstream.display.thinking import ends, thought
from nbstream.display.typed_answer import TypedAnswer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from nbstream.core.call_record import CallRecord
    from nbstream.core.message import Message, Part
    from nbstream.display.call_times import Span
    from nbstream.display.thinking import Thought
    from nbstream.streams import Stream


@dataclass(frozen=True, slots=True)
class Drawing:
    """What the parts of one answer share."""

    numbers: Mapping[str, int]
    """The numbers of its sources, by their keys."""
    drawn: AbstractSet[int] = frozenset()
    """The ``id`` of each result that is drawn with its call."""
    results: Mapping[int, Sequence[ToolResultPart]] = field(default_factory=dict)
    """The results of each call, by the ``id`` of its part. Of several calls with one
    ``tool_call_id`` the last before them has them, as in the live view."""
    builtin_results: Mapping[int, Sequence[BuiltinToolResultPart]] = field(default_factory=dict)
    files: AbstractSet[bytes] = frozenset()
    """The bytes of the files that are parts of the answer."""
    thoughts: Mapping[int, tuple[str, Thought]] = field(default_factory=dict)
    """The text of adjacent thinking and the words for it, by the ``id`` of its last part."""
    records: Mapping[int, CallRecord] = field(default_factory=dict)
    """What happened to each call of an agent's tools, by the ``id`` of its part."""
    nested: Callable[[NestedRun], str] = field(default=lambda _: "")
    """Draws the run inside a call."""
    spans: Mapping[int, Span] = field(default_factory=dict)
    """When each call ran beside others, by the ``id`` of its part."""
    no_result: str = tool_labels.WAITING
    """The state of a call that has no result."""
    allowance: Allowance = field(default_factory=Allowance)
    """What the styles and the marks of the answer may still take."""


DRAWN: dict[type[Part | TypedAnswer], Callable[[Any, Drawing], str]] = {
    TextPart: text.text,
    RefusalPart: text.refusal,
    ThinkingPart: text.thinking,
    ToolCallPart: tools.call,
    ToolResultPart: tools.result,
    BuiltinToolCallPart: tools.builtin_call,
    BuiltinToolResultPart: tools.builtin_result,
    FilePart: file.file,
    TypedAnswer: form.form,
}
"""The function that draws each kind of part. It returns HTML, empty if there is none to show."""


def drawing_of(
    run: Stream | NestedRun,
    messages: Sequence[Message],
    numbers: Mapping[str, int],
    nested: Callable[[NestedRun], str],
) -> Drawing:
    """What the parts of an answer share."""
    results: dict[int, list[ToolResultPart]] = {}
    builtin_calls: dict[str, int] = {}
    builtin_results: dict[int, list[BuiltinToolResultPart]] = {}
    files = set()
    thoughts = {}
    for number, message in enumerate(messages):
        found_results = results_after(messages, number) if message.tool_calls else {}
        last_calls = {call.tool_call_id: call for call in message.tool_calls}
        results |= {id(one): found_results.get(name, []) for name, one in last_calls.items()}
        for one in message.parts:
            if isinstance(one, BuiltinToolCallPart):
                builtin_calls[one.tool_call_id] = id(one)
            elif isinstance(one, FilePart) and one.data is not None:
                files.add(one.data)
            elif isinstance(one, BuiltinToolResultPart) and one.tool_call_id in builtin_calls:
                builtin_results.setdefault(builtin_calls[one.tool_call_id], []).append(one)
        begin = 0
        for end in ends(message.parts):
            found = [one for one in message.parts[begin : end + 1] if isinstance(one, ThinkingPart)]
            words = thought(run, number, message, end)
            thoughts[id(message.parts[end])] = ("".join(one.text for one in found), words)
            begin = end + 1
    drawn = {id(one) for rows in results.values() for one in rows}
    drawn |= {id(one) for rows in builtin_results.values() for one in rows}
    records = by_part(messages, run.call_records)
    # As the live view has it (``js/src/parts/tool.ts``); of a run inside a call it is not known.
    is_whole = isinstance(run, NestedRun) or not run.is_complete or status(run) == "done"
    return Drawing(
        numbers,
        drawn,
        results,
        builtin_results,
        files,
        thoughts,
        records,
        nested,
        spans(messages, records),
        tool_labels.WAITING if is_whole else tool_labels.STOPPED,
    )


def part(shown: Part | TypedAnswer, drawing: Drawing) -> str:
    """Draw one part as HTML."""
    return DRAWN[type(shown)](shown, drawing)
