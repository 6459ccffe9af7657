"""Draws an answer as Markdown: its text, tool calls and results, sources, and how it ended early.

The model's text is Markdown already and is kept unchanged. Code, arguments and output of tools
are put into code blocks, and names are escaped. Files are only named. Thinking and refusals are
left out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nbstream.core.message import (
    BuiltinToolCallPart,
    BuiltinToolResultPart,
    FilePart,
    TextPart,
    ToolCallPart,
    ToolResultPart,
)
from nbstream.display import builtin_tools
from nbstream.display.footer import ending, failure
from nbstream.display.text_runs import joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.core.message import Citation, Message, Part
    from nbstream.display.builtin_tools import ToolSummary
    from nbstream.streams import Stream


def markdown(stream: Stream) -> str:
    """Draw the messages in order, then the sources, then why the answer ended early, if it did."""
    messages = stream.messages
    sources = builtin_tools.unique(one for message in messages for one in message.citations)
    pieces = [piece for message in messages for piece in _message(message, cited=bool(sources))]
    if sources:
        pieces.append(f"Sources:\n\n{_list(sources)}")
    if problem := failure(stream):
        title, text = problem
        pieces.append(_quote(f"**{title}** {text}"))
    elif end := ending(stream):
        pieces.append(_quote(f"*{end}*"))
    return "\n\n".join(piece for piece in pieces if piece)


def _message(message: Message, *, cited: bool) -> list[str]:
    parts = joined(message.parts, always=True)
    if message.role == "assistant":
        return [_part(part, cited=cited) for part in parts]
    return [
        _quote(_escaped(part.text)) if isinstance(part, TextPart) else _part(part, cited=cited)
        for part in parts
    ]


def _part(part: Part, *, cited: bool) -> str:
    match part:
        case TextPart(text=text):
            return text
        case ToolCallPart(tool_name=name, args_json=arguments):
            return f"Tool call\n\n{_fenced(f'{name}({arguments})', 'json')}"
        case ToolResultPart(output=output):
            return f"{'Failed' if part.is_error else 'Result'}\n\n{_fenced(output)}"
        case BuiltinToolCallPart():
            return _builtin_tool(builtin_tools.call(part))
        case BuiltinToolResultPart():
            # Markdown cannot collapse a list: list what was found only if the answer cites nothing.
            return _builtin_tool(builtin_tools.result(part), with_sources=not cited)
        case FilePart():
            return f"*{_escaped(str(part))}*"
    return ""


def _builtin_tool(shown: ToolSummary, *, with_sources: bool = True) -> str:
    """Draw what a built-in tool did: title, details, code, output and sources."""
    pieces = [f"*{_escaped(shown.title)}*", *(_escaped(line) for line in shown.lines)]
    if shown.code:
        pieces.append(_fenced(shown.code))
    if shown.output:
        pieces.append(_fenced(shown.output))
    if shown.sources and with_sources:
        pieces.append(_list(shown.sources))
    return "\n\n".join(pieces)


def _list(sources: Sequence[Citation]) -> str:
    """Draw the sources as a numbered list."""
    return "\n".join(f"{at}. {_source(one)}" for at, one in enumerate(sources, 1))


def _source(source: Citation) -> str:
    """Draw one source, as a link if its URL is safe."""
    name, url = _escaped(builtin_tools.label(source)), builtin_tools.link(source)
    if url is None:
        return name
    return f"[{name}](<{url.translate(_URL_ESCAPES)}>)"


_URL_ESCAPES = {ord("<"): "%3C", ord(">"): "%3E", ord("\\"): "%5C"}


def _escaped(text: str) -> str:
    """Put text on one line and escape the characters that have a meaning in Markdown.

    CommonMark 2.4: a backslash before ASCII punctuation makes it literal.
    """
    return re.sub(r"([\\`*_\[\]<>&#|~!$])", r"\\\1", " ".join(text.split()))


def _fenced(text: str, language: str = "") -> str:
    """Put text into a fenced code block."""
    # The fence is longer than any run of backticks in the text, so none of them closes it.
    runs = re.findall(r"`+", text)
    fence = "`" * max(3, *(len(run) + 1 for run in ("", *runs)))
    return f"{fence}{language}\n{text}\n{fence}"


def _quote(text: str) -> str:
    """Put text into a block quotation."""
    return "\n".join(f"> {line}" for line in text.splitlines())
