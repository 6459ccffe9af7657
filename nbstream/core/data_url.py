"""Reads and writes ``data:`` URLs (RFC 2397), which contain their file. Also reads base64."""

from __future__ import annotations

import base64
from string import ascii_letters, digits
from urllib.parse import unquote_to_bytes


def is_data_url(url: str | None) -> bool:
    """Whether ``url`` is a ``data:`` URL."""
    return (url or "")[:5].lower() == "data:"


def data_url(media_type: str, data: bytes) -> str:
    """The ``data:`` URL of ``data``."""
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"


def read_data_url(url: str) -> tuple[str, bytes]:
    """The media type in ``url``, empty if it has none, and the bytes.

    Raises:
        ValueError: it is not a ``data:`` URL, or its base64 is broken; its text says how.
    """
    head, comma, body = url.partition(",")
    if not is_data_url(head):
        raise ValueError("it does not begin with data:")
    if not comma:
        raise ValueError("it has no comma before its data")
    media_type = head[5:].partition(";")[0].strip()
    # In base64, "+" and "/" may be written as "%2B" and "%2F".
    data = unquote_to_bytes(body)
    return media_type, read_base64(data) if is_base64(url) else data


def is_base64(url: str) -> bool:
    """Whether a ``data:`` URL is marked as base64."""
    return url.partition(",")[0].lower().replace(" ", "").endswith(";base64")


_SPACE = b" \t\n\f\r"
_ALPHABET = (ascii_letters + digits + "+/").encode()
_URL_SAFE = bytes.maketrans(b"-_", b"+/")


def read_base64(given: str | bytes) -> bytes:
    """The bytes that ``given`` encodes, as browsers read it.

    White space is passed over and the padding may be missing
    (https://infra.spec.whatwg.org/#forgiving-base64-decode); ``-`` and ``_`` are read too.

    Raises:
        ValueError: it is not base64; the text says why, without showing the data.
    """
    data = given.encode(errors="replace") if isinstance(given, str) else given
    data = data.translate(_URL_SAFE, delete=_SPACE).rstrip(b"=")
    if data.translate(None, delete=_ALPHABET):
        raise ValueError("its data has characters that are not base64")
    if len(data) % 4 == 1:
        raise ValueError("its base64 is cut off")
    return base64.b64decode(data + b"=" * (-len(data) % 4))
