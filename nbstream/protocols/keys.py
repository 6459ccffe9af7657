"""How a key is carried by the wire formats that share a way.

Knows headers. Refuses to know whose key it is.
"""

from __future__ import annotations


def bearer(api_key: str, header: str | None = None) -> dict[str, str]:
    """A bearer token (RFC 6750), or the ``header`` that the server wants the key in instead."""
    return {header: api_key} if header else {"Authorization": f"Bearer {api_key}"}


def google(api_key: str) -> dict[str, str]:
    """Google's own header."""
    return {"x-goog-api-key": api_key}
