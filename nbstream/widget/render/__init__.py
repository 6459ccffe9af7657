"""The static faces of a stream: what a saved notebook shows without a kernel.

HTML for viewers and nbconvert, Markdown for those who read the file, plain
text for terminals. No script, no style sheet, nothing fetched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbstream.widget.render.html import html
from nbstream.widget.render.markdown import markdown
from nbstream.widget.render.plain import plain
from nbstream.widget.unicode import encodable

if TYPE_CHECKING:
    from nbstream.streams import Stream

__all__ = ["bundle", "html", "markdown", "plain", "words"]


def bundle(stream: Stream) -> dict[str, str]:
    """The answer under each static mime type."""
    found = {"text/html": html(stream), "text/markdown": markdown(stream)}
    return encodable(found) | words(stream)


def words(stream: Stream) -> dict[str, str]:
    """The answer under the one that holds no pictures and costs next to nothing."""
    return encodable({"text/plain": plain(stream)})
