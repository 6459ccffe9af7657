"""Files as image and video models take and give them: base64, addresses, first bytes.

Knows how a file stands in JSON. Refuses to know any provider's shape, and what
a file is for.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from nbstream.core.data_url import data_url, read_data_url
from nbstream.errors import ProtocolError, UsageError

if TYPE_CHECKING:
    from nbstream.core.message import FilePart

_OPENINGS = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF8", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypqt", "video/quicktime"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1a\x45\xdf\xa3", "video/webm"),
)
"""Where each kind of file says what it is (https://mimesniff.spec.whatwg.org)."""

_TAKEN = frozenset({"image/png", "image/jpeg", "image/webp"})


def media_type(data: bytes, default: str) -> str:
    """What ``data`` is by its first bytes; ``default`` if they do not say."""
    found = (kind for at, mark, kind in _OPENINGS if data[at : at + len(mark)] == mark)
    return next(found, default)


def check_picture(picture: FilePart, model: str) -> None:
    """See that a picture is of a kind that those take who take no more than the usual three.

    Raises:
        UsageError: it is another.
    """
    if picture.media_type not in _TAKEN:
        raise UsageError(
            f"{model} takes png, jpeg and webp; this picture is {picture.media_type}.",
            remedy="Convert it first.",
        )


def address(file: FilePart) -> str:
    """Where a file is, or all of it as a data URL."""
    return (file.url or "") if file.data is None else data_url(file.media_type, file.data)


def in_bytes(file: FilePart, model: str) -> str:
    """A picture's bytes in base64, for a provider that fetches nothing.

    Raises:
        UsageError: only its address is known.
    """
    try:
        data = read_data_url(file.url or "")[1] if file.data is None else file.data
    except ValueError:
        raise UsageError(
            f"{model} takes pictures as bytes, not as an address.",
            remedy="Read the file and give its bytes.",
        ) from None
    return encoded(data)


def encoded(data: bytes) -> str:
    """Bytes as base64 text."""
    return base64.b64encode(data).decode()


def decoded(text: Any) -> bytes:
    """The bytes of base64 text.

    Raises:
        ProtocolError: it is none.
    """
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, TypeError, ValueError):
        raise ProtocolError("The server sent a file that is no base64.") from None
