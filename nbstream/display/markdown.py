"""Draws an answer as Markdown: its text, tool calls and results, sources, and how it ended early.

The model's text is Markdown already; what a renderer could load or run in it is escaped. Code,
arguments and output of tools are put into code blocks, and names are escaped. Files are only
named. Thinking and refusals are left out.
"""

from __future__ import annotations

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
from nbstream.display.form_markdown import form_markdown
from nbstream.display.policy import visible_references
from nbstream.display.run_words import RunDetails
from nbstream.display.safe_markdown import escaped, fenced, safe_markdown
from nbstream.display.text_runs import joined
from nbstream.display.typed_answer import TypedAnswer, messages_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.core.call_record import CallRecord, NestedRun
    from nbstream.core.message import Citation, Message, Part
    from nbstream.display.builtin_tools import ToolSummary
    from nbstream.streams import Stream


def markdown(stream: Stream) -> str:
    """Draw the messages in order, then the sources, then why the answer ended early, if it did."""
    messages = messages_of(stream)
    sources = builtin_tools.unique(one for message in messages for one in message.citations)
    pieces = _messages(stream, messages, cited=bool(sources))
    if sources:
        pieces.append(f"Sources:\n\n{_list(sources)}")
    if totals := run_words.totals(stream):
        pieces.append(f"*{totals}*")
    if problem := failure(stream):
        title, text = problem
        words = "\\\n".join(escaped(line) for line in text.splitlines())
        pieces.append(_quote(f"**{escaped(title)}** {words}"))
    elif end := ending(stream):
        pieces.append(_quote(f"*{end}*"))
    return visible_references("\n\n".join(piece for piece in pieces if piece))


def _messages(
    run: Stream | NestedRun, messages: Sequence[Message], *, cited: bool = False
) -> list[str]:
    """Draw the messages of an answer, or of the run inside a call."""
    details, pieces = RunDetails(run, messages), []
    for index, one in enumerate(messages):
        if heading := details.heading(index):
            pieces.append(f"**{heading}**")
        pieces += _message(one, details, cited=cited)
    return pieces


def _message(message: Message, details: RunDetails, *, cited: bool) -> list[str]:
    pieces = []
    for part in joined(message.parts, always=True):
        if isinstance(part, TextPart) and message.role != "assistant":
            pieces.append(_quote(escaped(part.text)))
        else:
            pieces.append(_part(part, details, cited=cited))
            if isinstance(part, ToolCallPart):
                pieces += _inside(details.record(part))
    return pieces


def _inside(record: CallRecord | None) -> list[str]:
    """Draw what happened inside a call: its reports, and the run of a tool that is an agent."""
    if record is None:
        return []
    pieces = ["\n".join(f"- {escaped(line)}" for line in run_words.report_lines(record))]
    if record.nested is not None:
        inside = _messages(record.nested, record.nested.messages)
        pieces.append(_quote("\n\n".join(filter(None, inside))))
    return pieces


def _part(part: Part | TypedAnswer, details: RunDetails, *, cited: bool) -> str:
    match part:
        case TypedAnswer():
            return form_markdown(part)
        case TextPart(text=text):
            return safe_markdown(text)
        case ToolCallPart(tool_name=name):
            record = details.record(part)
            word = ", ".join(filter(None, ("Tool call", run_words.changed(record))))
            arguments = run_words.args_json(part, record)
            return f"{word}\n\n{fenced(f'{name}({arguments})', 'json')}"
        case ToolResultPart(output=output):
            word = "Failed" if part.is_error else "Result"
            if took := details.took(part):
                word += f" of {escaped(part.tool_name)}{took}"
            return f"{word}\n\n{fenced(output)}"
        case BuiltinToolCallPart():
            return _builtin_tool(builtin_tools.call(part))
        case BuiltinToolResultPart():
            # Markdown cannot collapse a list: list what was found only if the answer cites nothing.
            return _builtin_tool(builtin_tools.result(part), with_sources=not cited)
        case FilePart():
            return f"*{escaped(str(part))}*"
        case RefusalPart(text=text):
            return _quote(f"*The model refused:* {escaped(text)}")
        case ThinkingPart():
            return ""


def _builtin_tool(shown: ToolSummary, *, with_sources: bool = True) -> str:
    """Draw what a built-in tool did: title, details, code, output and sources."""
    pieces = [f"*{escaped(shown.title)}*", *(escaped(line) for line in shown.lines)]
    if shown.code:
        pieces.append(fenced(shown.code))
    if shown.output:
        pieces.append(fenced(shown.output))
    if shown.sources and with_sources:
        pieces.append(_list(shown.sources))
    return "\n\n".join(pieces)


def _list(sources: Sequence[Citation]) -> str:
    """Draw the sources as a numbered list."""
    return "\n".join(f"{at}. {_source(one)}" for at, one in enumerate(sources, 1))


def _source(source: Citation) -> str:
    """Draw one source, as a link if its URL is safe."""
    name, url = escaped(builtin_tools.label(source)), builtin_tools.link(source)
    if url is None:
        return name
    host = builtin_tools.host(source)
    return f"[{name}](<{url}>)" + (f" ({escaped(host)})" if host else "")


def _quote(text: str) -> str:
    """Put text into a block quotation."""
    return "\n".join(f"> {line}" for line in text.splitlines())
