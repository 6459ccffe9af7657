"""``%llm key``: asks for an API key and keeps it for the session."""

from __future__ import annotations

from getpass import getpass

from nbstream.errors import UsageError
from nbstream.providers.names import split
from nbstream.providers.session_keys import set_key
from nbstream.providers.table import PROVIDERS


def key(provider: str) -> None:
    """Ask for a provider's key without showing it. An empty one changes nothing.

    Raises:
        UsageError: no such provider, or the key cannot be sent.
    """
    name, _ = split(provider)
    if name not in PROVIDERS:
        raise UsageError(
            f"There is no provider called {provider!r}.", remedy=f"Known: {', '.join(PROVIDERS)}."
        )
    typed = getpass(f"API key of {name}: ").strip()
    if typed:
        set_key(name, typed)
        print(f"The key of {name} counts until the kernel ends.")  # noqa: T201
