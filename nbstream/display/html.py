"""An answer as HTML that is safe to keep in a notebook.

Knows Markdown's libraries and what a viewer's own sanitiser leaves standing:
inline styles and ``<details>``, no classes to rely on, no script, no style
sheet. What the model wrote is hostile until it has passed ``_clean``: raw HTML
shows as text, nothing is fetched, and only web and mail links are live.
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
from nbstream.display import builtin_tools
from nbstream.display.builtin_tools import unique
from nbstream.display.footer import failure, footer
from nbstream.display.sanitize import encodable
from nbstream.display.text_runs import joined

if TYPE_CHECKING:
    from collections.abc import Sequence

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
_QUIET = "opacity:.65;font-size:.85em"
_MONO = "white-space:pre-wrap;overflow-wrap:anywhere"
_GIVEN = "border-left:3px solid #8886;padding:.1em .9em;margin:.6em 0"
_FAILED = "border-left:3px solid #d64545;padding:.25em .9em;margin:.6em 0;white-space:pre-wrap"


def html(stream: Stream, *, widget_id: str = "") -> str:
    """The whole answer: thinking folded away, text rendered, a quiet line below.

    ``widget_id`` names the widget whose view a page may show in place of the HTML. It
    is written as a class, because sanitisers of viewers remove other attributes
    (``js/src/static-swap.ts`` reads it).
    """
    messages = stream.messages
    pieces = [piece for message in messages for piece in _message(message)]
    if sources := unique(source for message in messages for source in message.citations):
        pieces.append(_sources(sources))
    if problem := failure(stream):
        title, text = map(escape, problem)
        pieces.append(f'<div style="{_FAILED}"><strong>{title}</strong>\n{text}</div>')
    line = escape(" · ".join(footer(stream)))
    pieces.append(f'<div style="{_QUIET};margin-top:.5em">{line}</div>')
    return _placed("\n".join(pieces), widget_id)


def mono(text: str, *, widget_id: str) -> str:
    """HTML that shows plain text as it is, while the answer still streams.

    The second class marks the output as unfinished. If JupyterLab does not apply the
    final update to it, the page does (``js/src/notebook-outputs.ts``).
    """
    return _placed(_mono(text), f"{widget_id} nbstream-unfinished")


def _placed(body: str, widget_id: str) -> str:
    mark = f' class="nbstream-at-{widget_id}"' if widget_id else ""
    return f"<div{mark}>{body}</div>"


def _message(message: Message) -> list[str]:
    if message.role == "assistant":
        return [_part(part) for part in joined(message.parts)]
    return [
        _given(part.text) if isinstance(part, TextPart) else _part(part) for part in message.parts
    ]


def _given(text: str) -> str:
    """Text that is not the model's, such as a user's message in the run."""
    return f'<div style="{_TEXT};{_GIVEN}">{_mono(text)}</div>'


def _part(part: Part) -> str:
    match part:
        case TextPart(text=text):
            return f'<div style="{_TEXT}">{_clean(text)}</div>'
        case ThinkingPart(text=text):
            return _folded("Thought", _mono(text)) if text else ""
        case ToolCallPart(tool_name=name, args_json=arguments):
            return _folded(f"Tool call: {name}", _mono(arguments))
        case ToolResultPart():
            title = f"{'Failed' if part.is_error else 'Result'}: {part.tool_name}".rstrip(": ")
            return _folded(title, _mono(part.output) + "".join(map(_file, part.files)))
        case BuiltinToolCallPart():
            return _step(builtin_tools.call(part))
        case BuiltinToolResultPart():
            return _step(builtin_tools.result(part))
        case FilePart():
            return _file(part)
        case RefusalPart(text=text):
            return f'<div style="{_TEXT}"><em>{escape(text)}</em></div>'
    raise TypeError(f"no HTML for {part!r}")


def _file(part: FilePart) -> str:
    """An image whose bytes are here is shown; anything else is named, not fetched."""
    name = part.filename or part.url or "unnamed"
    if part.data is not None and part.media_type in PICTURES:
        source = data_url(part.media_type, part.data)
        return f'<img src="{source}" alt="" style="max-width:100%">'
    return f'<div style="{_QUIET}">[{escape(part.media_type)}: {escape(name)}]</div>'


def _folded(summary: str, body: str) -> str:
    return (
        f'<details style="{_QUIET};margin:.4em 0"><summary>{escape(summary)}</summary>'
        f'<div style="margin:.4em 0 .4em 1em">{body}</div></details>'
    )


def _mono(text: str) -> str:
    return f'<div style="{_MONO}">{escape(text)}</div>'


def _step(shown: ToolSummary) -> str:
    """What a tool of the provider's did: a line, and below it what else can be read."""
    if not builtin_tools.has_details(shown):
        return f'<div style="{_QUIET};margin:.4em 0">{escape(shown.title)}</div>'
    body = [_mono(line) for line in shown.lines]
    if shown.code:
        body.append(f'<pre style="{_MONO}"><code>{escape(shown.code)}</code></pre>')
    if shown.output:
        body.append(f'<pre style="{_MONO}">{escape(shown.output)}</pre>')
    if shown.sources:
        body.append(_list(shown.sources))
    return _folded(shown.title, "".join(body))


def _sources(sources: Sequence[Citation]) -> str:
    return f'<div style="{_QUIET};margin:.6em 0">Sources{_list(sources)}</div>'


def _list(sources: Sequence[Citation]) -> str:
    rows = "".join(f"<li>{_source(source)}</li>" for source in sources)
    return f'<ol style="margin:.2em 0;overflow-wrap:anywhere">{rows}</ol>'


def _source(source: Citation) -> str:
    name = escape(builtin_tools.label(source))
    url = builtin_tools.link(source)
    if url is None:
        return name
    # The title is the page's own; where the link leads is not for it to say.
    host = escape(builtin_tools.host(url)) if source.title else ""
    shown = f'<a href="{escape(url)}" rel="noopener noreferrer nofollow">{name}</a>'
    return f"{shown} ({host})" if host else shown


def _clean(text: str) -> str:
    return nh3.clean(
        _markdown().render(encodable(text)),  # what it takes is UTF-8
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        # A Jupyter server answers on the page's own origin, with the reader's cookies.
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
    )


@cache
def _markdown() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.add_render_rule("image", _image)
    return parser


def _image(
    _renderer: RendererHTML, tokens: Sequence[Token], index: int, _options: Any, _env: Any
) -> str:
    """An image of the model's choosing would be a request to a server of its choosing."""
    token = tokens[index]
    source = str(token.attrs.get("src", ""))
    shown = source if len(source) <= _LONG else source[:_LONG] + "…"
    return f"<span>[image: {escape(token.content or 'untitled')} ({escape(shown)})]</span>"


_LONG = 100  # characters of an address that are worth showing
