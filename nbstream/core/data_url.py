"""``data:`` addresses (RFC 2397): files that stand in their own address.

Knows how one is written and read. Refuses to know what the file is for, and
what to do about an address of another kind.
"""

from __future__ import annotations

import base64
from urllib.parse import unquote_to_bytes


def is_data_url(url: str | None) -> bool:
    """Whether ``url`` holds its file itself."""
    return (url or "")[:5].lower() == "data:"


def data_url(media_type: str, data: bytes) -> str:
    """The address that holds ``data``."""
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"


def read_data_url(url: str) -> tuple[str, bytes]:
    """The media type that ``url`` names, empty if none, and the bytes in it.

    Raises:
        ValueError: it is no ``data:`` address, or not base64 though it says so.
    """
    head, comma, body = url.partition(",")
    if not comma or not is_data_url(head):
        raise ValueError("This is no data: address.")
    is_base64 = head.endswith(";base64")
    media_type = head[5:].partition(";")[0]
    # Base64 may have its "+" and "/" written as "%2B" and "%2F".
    data = unquote_to_bytes(body)
    return media_type, base64.b64decode(data) if is_base64 else data
