"""Draws an answer as static HTML that is safe to keep in a saved notebook.

The HTML uses only inline styles and ``<details>``, because sanitizers of notebook
viewers remove scripts, style sheets and most classes. The model's Markdown is sanitized in
``_clean``: raw HTML is shown as text, images from the web are only named, and only web and
mail addresses become links. All other text is escaped. An answer that still streams is drawn
as plain text (``unfinished``).
"""

from __future__ import annotations

from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any

import nh3
from markdown_it import MarkdownIt

from nbstream.core.data_url import data_url
from nbstream.core.file_part import PICTURES
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
from nbstream.display import builtin_tools, marks
from nbstream.display.builtin_tools import unique
from nbstream.display.footer import failure, footer
from nbstream.display.sanitize import encodable
from nbstream.display.text_runs import joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from markdown_it.renderer import RendererHTML
    from markdown_it.token import Token

    from nbstream.core.message import Citation, Message, Part
    from nbstream.display.builtin_tools import ToolSummary
    from nbstream.streams import Stream

_TAGS = {
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "blockquote", "pre", "code"),
    *("ul", "ol", "li", "strong", "em", "s", "a", "span"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}, "*": set[str]()}

_TEXT = "line-height:1.6;max-width:80ch;overflow-wrap:anywhere"
_SMALL = "opacity:.65;font-size:.85em"
_MONO = "white-space:pre-wrap;overflow-wrap:anywhere"
_QUOTE = "border-left:3px solid #8886;padding:.1em .9em;margin:.6em 0"
_FAILURE = "border-left:3px solid #d64545;padding:.25em .9em;margin:.6em 0;white-space:pre-wrap"

_SUP = "font-size:.72em;line-height:0;white-space:nowrap"

_MAX_URL_SHOWN = 100  # characters


def html(stream: Stream, *, widget_id: str = "") -> str:
    """Draw the whole answer; thinking and tool calls are collapsed, and the footer is below.

    ``widget_id`` names the widget whose view a page may show in place of the HTML. It
    is written as a class, because sanitizers of viewers remove other attributes
    (``js/src/static-swap.ts`` reads it).
    """
    messages = stream.messages
    sources = unique(source for message in messages for source in message.citations)
    numbers = {builtin_tools.key(source): number for number, source in enumerate(sources, 1)}
    pieces = [piece for message in messages for piece in _message(message, numbers)]
    if sources:
        pieces.append(_sources(sources))
    if problem := failure(stream):
        title, text = map(escape, problem)
        pieces.append(f'<div style="{_FAILURE}"><strong>{title}</strong>\n{text}</div>')
    line = " · ".join(_word(*word) for word in footer(stream))
    pieces.append(f'<div style="{_SMALL};margin-top:.5em">{line}</div>')
    return _container("\n".join(pieces), widget_id)


def _word(text: str, title: str) -> str:
    """Draw one text of the footer."""
    text, title = escape(text), escape(title)
    return f'<span title="{title}">{text}</span>' if title else text


def unfinished(text: str, *, widget_id: str) -> str:
    """Draw plain text unchanged in a monospaced block, for an answer that still streams.

    The second class marks the output as unfinished. If JupyterLab does not apply the
    final update to it, the page does (``js/src/notebook-outputs.ts``).
    """
    return _container(_mono(text), f"{widget_id} nbstream-unfinished")


def _container(body: str, widget_id: str) -> str:
    """Put the answer into a ``<div>`` whose class names the widget that may replace it."""
    mark = f' class="nbstream-at-{widget_id}"' if widget_id else ""
    return f"<div{mark}>{body}</div>"


def _message(message: Message, numbers: Mapping[str, int]) -> list[str]:
    """Draw the parts of one message; its text has the ``numbers`` of the sources it cites."""
    if message.role == "assistant":
        return [
            _cited(part, numbers) if isinstance(part, TextPart) else _part(part)
            for part in joined(message.parts)
        ]
    return [
        _not_by_model(part.text) if isinstance(part, TextPart) else _part(part)
        for part in message.parts
    ]


def _not_by_model(text: str) -> str:
    """Draw text that the model did not write, such as a user's message, as a quotation."""
    return f'<div style="{_TEXT};{_QUOTE}">{_mono(text)}</div>'


def _cited(part: TextPart, numbers: Mapping[str, int]) -> str:
    """Draw a text of the model with the numbers of its sources."""
    places: dict[int, dict[int, list[Citation]]] = {}
    for source in part.citations:
        number, end = numbers.get(builtin_tools.key(source)), marks.end_of(source, part.text)
        if number is not None and end is not None:
            places.setdefault(end, {}).setdefault(number, []).append(source)
    found = [(end, _numbers(cited)) for end, cited in places.items()]
    return f'<div style="{_TEXT}">{_clean(part.text, found)}</div>'


def _numbers(cited: Mapping[int, Sequence[Citation]]) -> str:
    """Draw the numbers that one position has, in order, as links to their sources."""
    links = "".join(_number(number, cited[number]) for number in sorted(cited))
    return f'<sup style="{_SUP}">{links}</sup>'


def _number(number: int, sources: Sequence[Citation]) -> str:
    source = sources[0]
    quotes = dict.fromkeys(one.cited_text for one in sources if one.cited_text)
    lines = [builtin_tools.label(source), *(f"“{' '.join(one.split())}”" for one in quotes)]
    title = escape("\n".join(lines))
    url = builtin_tools.link(source)
    if url is None:
        return f'<span title="{title}">[{number}]</span>'
    rel = "noopener noreferrer nofollow"
    return f'<a href="{escape(url)}" title="{title}" rel="{rel}">[{number}]</a>'


def _part(part: Part) -> str:
    """Draw one part as HTML; empty if it has nothing to show."""
    match part:
        case TextPart(text=text):
            return f'<div style="{_TEXT}">{_clean(text)}</div>'
        case ThinkingPart(text=text):
            return _collapsed("Thought", _mono(text)) if text else ""
        case ToolCallPart(tool_name=name, args_json=arguments):
            return _collapsed(f"Tool call: {name}", _mono(arguments))
        case ToolResultPart():
            title = f"{'Failed' if part.is_error else 'Result'}: {part.tool_name}".rstrip(": ")
            return _collapsed(title, _mono(part.output) + "".join(map(_file, part.files)))
        case BuiltinToolCallPart():
            return _builtin_tool(builtin_tools.call(part))
        case BuiltinToolResultPart():
            return _builtin_tool(builtin_tools.result(part))
        case FilePart():
            return _file(part)
        case RefusalPart(text=text):
            return f'<div style="{_TEXT}"><em>{escape(text)}</em></div>'
    raise TypeError(f"no HTML form for {part!r}")


def _file(part: FilePart) -> str:
    """Draw an image whose bytes are known. Other files are only named and never loaded."""
    name = part.filename or part.url or "unnamed"
    if part.data is not None and part.media_type in PICTURES:
        source = data_url(part.media_type, part.data)
        return f'<img src="{source}" alt="" style="max-width:100%">'
    return f'<div style="{_SMALL}">[{escape(part.media_type)}: {escape(name)}]</div>'


def _collapsed(summary: str, body: str) -> str:
    """Draw a collapsed ``<details>`` with a summary."""
    return (
        f'<details style="{_SMALL};margin:.4em 0"><summary>{escape(summary)}</summary>'
        f'<div style="margin:.4em 0 .4em 1em">{body}</div></details>'
    )


def _mono(text: str) -> str:
    return f'<div style="{_MONO}">{escape(text)}</div>'


def _builtin_tool(shown: ToolSummary) -> str:
    """Draw what a built-in tool did: one line, with its details collapsed below."""
    if not builtin_tools.has_details(shown):
        return f'<div style="{_SMALL};margin:.4em 0">{escape(shown.title)}</div>'
    body = [_mono(line) for line in shown.lines]
    if shown.code:
        body.append(f'<pre style="{_MONO}"><code>{escape(shown.code)}</code></pre>')
    if shown.output:
        body.append(f'<pre style="{_MONO}">{escape(shown.output)}</pre>')
    if shown.sources:
        body.append(_list(shown.sources))
    return _collapsed(shown.title, "".join(body))


def _sources(sources: Sequence[Citation]) -> str:
    return f'<div style="{_SMALL};margin:.6em 0">Sources{_list(sources)}</div>'


def _list(sources: Sequence[Citation]) -> str:
    """Draw the sources as a numbered list."""
    rows = "".join(f"<li>{_source(source)}</li>" for source in sources)
    return f'<ol style="margin:.2em 0;overflow-wrap:anywhere">{rows}</ol>'


def _source(source: Citation) -> str:
    """Draw one source, as a link if its URL is safe."""
    name = escape(builtin_tools.label(source))
    url = builtin_tools.link(source)
    if url is None:
        return name
    # The source's page chose the title, so the real host is shown beside it.
    host = escape(builtin_tools.host(url)) if source.title else ""
    shown = f'<a href="{escape(url)}" rel="noopener noreferrer nofollow">{name}</a>'
    return f"{shown} ({host})" if host else shown


def _clean(text: str, places: Iterable[marks.Mark] = ()) -> str:
    """Render the model's Markdown as HTML and sanitize it. ``places`` have their HTML already."""
    # nh3 accepts only text that UTF-8 can encode
    return marks.render(_markdown(), encodable(text), places, _sanitized)


def _sanitized(page: str) -> str:
    return nh3.clean(
        page,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        # A relative link would lead to the reader's own Jupyter server, with their cookies.
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
    )


@cache
def _markdown() -> MarkdownIt:
    """The Markdown renderer: no raw HTML, and images are only named."""
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.add_render_rule("image", _image)
    return marks.install(parser)


def _image(
    _renderer: RendererHTML, tokens: Sequence[Token], index: int, _options: Any, _env: Any
) -> str:
    """Show an image's name and do not load it: its server would learn who reads the answer."""
    token = tokens[index]
    source = str(token.attrs.get("src", ""))
    shown = source if len(source) <= _MAX_URL_SHOWN else source[:_MAX_URL_SHOWN] + "…"
    return f"<span>[image: {escape(token.content or 'untitled')} ({escape(shown)})]</span>"
