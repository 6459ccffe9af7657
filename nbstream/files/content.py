"""Finds the media type of a file by its bytes, not by its name, and decodes texts.

Sources: the formats' own specifications, as gathered in
https://mimesniff.spec.whatwg.org and
https://www.iana.org/assignments/media-types.
"""

from __future__ import annotations

import codecs
import re

from nbstream.errors import UsageError

# (offset, bytes, media type); the first that fits wins.
_STARTS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"BM", "image/bmp"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"OggS", "audio/ogg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"\x1f\x8b", "application/gzip"),
)
# A container names its content some bytes later.
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_FORM = {b"AIFF": "audio/aiff", b"AIFC": "audio/aiff"}
_BRANDS = {
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"mif1": "image/heif",
    b"msf1": "image/heif",
    b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4",
    b"qt  ": "video/quicktime",
}

# MPEG audio and AAC (ADTS): eleven or twelve bits of sync, then the layer.
_MPEG = {0xFB, 0xFA, 0xF3, 0xF2, 0xE3, 0xE2}
_ADTS = {0xF1, 0xF9}

_SVG = re.compile(rb"\s*(?:<\?xml[^>]*>|<!--.*?-->|<!DOCTYPE[^>]*>|\s)*<svg[\s>]", re.DOTALL)
_HEAD = 4096

KNOWN = {
    *(kind for _, _, kind in _STARTS),
    *_RIFF.values(),
    *_FORM.values(),
    *_BRANDS.values(),
    *("image/svg+xml", "audio/aac", "video/mp4"),
}
"""The types that can be recognised by their bytes."""


def media_type(data: bytes) -> str | None:
    """The media type of ``data``; ``text/plain`` for any text; None if it is not recognised."""
    for offset, start, kind in _STARTS:
        # A text may begin with "BM" or "ID3", but a binary file is not valid UTF-8.
        if data.startswith(start, offset) and not (start.isalnum() and is_text(data)):
            return kind
    return _container(data) or _audio(data) or _text(data)


def _container(data: bytes) -> str | None:
    """The type of RIFF, AIFF and ISO media files, which name their content some bytes later."""
    head, held = data[:4], data[8:12]
    if head == b"RIFF":
        return _RIFF.get(held)
    if head == b"FORM":
        return _FORM.get(held)
    # ISO base media (ISO/IEC 14496-12): MP4, HEIF and the like.
    return _BRANDS.get(held, "video/mp4") if data[4:8] == b"ftyp" else None


def _audio(data: bytes) -> str | None:
    """The type of MPEG and AAC audio, by its first two bytes."""
    if data[:1] != b"\xff" or len(data) < 2:
        return None
    if data[1] in _MPEG:
        return "audio/mpeg"
    return "audio/aac" if data[1] in _ADTS else None


def _text(data: bytes) -> str | None:
    if not is_text(data):
        return None
    return "image/svg+xml" if _SVG.match(data[:_HEAD]) else "text/plain"


def is_text(data: bytes) -> bool:
    """Whether ``data`` can be read as UTF-8 text."""
    head = data[:_HEAD]
    if not head or b"\x00" in head:
        return False
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 3 and len(data) > len(head)  # cut inside a character
    return True


# UTF-32 first: its mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([\w.:+-]+)", re.IGNORECASE)


def charset(media_type: str | None) -> str | None:
    """The encoding that a media type names; None for UTF-8."""
    found = _CHARSET.search(media_type or "")
    named = found[1].lower() if found else None
    return None if named in {"utf-8", "utf8", "us-ascii"} else named


def has_mark(data: bytes) -> bool:
    """Whether ``data`` is a text that begins with a byte order mark."""
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    if encoding is None:
        return False
    try:
        return "\0" not in data.decode(encoding)
    except UnicodeDecodeError:
        return False


def as_utf8(data: bytes, encoding: str | None, name: str | None) -> bytes:
    """A text as UTF-8 without a byte order mark; ``encoding`` None: the mark tells it.

    Raises:
        UsageError: Python does not have the encoding, or the bytes are not of it.
    """
    if encoding is None or has_mark(data):
        encoding = next((kind for mark, kind in _MARKS if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding).encode()
    except LookupError:
        raise UsageError(
            f"charset={encoding} is not an encoding that Python has.",
            remedy="Write one such as cp1252, latin-1, shift_jis or utf-16.",
        ) from None
    except UnicodeError:
        raise UsageError(
            f"{name or 'The text'} is not encoded as {encoding}.",
            remedy="Write its own encoding in media_type=, after charset=.",
        ) from None


def check_utf8(data: bytes, kind: str, name: str | None) -> None:
    """Check that a text is UTF-8, as all providers want it.

    Raises:
        UsageError: it is not; the remedy says how to name its encoding.
    """
    at = data.find(b"\0", 0, _HEAD)  # UTF-16 without a mark may pass as UTF-8
    if at < 0:
        try:
            data.decode()
        except UnicodeDecodeError as error:
            at = error.start
    if at >= 0:
        example = "cp1252" if data[at] else "utf-16-le"
        raise UsageError(
            f"{name or 'The text'} is not UTF-8: byte {at} is 0x{data[at]:02X}.",
            remedy=f'Name its encoding, such as media_type="{kind}; charset={example}", or pass'
            ' path.read_text(encoding="...").encode().',
        )
