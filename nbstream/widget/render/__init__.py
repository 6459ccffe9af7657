"""The static faces of a stream: what a saved notebook shows without a kernel.

HTML for viewers and nbconvert, Markdown for those who read the file, plain
text for terminals. No script, no style sheet, nothing fetched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbstream.widget.render.html import html
from nbstream.widget.render.markdown import markdown

if TYPE_CHECKING:
    from nbstream.streams import Stream

__all__ = ["bundle", "html", "markdown"]


def bundle(stream: Stream) -> dict[str, str]:
    """The answer under each static mime type."""
    return {
        "text/html": html(stream),
        "text/markdown": markdown(stream),
        "text/plain": stream.text or repr(stream),
    }
