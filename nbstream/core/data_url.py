"""Reads and writes ``data:`` URLs (RFC 2397), which contain their file."""

from __future__ import annotations

import base64
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
        ValueError: it is not a ``data:`` URL, or its base64 is broken.
    """
    head, comma, body = url.partition(",")
    if not comma or not is_data_url(head):
        raise ValueError("This is not a data: address.")
    is_base64 = head.endswith(";base64")
    media_type = head[5:].partition(";")[0]
    # In base64, "+" and "/" may be written as "%2B" and "%2F".
    data = unquote_to_bytes(body)
    return media_type, base64.b64decode(data) if is_base64 else data
