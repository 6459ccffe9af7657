"""Draws a whole answer: its messages, the list of sources, its error and the footer.

An answer that still streams is drawn as plain text (``unfinished``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbstream.core.message import TextPart
from nbstream.display.builtin_tools import unique
from nbstream.display.footer import asked_again, failure, footer
from nbstream.display.html import elements, styles
from nbstream.display.html.elements import escape
from nbstream.display.html.parts import Drawing, drawing_of, part
from nbstream.display.html.sources import listed, number_of_each
from nbstream.display.html.styles import PALE
from nbstream.display.html.text import not_by_model
from nbstream.display.run_words import headings
from nbstream.display.text_runs import joined
from nbstream.display.typed_answer import messages_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nbstream.core.call_record import NestedRun
    from nbstream.core.events import Retry
    from nbstream.core.message import Message
    from nbstream.display.run_words import Heading
    from nbstream.streams import Stream

_STEP = f"border-bottom:{elements.LINE};margin:1.1em 0 .6em;padding-bottom:.15em;max-width:80ch"
_SMALL = f"font-size:.9em;{PALE}"
_FAILURE = (
    "border-left:3px solid #d64545;border-radius:0 6px 6px 0;padding:.5em 1em;margin:.75em 0;"
    "white-space:pre-wrap;background:#d6454512;max-width:80ch;overflow-wrap:anywhere"
)


def html(stream: Stream, *, widget_id: str = "") -> str:
    """Draw the whole answer; thinking and tool calls are collapsed, and the footer is below.

    ``widget_id`` names the widget whose view a page may show in place of the HTML. It
    is written as a class, because sanitizers of viewers remove other attributes
    (``js/src/static-swap.ts`` reads it).
    """
    messages = messages_of(stream)
    sources = unique(source for message in messages for source in message.citations)
    pieces = _messages(stream, messages, number_of_each(sources))
    if sources:
        pieces.append(elements.small(f"Sources{listed(sources)}", "margin:.6em 0;max-width:90ch"))
    if problem := failure(stream):
        title, text = map(escape, problem)
        pieces.append(f'<div style="{_FAILURE}"><strong>{title}</strong>\n{text}</div>')
    line = " · ".join(_word(*word) for word in footer(stream))
    pieces.append(elements.small(line, "margin-top:.5em"))
    return _container("\n".join(filter(None, pieces)), widget_id)


def unfinished(text: str, *, widget_id: str) -> str:
    """Draw plain text unchanged in a monospaced block, for an answer that still streams.

    The second class marks the output as unfinished. If JupyterLab does not apply the
    final update to it, the page does (``js/src/notebook-outputs.ts``).
    """
    return _container(elements.mono(text), widget_id, "nbstream-unfinished")


def _container(body: str, widget_id: str, kind: str = styles.NO_FORMULA) -> str:
    """Put the answer into a ``<div>`` whose class names the widget that may replace it.

    The other classes tell MathJax to read only the formulas in it (``formula.py``).
    """
    place = f"nbstream-at-{widget_id} " if widget_id else ""
    return elements.whole(body, f"{place}{kind}")


def _messages(
    run: Stream | NestedRun, messages: Sequence[Message], numbers: Mapping[str, int]
) -> list[str]:
    """Draw the messages of an answer, or of the run inside a call."""
    drawing = drawing_of(run, messages, numbers, _nested)
    lines = headings(messages) if run.call_records else {}
    retries, pieces = run.retries, []
    for index, message in enumerate(messages):
        pieces += _retry(retries.get(index))
        pieces += _heading(lines.get(index))
        pieces += _message(message, drawing)
    return pieces + _retry(retries.get(len(messages)))


def _nested(run: NestedRun) -> str:
    """Draw the run inside a call; it has no list of sources of its own."""
    return "\n".join(filter(None, _messages(run, run.messages, {})))


def _heading(heading: Heading | None) -> list[str]:
    """Draw the line above a step of an agent's run."""
    if heading is None:
        return []
    tail = f'<span style="float:right;{_SMALL}">{escape(heading.tail)}</span>'
    words = f'<span style="{_SMALL}">{heading.text}</span>'
    if heading.text == "Answer":
        words = f"<strong>{heading.text}</strong>"
    return [f'<div style="{_STEP}">{tail if heading.tail else ""}{words}</div>']


def _retry(retry: Retry | None) -> list[str]:
    """Draw why a message was asked for again."""
    return [elements.small(escape(asked_again(retry)))] if retry else []


def _message(message: Message, drawing: Drawing) -> list[str]:
    if message.role == "assistant":
        return [part(one, drawing) for one in joined(message.parts)]
    return [
        not_by_model(one.text) if isinstance(one, TextPart) else part(one, drawing)
        for one in message.parts
    ]


def _word(text: str, title: str) -> str:
    """Draw one text of the footer."""
    shown = escape(text)
    return f'<span title="{escape(title, quote=True)}">{shown}</span>' if title else shown
