"""API keys that the user typed in this session; they are kept in memory only."""

from __future__ import annotations

from nbstream.core.redact import Secret, hide_key
from nbstream.providers.keys import check_key

_keys: dict[str, Secret] = {}


def set_key(provider: str, key: str) -> None:
    """Use ``key`` for the provider's models from now on, before those of the environment.

    Raises:
        UsageError: the key cannot be sent in a header.
    """
    check_key(key, "what was typed")
    hidden = hide_key(key)
    assert hidden is not None
    _keys[provider] = hidden


def session_key(provider: str) -> Secret | None:
    """The key that was typed for a provider; None if there is none."""
    return _keys.get(provider)
