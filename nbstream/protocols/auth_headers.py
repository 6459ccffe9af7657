"""Makes the HTTP headers for authentication that several wire formats share."""

from __future__ import annotations


def bearer(api_key: str, header: str | None = None) -> dict[str, str]:
    """The header ``Authorization`` with a bearer token (RFC 6750), or the key in ``header``."""
    return {header: api_key} if header else {"Authorization": f"Bearer {api_key}"}


def google(api_key: str) -> dict[str, str]:
    """The key in Google's header ``x-goog-api-key``."""
    return {"x-goog-api-key": api_key}
