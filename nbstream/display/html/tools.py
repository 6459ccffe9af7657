"""Draws the calls and results of tools: a card for the user's, a line for the provider's.

A result is drawn with its call, wherever it is in the answer.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from nbstream.core.file_part import PICTURES
from nbstream.core.message import TextPart
from nbstream.core.tool_parts import is_deep, parts_in
from nbstream.display import run_words, tool_labels
from nbstream.display.builtin_tools import asked
from nbstream.display.html import elements
from nbstream.display.html.elements import escape
from nbstream.display.html.file import file
from nbstream.display.html.sources import listed
from nbstream.display.html.styles import BAD, PALE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.core.call_record import CallRecord
    from nbstream.core.message import (
        BuiltinToolCallPart,
        BuiltinToolResultPart,
        ToolCallPart,
        ToolResultPart,
    )
    from nbstream.display.call_times import Span
    from nbstream.display.html.parts import Drawing

_LONG = 80
"""Characters of a call's arguments in its line."""
_SOURCES = 30
_REPORTS = 20
_NESTED = f"border-left:{elements.LINE};padding-left:1em;margin:.5em 0"
_BLUE, _RED = "#1e88e5bf", "#e53935bf"


def call(part: ToolCallPart, drawing: Drawing) -> str:
    """Draw the call of a tool of the user's, what happened inside it, and its results."""
    results, record = drawing.results.get(id(part), ()), drawing.records.get(id(part))
    args = run_words.args_json(part, record)
    body = elements.code(_indented(args)) if args.strip(" {}") else ""
    body += elements.small(run_words.changed(record)) if run_words.changed(record) else ""
    state = _state(results) if results else drawing.no_result
    if record is not None:
        body += _inside(record, drawing)
        if record.result is not None:
            state, results = tool_labels.of_result(record.result), [record.result.result]
    if record is None or not run_words.repeats(record):
        body += "".join(_result(one, drawing) for one in results)
    if record is not None and record.result is not None and record.result.traceback:
        body += elements.collapsed("Traceback", elements.printed(record.result.traceback))
    span = drawing.spans.get(id(part))
    return _card(part.tool_name, _in_line(args), state, body, span, is_open=_pictures(results))


def _inside(record: CallRecord, drawing: Drawing) -> str:
    """Draw the run inside a call, and the last of its reports."""
    lines = run_words.report_lines(record, _REPORTS)
    drawn = "".join(f"<div>· {escape(line)}</div>" for line in lines)
    nested = (
        f'<div style="{_NESTED}">{drawing.nested(record.nested)}</div>' if record.nested else ""
    )
    return nested + (elements.small(drawn) if drawn else "")


def result(part: ToolResultPart, drawing: Drawing) -> str:
    """Draw what a tool of the user's returned, if the answer does not have its call."""
    if id(part) in drawing.drawn:
        return ""
    body = _result(part, drawing)
    name = part.tool_name or "tool"
    return _card(name, "", _state([part]), body, is_open=_pictures([part]))


def _pictures(results: Sequence[ToolResultPart]) -> bool:
    """Whether a result has a picture: then its card is open."""
    files = (one for result in results for one in result.files)
    return any(one.data is not None and one.media_type in PICTURES for one in files)


def _card(
    name: str,
    arguments: str,
    state: str,
    body: str,
    span: Span | None = None,
    *,
    is_open: bool = False,
) -> str:
    is_bad = state.startswith(("failed", "denied", "sent"))
    colour = f";{BAD}" if is_bad else f";{PALE}"
    right = f"float:right;margin-left:1em;font-size:.9em{colour}"
    summary = (
        f'<span style="{right}">{escape(state)}</span>'
        f'<span style="{elements.NAME}">{escape(name)}</span> &nbsp;{elements.pale(arguments)}'
    )
    if span is not None:
        summary += _bar(span, _RED if is_bad else _BLUE)
    return elements.folded(summary, body, is_card=True, is_open=is_open)


def _bar(span: Span, colour: str) -> str:
    """A bar below the line of a call: when it ran, beside the calls that ran at the same time."""
    place = f"margin:.25em 0 0 {100 * span.begin:.1f}%;width:{100 * span.width:.1f}%"
    line = f"border-top:2px solid {colour};min-width:3px"
    return f'<span style="display:block;clear:both;box-sizing:border-box;{place};{line}"></span>'


def _state(results: Sequence[ToolResultPart]) -> str:
    return tool_labels.ended(results[-1].output, is_error=results[-1].is_error)


def _result(part: ToolResultPart, drawing: Drawing) -> str:
    files = "".join(file(one, drawing) for one in part.files)
    texts = (one.text for one in parts_in(part.result) if isinstance(one, TextPart))
    output = "\n".join(texts) if files else part.output
    printed = elements.printed(output) if output else ""
    return elements.label("Error" if part.is_error else "Result") + printed + files


def _indented(arguments: str) -> str:
    if is_deep(arguments):
        return arguments
    try:
        return json.dumps(json.loads(arguments), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return arguments


def _in_line(arguments: str) -> str:
    """The arguments as in "city: Oslo, days: 3"; empty if they are no object."""
    try:
        found = json.loads(arguments)
    except (ValueError, RecursionError):
        return ""
    return run_words.in_line(found, _LONG) if isinstance(found, dict) else ""


def builtin_call(part: BuiltinToolCallPart, drawing: Drawing) -> str:
    """Draw what a tool that the provider ran did, and what it found."""
    results = drawing.builtin_results.get(id(part), ())
    first, lines = asked(part, _LONG)
    body = "".join(map(elements.mono, lines))
    body += elements.code(part.code) if part.code else ""
    return _builtin(part.tool_name, first, body, results, drawing)


def builtin_result(part: BuiltinToolResultPart, drawing: Drawing) -> str:
    """Draw what a tool that the provider ran found, if the answer does not have its call."""
    if id(part) in drawing.drawn:
        return ""
    return _builtin(part.tool_name, "", "", [part], drawing)


def _builtin(
    name: str, words: str, body: str, results: Sequence[BuiltinToolResultPart], drawing: Drawing
) -> str:
    """Draw one line, with the details folded below."""
    label = tool_labels.label(name)
    for one in results:
        body += elements.printed(one.output) if one.output else ""
        shown = (each for each in one.files if each.data not in drawing.files)
        body += "".join(file(each, drawing) for each in shown)
        body += listed(one.sources[:_SOURCES]) if one.sources else ""
    summary = elements.pale(f"{label.done} {label.name}".rstrip())
    if words:
        summary += f" &nbsp;{escape(run_words.in_line(words, _LONG))}"
    count = sum(len(one.sources) for one in results)
    if any(one.is_error for one in results):
        summary += f' &nbsp;<span style="{BAD}">failed</span>'
    elif count:
        unit = f"{label.unit or 'source'}{'s' if count != 1 else ''}"
        summary += " &nbsp;" + elements.pale(f"{count} {unit}")
    return elements.folded(summary, body)
