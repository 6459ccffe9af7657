"""API keys that the user typed: for this session, in memory, or saved in the system's keyring.

The keyring is that of the package ``keyring``, if it is installed. A key is kept under the name of
the provider's environment variable, so that ``openai`` and ``openai-chat`` share one.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from nbstream.core.redact import Secret, hide_key, redact
from nbstream.errors import UsageError
from nbstream.providers.keys import check_key
from nbstream.providers.table import PROVIDERS

SERVICE = "nbstream"
"""The keyring's name for this package."""

_keys: dict[str, Secret] = {}


def set_key(provider: str, key: str) -> None:
    """Use ``key`` for the provider's models from now on, before those of the environment.

    Raises:
        UsageError: the key cannot be sent in a header.
    """
    hidden = hide_key(key)
    check_key(hidden, "what was typed")
    _keys[_name(provider)] = hidden


def session_key(provider: str) -> Secret | None:
    """The key that was typed for a provider; None if there is none."""
    return _keys.get(_name(provider))


def save_key(provider: str, key: str) -> None:
    """Keep ``key`` in the system's keyring, for all sessions.

    Raises:
        UsageError: the key cannot be sent in a header, or there is no keyring that takes it.
    """
    hidden = hide_key(key)
    check_key(hidden, "what was typed")
    keyring = _keyring()
    if keyring is None:
        raise UsageError(
            "To save a key, nbstream needs the package keyring.",
            remedy="%pip install 'nbstream[keyring]', or leave out --save.",
        )
    try:
        keyring.set_password(SERVICE, _name(provider), str(hidden))
    except Exception as error:  # noqa: BLE001 - each keyring has its own
        raise _unusable(error, hidden) from None


def saved_key(provider: str) -> Secret | None:
    """The key in the system's keyring; None if there is none, or no keyring that can be read."""
    keyring = _keyring()
    if keyring is None:
        return None
    try:
        found: Secret | None = hide_key(keyring.get_password(SERVICE, _name(provider)))
        check_key(found, "the keyring")
    except Exception:  # noqa: BLE001 - a locked keyring, or none
        return None
    return found


def forget_key(provider: str) -> bool:
    """Forget the key of this session and the saved one; False if there was neither."""
    typed = _keys.pop(_name(provider), None)
    keyring = _keyring()
    saved = None if keyring is None else saved_key(provider)
    if keyring is not None and saved is not None:
        try:
            keyring.delete_password(SERVICE, _name(provider))
        except Exception as error:  # noqa: BLE001 - each keyring has its own
            raise _unusable(error, saved) from None
    return typed is not None or saved is not None


def _name(provider: str) -> str:
    """The name that a provider's key has: its environment variable."""
    return PROVIDERS[provider].keys[0]


def _keyring() -> Any:
    """The package ``keyring``; None if it is not installed."""
    if find_spec("keyring") is None:
        return None
    import keyring

    return keyring


def _unusable(error: Exception, key: Secret) -> UsageError:
    """What to say if the keyring fails; its own words might hold the key."""
    words = redact(f"{type(error).__name__}: {error}", [key])
    return UsageError(
        f"The system's keyring cannot be used. {words}",
        remedy="Unlock it, or use the environment variable or %llm key without --save.",
    )
