"""Draws texts: the model's Markdown with the numbers of its sources, thinking, refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbstream.display import builtin_tools, marks
from nbstream.display.html import elements, markdown
from nbstream.display.html.elements import escape
from nbstream.display.html.sources import numbers
from nbstream.display.thinking import Thought, of_time

if TYPE_CHECKING:
    from nbstream.core.message import Citation, RefusalPart, TextPart, ThinkingPart
    from nbstream.display.html.parts import Drawing

_QUOTE = "border-left:3px solid #8886;padding:.1em .9em;margin:.6em 0"
_REFUSAL = "border-left:2px solid #d97706;padding-left:1em;margin:.6em 0;white-space:pre-wrap"
_LONG = 3_000
"""Characters of a text that is not the model's; a longer one is folded."""
_DRAWN = 200_000
"""Characters of a text that are drawn as Markdown. JupyterLab reads each output three times (for
the page, the table of contents and its sanitizer): 1 MB of elements would stop it for seconds."""


def text(part: TextPart, drawing: Drawing) -> str:
    """Draw a text of the model with the numbers of its sources; the end of a huge one is folded."""
    drawn = _beginning(part.text)
    places: dict[int, dict[int, list[Citation]]] = {}
    for source in part.citations:
        number = drawing.numbers.get(builtin_tools.key(source))
        end = marks.end_of(source, part.text)
        if number is not None and end is not None and end <= len(drawn):
            places.setdefault(end, {}).setdefault(number, []).append(source)
    found = [(end, numbers(cited, drawing.allowance)) for end, cited in places.items()]
    page = markdown.render(drawn, found, drawing.allowance)
    return f'<div style="{elements.TEXT}">{page}</div>' + _end(part.text[len(drawn) :])


def _beginning(text: str) -> str:
    """As much of a text as is drawn as Markdown."""
    if len(text) <= _DRAWN:
        return text
    return text[: text.rfind("\n\n", _DRAWN // 2, _DRAWN) + 1] or text[:_DRAWN]


def _end(rest: str) -> str:
    """Draw the end of a huge text, folded."""
    if not rest:
        return ""
    summary = f"The last {len(rest):,} characters, as the model wrote them"
    return elements.collapsed(summary, elements.mono(rest.lstrip("\n")))


def refusal(part: RefusalPart, _drawing: Drawing) -> str:
    """Draw why the model refused."""
    said = elements.label("The model refused") + escape(part.text)
    return f'<div style="{elements.TEXT};{_REFUSAL}">{said}</div>'


def thinking(part: ThinkingPart, drawing: Drawing) -> str:
    """Draw what the model thought, in one piece with the thinking directly before it."""
    found = drawing.thoughts.get(id(part))
    if found is None:  # not the last part of the piece
        return ""
    shown, words = found
    summary = elements.pale(words.done) + (
        f" &nbsp;{elements.pale(words.amount)}" if words.amount else ""
    )
    body = ""
    if shown.strip():
        drawn = _beginning(shown)
        page = markdown.render(drawn, (), drawing.allowance)
        body = f'<div style="font-size:.93em">{page}</div>' + _end(shown[len(drawn) :])
    if not body and words == Thought(of_time(None)):  # the line would say nothing
        return ""
    return elements.folded(summary, body)


def not_by_model(shown: str) -> str:
    """Draw text that the model did not write, such as a user's message, as a quotation."""
    if len(shown) > _LONG:
        first = " ".join(shown[:200].split())[:80]
        return elements.folded(f"{escape(first)}…", elements.mono(shown))
    return f'<div style="{elements.TEXT};{_QUOTE}">{elements.mono(shown)}</div>'
