"""The few HTML elements that every part is drawn with, their inline styles, and ``escape``.

Light and dark pages have the same styles: letters keep the page's colour and are only paler, and
lines are half transparent. Sanitizers drop variables of CSS, so there are none.
"""

from __future__ import annotations

import html
import re

from nbstream.display.html.styles import PALE, PLAIN
from nbstream.display.policy import visible

LINE = "1px solid #8884"
CARD = (
    f"box-sizing:border-box;border:{LINE};border-radius:6px;margin:.6em 0;"
    "overflow-wrap:anywhere;max-width:80ch"
)
TEXT = "line-height:1.6;max-width:80ch;overflow-wrap:anywhere"
NAME = "font-family:var(--jp-code-font-family,monospace);font-weight:600"
_SMALL = f"{PALE};font-size:.88em;overflow-wrap:anywhere"
_MONO = "white-space:pre-wrap;overflow-wrap:anywhere;word-break:normal"
_PANE = f"margin:.35em 0 .2em .25em;padding-left:1.1em;border-left:{LINE}"
_BOX = f"{_MONO};border:0;padding:0;margin:.3em 0;background:none"

# What MathJax looks for: dollar signs, `\(`, `\[`, `\begin`, `\ref` and `\eqref`. A text may end
# within one of them.
_LINE_END = re.compile("\r\n?")
_DELIMITER = re.compile(r"\$|\\(?=[(\[]|b|r|e|\Z)")


def escape(text: str, *, quote: bool = False) -> str:
    """Escape a text that is put between two tags; with ``quote``, one that is an attribute.

    Where MathJax would begin or end a formula, the sign gets an element of its own: formulas do
    not go on in another element. So prices stay prices also where a page drops the classes that
    say the same.
    """
    text = _LINE_END.sub("\n", text)
    if quote:
        return html.escape(text)
    return _DELIMITER.sub(r"<span>\g<0></span>", html.escape(text, quote=False))


def whole(body: str, classes: str) -> str:
    """Put the HTML of a whole output into a ``<div>``.

    nbconvert puts it into Markdown, where a blank line ends it and what follows would be read as
    Markdown (CommonMark 4.6): line ends before blank lines become references.
    """
    body = re.sub(r"\n(?=[ \t\f\v]*\n)", "&#10;", _LINE_END.sub("\n", body))
    return visible(f'<div class="{classes}">{body}</div>')


def small(body: str, style: str = "margin:.4em 0") -> str:
    """Put HTML into a block of small, pale letters."""
    return f'<div style="{_SMALL};{style}">{body}</div>'


def pale(text: str) -> str:
    """Draw a word that says something about its neighbours."""
    return f'<span style="{PALE}">{escape(text)}</span>' if text else ""


def label(text: str) -> str:
    """Draw the small title of what follows."""
    return f'<div style="{PALE};font-size:.8em;margin-top:.5em">{escape(text)}</div>'


def mono(text: str) -> str:
    """Draw text with its own spaces and line breaks."""
    return f'<div style="{_MONO}">{escape(text)}</div>'


def code(text: str) -> str:
    """Draw a program."""
    shown = escape(visible(text, in_code=True))
    return f'<pre style="{_BOX}"><code style="{PLAIN}">{shown}</code></pre>'


def printed(text: str) -> str:
    """Draw what a program printed."""
    return f'<pre style="{_BOX}">{escape(text)}</pre>'


def folded(summary: str, body: str, *, is_card: bool = False, is_open: bool = False) -> str:
    """Put HTML into a ``<details>`` whose summary is HTML; without a body it is only a line."""
    if is_card:
        outside, pane = f"{CARD};padding:.35em .8em", "margin:.3em 0 .2em"
    else:
        outside, pane = f"{TEXT};margin:.5em 0", _PANE
    if not body:
        return f'<div style="{outside}">{summary}</div>'
    mark = " open" if is_open else ""
    return (
        f'<details style="{outside}"{mark}><summary style="cursor:pointer">{summary}</summary>'
        f'<div style="{pane}">{body}</div></details>'
    )


def collapsed(summary: str, body: str) -> str:
    """Put HTML into a collapsed ``<details>`` whose summary is a text."""
    return folded(pale(summary), body)
