"""``%llm key``: asks for an API key, and keeps it for the session or in the system's keyring."""

from __future__ import annotations

import difflib
import re
from getpass import getpass

from IPython.core.error import StdinNotImplementedError

from nbstream.core.redact import hide_key
from nbstream.errors import UsageError
from nbstream.magics.keys_in_cells import IN_A_CELL
from nbstream.providers.key_sources import key_variable
from nbstream.providers.session_keys import forget_key, save_key, set_key
from nbstream.providers.table import ALIASES, PROVIDERS

_NAME = re.compile(r"[a-z_.-]{0,20}", re.IGNORECASE)  # what is longer may be a key
SAVE, FORGET = "--save", "--forget"


def key(*words: str) -> None:
    """Ask for a provider's key without showing it: ``PROVIDER [--save|--forget]``.

    An empty key changes nothing.

    Raises:
        UsageError: no such provider, the key cannot be sent, the front end cannot ask, or there
            is no keyring to save it in.
    """
    given = next((word for word in words if not word.startswith("-")), "")
    name = ALIASES.get(given, given)
    if name not in PROVIDERS:
        raise _unknown(given)
    options = set(words) - {given}
    if len(options) > 1 or not options <= {SAVE, FORGET}:
        raise UsageError(
            "%llm key PROVIDER takes --save or --forget.",
            remedy=IN_A_CELL,
        )
    if FORGET in options:
        there = forget_key(name)
        print(f"The key of {name} is forgotten." if there else f"No key of {name} was typed.")  # noqa: T201
        if variable := key_variable(name):
            print(f"The one in {variable} is used: del os.environ[{variable!r}] removes it.")  # noqa: T201
        return
    try:
        # Hidden at once: a verbose traceback prints variables.
        typed = hide_key(getpass(f"API key of {name}: "))
    except StdinNotImplementedError:
        variable = PROVIDERS[name].keys[0]
        raise UsageError(
            "This front end cannot ask for a key.",
            remedy=f"Set {variable} in the environment of the kernel.",
        ) from None
    if typed is None:
        print("Nothing was typed, and nothing changed.")  # noqa: T201
    elif SAVE in options:
        save_key(name, typed)
        print(f"The key of {name} is in the system's keyring, for all sessions.")  # noqa: T201
    else:
        set_key(name, typed)
        print(f"The key of {name} counts until the kernel ends.")  # noqa: T201


def _unknown(given: str) -> UsageError:
    """The error for a word that names no provider that takes a key. It never shows a key."""
    if given == "local":
        return UsageError("The model on this machine needs no key.", remedy="Write %%llm -m local.")
    if not _NAME.fullmatch(given):
        return UsageError(
            "There is no provider of that name.", remedy=f"Known: {', '.join(PROVIDERS)}."
        )
    near = [name for name, one in PROVIDERS.items() if given.upper() in one.keys]
    near = near or difflib.get_close_matches(given.lower(), PROVIDERS, n=1)
    meant = f"Did you mean %llm key {near[0]}? " if near else ""
    return UsageError(
        f"There is no provider called {given!r}.", remedy=f"{meant}Known: {', '.join(PROVIDERS)}."
    )
