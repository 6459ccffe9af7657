"""Draws an answer in Python: as static HTML, Markdown and plain text, or printed in a terminal.

A saved notebook holds all three forms: HTML for viewers and nbconvert, Markdown for
readers of the file, plain text for terminals. No script, no style sheet, and nothing is
fetched. The package also detects where the code runs, and serves cells that are interrupted
or fail.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbstream.display.html import html, unfinished
from nbstream.display.markdown import markdown
from nbstream.display.plain import plain
from nbstream.display.sanitize import encodable, printable

if TYPE_CHECKING:
    from nbstream.streams import Stream

__all__ = ["bundle", "html", "markdown", "plain", "text_bundle"]


def bundle(stream: Stream, *, widget_id: str = "") -> dict[str, str]:
    """The answer as a MIME bundle: static HTML, Markdown and plain text.

    ``widget_id`` names the widget whose view a page may show in place of the HTML.
    """
    found = {"text/html": html(stream, widget_id=widget_id), "text/markdown": markdown(stream)}
    return encodable(found) | text_bundle(stream)


def text_bundle(stream: Stream, *, widget_id: str = "") -> dict[str, str]:
    """The answer as a MIME bundle of plain text only, without images: cheap enough to repeat.

    With a ``widget_id`` (see ``bundle``) it is the same text as HTML, marked as unfinished.
    """
    text = printable(plain(stream), None)
    if widget_id:
        return {"text/html": unfinished(text, widget_id=widget_id)}
    return {"text/plain": text}
