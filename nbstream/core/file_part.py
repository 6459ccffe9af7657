"""``FilePart``: a file in a message, as bytes or as an address, which a notebook can display.

``is_text`` and ``size`` are for all code that handles files. An address is never fetched here.
``FilePart.save`` is the only I/O in the core. ``nbstream.files`` makes file parts from files on
disk.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from nbstream.core.data_url import data_url
from nbstream.core.printable import printable
from nbstream.core.rounding import one_decimal

if TYPE_CHECKING:
    from os import PathLike

PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp")
"""Image types that cannot run code. An SVG is a document that may contain scripts."""

_LARGEST_VIDEO = 32 * 1024 * 1024
"""Bytes. Editors fail to open a notebook that contains much more."""

_WRITTEN = {"json", "jsonl", "xml", "yaml", "toml", "javascript", "sql", "x-sh", "x-python"}

# Front ends show these under their own media type; the others need an <img>.
_OWN_MIMES = ("image/png", "image/jpeg", "image/gif")


@dataclass(frozen=True, slots=True)
class FilePart:
    """A file: its bytes or its address. One of ``data`` and ``url`` is given.

    As the last line of a cell it draws itself: an image, audio or video whose bytes are
    in ``data``. An address is shown as text and not fetched.

    >>> part = nbstream.messages.FilePart("text/plain", b"Hello.", filename="hello.txt")
    >>> print(part)
    hello.txt: text/plain, 6 B
    >>> part.save("copy.txt").read_bytes()
    b'Hello.'
    """

    kind: ClassVar[str] = "file"
    type: ClassVar[str] = "file"
    """As ``kind``; an answer of Anthropic's has no such block."""
    part_kind: ClassVar[str] = "file"
    """PydanticAI's tag of this part."""
    media_type: str
    data: bytes | None = field(default=None, repr=False)
    url: str | None = None
    filename: str | None = None
    provider_metadata: dict[str, Any] = field(default_factory=dict)

    @property
    def content(self) -> Self:
        """The file itself, in PydanticAI's word: it has ``data`` and ``media_type``."""
        return self

    def save(self, path: str | PathLike[str]) -> Path:
        """Write the bytes to ``path``, and return the path. Overwrites an existing file.

        Raises:
            ValueError: there are no bytes, only an address.
            OSError: writing failed.
        """
        if self.data is None:
            raise ValueError(f"This file has no bytes, only an address: {self.url}.")
        target = Path(path)
        target.write_bytes(self.data)
        return target

    def __str__(self) -> str:
        """Its name, media type and size."""
        # A data: address is as long as its file.
        where = (self.url or "empty")[:100] if self.data is None else size(len(self.data))
        name = f"{self.filename}: " if self.filename else ""
        return printable(f"{name}{self.media_type}, {where}")

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """What IPython displays."""
        bundle = {"text/plain": f"<file {self}>"}
        if self.data is None:
            return bundle
        if self.media_type in _OWN_MIMES:
            bundle[self.media_type] = base64.b64encode(self.data).decode()
        elif frame := self._frame():
            bundle["text/html"] = frame.format(data_url(escape(self.media_type), self.data))
        return bundle

    def _frame(self) -> str | None:
        """The HTML that shows it, with ``{}`` for the address; None if it is not shown."""
        if self.media_type in PICTURES:
            return '<img src="{}" style="max-width:100%">'
        if self.media_type.startswith("audio/"):
            return '<audio controls src="{}"></audio>'
        if self.media_type.startswith("video/") and len(self.data or b"") <= _LARGEST_VIDEO:
            return '<video controls src="{}" style="max-width:100%"></video>'
        return None


def is_text(media_type: str) -> bool:
    """Whether a file of that media type is text, even if the type is not ``text/...``."""
    first, _, kind = media_type.partition(";")[0].strip().lower().partition("/")
    # RFC 6839: the suffix names the syntax.
    written = kind in _WRITTEN or kind.endswith(("+json", "+xml", "+yaml"))
    return first == "text" or (first == "application" and written)


def size(count: int) -> str:
    """A number of bytes for people: 812 B, 12.3 kB, 4.0 MB."""
    if count < 1000:
        return f"{count} B"
    if count < 1_000_000:
        return f"{one_decimal(count / 1000)} kB"
    return f"{one_decimal(count / 1_000_000)} MB"
