"""Draws an answer as plain text, for terminals and front ends without HTML.

Most labels that the model did not write, such as ``[tool call: ...]``, are in square brackets.
The lines of a user's message begin with ``> ``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

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
from nbstream.display import builtin_tools, run_words
from nbstream.display.footer import ending, failure
from nbstream.display.form_text import form_text
from nbstream.display.policy import visible
from nbstream.display.run_words import RunDetails
from nbstream.display.sanitize import without_data
from nbstream.display.text_runs import joined
from nbstream.display.typed_answer import TypedAnswer, messages_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nbstream.core.call_record import CallRecord, NestedRun
    from nbstream.core.message import Citation, Message, Part
    from nbstream.display.builtin_tools import ToolSummary
    from nbstream.streams import Stream


THINKING = "[thinking]\n"
"""Printed before the text of a thinking part."""


def plain(stream: Stream) -> str:
    """Draw the messages in order, then the sources, then why the answer ended early, if it did.

    Thinking is left out, as in Markdown, unless the answer has nothing else.
    """
    found = messages_of(stream)
    pieces = _messages(stream, found)
    if not any(pieces):
        pieces = _messages(stream, found, thinking=True)
    cited = (source for one in found for source in one.citations)
    totals = run_words.totals(stream)
    pieces += [sources(cited), f"[{totals}]" if totals else "", end(stream)]
    return visible("\n\n".join(piece for piece in pieces if piece)) or "[empty answer]"


def _messages(
    run: Stream | NestedRun, messages: Sequence[Message], *, thinking: bool = False
) -> list[str]:
    """Draw the messages of an answer, or of the run inside a call."""
    details, pieces = RunDetails(run, messages), []
    for index, one in enumerate(messages):
        if heading := details.heading(index):
            pieces.append(f"[{heading.lower()}]")
        pieces += message(one, details, thinking=thinking)
    return pieces


def message(
    shown: Message, details: RunDetails | None = None, *, thinking: bool = False
) -> list[str]:
    """Draw the parts of one message as text; a user's message begins with ``> ``.

    ``details`` is what else is shown of the run's calls.
    """
    pieces = []
    for one in joined(shown.parts, always=True):
        if isinstance(one, TextPart) and shown.role != "assistant":
            pieces.append("\n".join(f"> {line}" for line in one.text.splitlines()))
        elif thinking or not isinstance(one, ThinkingPart):
            took = details.took(one) if details and isinstance(one, ToolResultPart) else ""
            if details is None or not isinstance(one, ToolCallPart):
                pieces.append(part(one, took))
                continue
            record = details.record(one)
            pieces.append(part(replace(one, args_json=run_words.args_json(one, record))))
            pieces += [f"[{changed}]"] if (changed := run_words.changed(record)) else []
            pieces += _inside(record)
    return pieces


def _inside(record: CallRecord | None) -> list[str]:
    """Draw what happened inside a call: its reports, and the run of a tool that is an agent."""
    if record is None:
        return []
    pieces = ["\n".join(f"  - {line}" for line in run_words.report_lines(record))]
    if record.nested is not None:
        text = "\n\n".join(filter(None, _messages(record.nested, record.nested.messages)))
        pieces.append("\n".join(f"  | {line}".rstrip() for line in text.splitlines()))
    return pieces


def part(shown: Part | TypedAnswer, took: str = "") -> str:
    """Draw one part as text; empty if it has nothing to show. ``took``: the time of a result."""
    match shown:
        case TypedAnswer():
            return form_text(shown)
        case TextPart(text=text) | RefusalPart(text=text):
            return without_data(text)
        case ThinkingPart(text=text):
            return THINKING + text if text else ""
        case ToolCallPart(tool_name=name, args_json=arguments):
            return f"[tool call: {name}({arguments})]"
        case ToolResultPart(tool_name=name, output=output):
            head = f"[{'failed' if shown.is_error else 'result'}: {name}{took}".rstrip(": ")
            return f"{head}]\n{output}" if "\n" in output else f"{head}: {output}]"
        case BuiltinToolCallPart():
            return _builtin_tool(builtin_tools.call(shown))
        case BuiltinToolResultPart():
            return _builtin_tool(builtin_tools.result(shown))
        case FilePart():
            return f"[{shown}]"


def sources(cited: Iterable[Citation]) -> str:
    """Draw the cited sources as a numbered list; empty if there are none."""
    found = builtin_tools.unique(cited)
    return f"Sources:\n{_list(found)}" if found else ""


def end(stream: Stream) -> str:
    """The text that says why the answer ended early, or its error; empty if it ended normally."""
    if problem := failure(stream):
        title, text = problem
        return f"{title}: {text}"
    reason = ending(stream)
    return f"[{reason}]" if reason else ""


def _builtin_tool(shown: ToolSummary) -> str:
    """Draw what a built-in tool did: title, details, code, output and sources."""
    lines = [f"[{shown.title}]", *shown.lines, shown.code, shown.output]
    if shown.sources:
        lines.append(_list(shown.sources))
    return "\n".join(line.rstrip("\n") for line in lines if line)


def _list(found: Iterable[Citation]) -> str:
    """Draw the sources as a numbered list."""
    return "\n".join(f"{at}. {_source(one)}" for at, one in enumerate(found, 1))


def _source(source: Citation) -> str:
    """Draw one source: its title and its URL if that is safe."""
    name, url = builtin_tools.label(source), builtin_tools.link(source)
    return name if url is None or url == name else f"{name} <{url}>"
