"""``%llm chats``, ``forget`` and ``branch``: the chats that are kept."""

from __future__ import annotations

import time

from nbstream.errors import UsageError
from nbstream.magics import chats as kept
from nbstream.magics.chats import store


def chats() -> None:
    """Print the chats, the one that changed last first."""
    found = store().chats()
    width = max((len(one.name) for one in found), default=0)
    for one in found:
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(one.changed))
        turns = f"{one.turns:3} turn{' ' if one.turns == 1 else 's'}"
        print(f"{one.name:{width}}  {turns}  {when}")  # noqa: T201
    if not found:
        print("No chats. %%llm -c NAME begins one.")  # noqa: T201


def forget(name: str) -> None:
    """Remove a chat for good.

    Raises:
        UsageError: there is no such chat.
    """
    if not kept.forget(name):
        raise UsageError(f"There is no chat called {name!r}.", remedy="%llm chats lists them.")
    print(f"{name} is removed for good.")  # noqa: T201


def branch(name: str, new: str) -> None:
    """Copy a chat to a new name, to go on with both.

    Raises:
        UsageError: there is no such chat, or the new name is taken.
    """
    count = store().branch(name, new)
    print(f"{new} has the {count} turn{'' if count == 1 else 's'} of {name}.")  # noqa: T201
