"""Helpers for files in the JSON of image and video APIs: base64, data URLs, media types."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from nbstream.core.data_url import data_url, read_data_url
from nbstream.errors import ProtocolError, UsageError

if TYPE_CHECKING:
    from nbstream.core.message import FilePart

_SIGNATURES = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF8", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypqt", "video/quicktime"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1a\x45\xdf\xa3", "video/webm"),
)
"""Offset, bytes and media type (https://mimesniff.spec.whatwg.org)."""

_COMMON_TYPES = frozenset({"image/png", "image/jpeg", "image/webp"})


def media_type(data: bytes, default: str) -> str:
    """The media type of ``data`` by its first bytes; ``default`` if they are unknown."""
    matches = (kind for at, mark, kind in _SIGNATURES if data[at : at + len(mark)] == mark)
    return next(matches, default)


def check_picture(picture: FilePart, model: str) -> None:
    """Check that an image is a PNG, JPEG or WebP.

    Raises:
        UsageError: it is of another type.
    """
    if picture.media_type not in _COMMON_TYPES:
        raise UsageError(
            f"{model} takes png, jpeg and webp; this picture is {picture.media_type}.",
            remedy="Convert it first.",
        )


def url_or_data_url(file: FilePart) -> str:
    """The address of a file, or its content as a data URL."""
    return (file.url or "") if file.data is None else data_url(file.media_type, file.data)


def base64_content(file: FilePart, model: str) -> str:
    """The content of an image in base64, for a provider that does not download images.

    Raises:
        UsageError: the content is not known, only the address.
    """
    try:
        data = read_data_url(file.url or "")[1] if file.data is None else file.data
    except ValueError:
        raise UsageError(
            f"{model} takes pictures as bytes, not as an address.",
            remedy="Read the file and give its bytes.",
        ) from None
    return encode_base64(data)


def encode_base64(data: bytes) -> str:
    """Encode bytes as base64 text."""
    return base64.b64encode(data).decode()


def decode_base64(text: Any) -> bytes:
    """The bytes of base64 text.

    Raises:
        ProtocolError: it is not base64.
    """
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, TypeError, ValueError):
        raise ProtocolError("The server sent a file that is not valid base64.") from None
