"""The authentication headers that several wire formats share."""

from __future__ import annotations


def bearer(api_key: str, header: str | None = None) -> dict[str, str]:
    """A bearer token (RFC 6750); with ``header``, the key in that header instead."""
    return {header: api_key} if header else {"Authorization": f"Bearer {api_key}"}


def google(api_key: str) -> dict[str, str]:
    """Google's key header."""
    return {"x-goog-api-key": api_key}
