"""The static faces of a stream: what a saved notebook shows without a kernel.

HTML for viewers and nbconvert, Markdown for those who read the file, plain
text for terminals. No script, no style sheet, nothing fetched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbstream.display.html import html, mono
from nbstream.display.markdown import markdown
from nbstream.display.plain import plain
from nbstream.display.sanitize import encodable

if TYPE_CHECKING:
    from nbstream.streams import Stream

__all__ = ["bundle", "html", "markdown", "plain", "words"]


def bundle(stream: Stream, *, widget_id: str = "") -> dict[str, str]:
    """The answer under each static mime type.

    ``widget_id`` names the widget whose view a page may show in place of the HTML.
    """
    found = {"text/html": html(stream, widget_id=widget_id), "text/markdown": markdown(stream)}
    return encodable(found) | words(stream)


def words(stream: Stream, *, widget_id: str = "") -> dict[str, str]:
    """The answer once, with no pictures, which costs next to nothing.

    As plain text; with a ``widget_id`` (see ``bundle``), as HTML that shows this text.
    """
    text = encodable(plain(stream))
    return {"text/html": mono(text, widget_id=widget_id)} if widget_id else {"text/plain": text}
