"""Draws a file: an image if its bytes are known, else its name and size. Nothing is fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbstream.core.data_url import data_url
from nbstream.core.file_part import PICTURES, size
from nbstream.display.html import elements
from nbstream.display.html.elements import escape
from nbstream.display.policy import web_address

if TYPE_CHECKING:
    from nbstream.core.message import FilePart
    from nbstream.display.html.parts import Drawing

_BOX = (
    f"display:inline-block;box-sizing:border-box;max-width:100%;border:{elements.LINE};"
    "border-radius:6px;padding:.4em .85em;margin:.4em 0;overflow-wrap:anywhere"
)
_REL = "noopener noreferrer nofollow"
_MAX_URL = 200  # characters


def file(part: FilePart, _drawing: Drawing) -> str:
    """Draw an image whose bytes are known. Other files are only named and never loaded."""
    name = part.filename or ""
    if part.data is not None and part.media_type in PICTURES:
        source = data_url(part.media_type, part.data)
        picture = (
            f'<img src="{source}" alt="{escape(name, quote=True)}" '
            'style="max-width:100%;max-height:34em;border-radius:6px">'
        )
        return picture + (elements.small(escape(name), "margin:.2em 0 .6em") if name else "")
    facts = [part.media_type, size(len(part.data)) if part.data is not None else ""]
    words = [escape(name), _address(part.url or ""), elements.pale(" · ".join(filter(None, facts)))]
    return f'<div><span style="{_BOX}">{" &nbsp;".join(filter(None, words))}</span></div>'


def _address(url: str) -> str:
    """Draw a file's address, as a link if it is one that may be followed."""
    if not url:
        return ""
    shown = escape(url if len(url) <= _MAX_URL else url[:_MAX_URL] + "…")
    link = web_address(url)
    if link is None:
        return shown
    return f'<a href="{escape(link.href, quote=True)}" rel="{_REL}">{shown}</a>'
