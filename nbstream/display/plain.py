"""Draws an answer as plain text, for terminals and front ends without HTML.

Most labels that the model did not write, such as ``[tool call: ...]``, are in square brackets.
The lines of a user's message begin with ``> ``.
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
from nbstream.display import builtin_tools
from nbstream.display.footer import ending, failure
from nbstream.display.text_runs import joined

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nbstream.core.message import Citation, Message, Part
    from nbstream.display.builtin_tools import ToolSummary
    from nbstream.streams import Stream

THINKING = "[thinking]\n"
"""Printed before the text of a thinking part."""


def plain(stream: Stream) -> str:
    """Draw the messages in order, then the sources, then why the answer ended early, if it did.

    Thinking is left out, as in Markdown, unless the answer has nothing else.
    """
    found = stream.messages
    pieces = [piece for one in found for piece in message(one)]
    if not any(pieces):
        pieces = [piece for one in found for piece in message(one, thinking=True)]
    cited = (source for one in found for source in one.citations)
    pieces += [sources(cited), end(stream)]
    return "\n\n".join(piece for piece in pieces if piece) or "[an empty answer]"


def message(shown: Message, *, thinking: bool = False) -> list[str]:
    """Draw the parts of one message as text; a user's message begins with ``> ``."""
    pieces = []
    for one in joined(shown.parts, always=True):
        if isinstance(one, TextPart) and shown.role != "assistant":
            pieces.append("\n".join(f"> {line}" for line in one.text.splitlines()))
        elif thinking or not isinstance(one, ThinkingPart):
            pieces.append(part(one))
    return pieces


def part(shown: Part) -> str:
    """Draw one part as text; empty if it has nothing to show."""
    match shown:
        case TextPart(text=text) | RefusalPart(text=text):
            return text
        case ThinkingPart(text=text):
            return THINKING + text if text else ""
        case ToolCallPart(tool_name=name, args_json=arguments):
            return f"[tool call: {name}({arguments})]"
        case ToolResultPart(tool_name=name, output=output):
            head = f"[{'failed' if shown.is_error else 'result'}: {name}".rstrip(": ")
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
