"""Finds a provider's API key: typed in this session, in the environment, or in the keyring."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from nbstream.core.hidden import LIKE_A_KEY, SECRET_NAME
from nbstream.core.redact import hide_key
from nbstream.providers.session_keys import saved_key, session_key
from nbstream.providers.table import PROVIDERS

if TYPE_CHECKING:
    from nbstream.core.redact import Secret

SESSION, KEYRING = "this session", "the keyring"


def find_key(provider: str, *, keyring: bool = True) -> tuple[Secret | None, str | None]:
    """The key and where it comes from: ``SESSION``, a variable's name or ``KEYRING``.

    It is not checked. Both are None if there is none. The keyring comes last, since the system may
    ask the user to unlock it; ``keyring`` False leaves it out.
    """
    if (typed := session_key(provider)) is not None:
        return typed, SESSION
    if (variable := key_variable(provider)) is not None:
        return _in_environment(variable), variable
    saved = saved_key(provider) if keyring else None
    return saved, None if saved is None else KEYRING


def key_variable(provider: str) -> str | None:
    """The name of the environment variable that has the provider's key, if one does."""
    return next((one for one in PROVIDERS[provider].keys if _in_environment(one)), None)


def known_keys() -> list[Secret]:
    """The keys of all providers that were typed or are in the environment."""
    variables = {name for row in PROVIDERS.values() for name in row.keys}
    found = [*map(session_key, PROVIDERS), *map(_in_environment, variables)]
    return [one for one in found if one]


def secret_variables() -> list[Secret]:
    """The values of all environment variables that are passwords or keys by their name and form."""
    names = [name for name in os.environ if SECRET_NAME.search(name)]
    found = [one for one in map(_in_environment, names) if one]
    return [one for one in found if LIKE_A_KEY.fullmatch(one) and not one.startswith("/")]


def _in_environment(name: str) -> Secret | None:
    """The API key in one environment variable, wrapped so that it is in no repr."""
    # A separate function: a verbose traceback prints the values in a failing line, here the
    # whole environment.
    key: Secret | None = hide_key(os.environ.get(name))
    return key
