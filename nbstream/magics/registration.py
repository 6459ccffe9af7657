"""Registers the magics with a shell, beside those of other extensions, and removes them again."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from nbstream.magics import manual
from nbstream.magics.line import llm_line
from nbstream.magics.llm import llm, llm_awaited
from nbstream.magics.names import AWAITED, MAGIC, OWN

if TYPE_CHECKING:
    from collections.abc import Callable

    from IPython.core.interactiveshell import InteractiveShell

llm.__doc__, llm_line.__doc__ = manual.CELL, manual.LINE  # what `?` shows

_OURS: list[tuple[str, str, Callable[..., Any]]] = [
    *(("cell", name, llm) for name in (MAGIC, OWN)),
    *(("line", name, llm_line) for name in (MAGIC, OWN)),
]
_WHILE_AWAITING = ("cell", AWAITED, llm_awaited)

_put_aside: WeakKeyDictionary[InteractiveShell, dict[tuple[str, str], Any]] = WeakKeyDictionary()
"""The magics of other extensions that ours replaced, by kind and name."""


def register(shell: InteractiveShell, *, awaits: bool) -> None:
    """Register the magics; one that is there already is put aside, with a warning."""
    there = shell.magics_manager.magics
    aside = _put_aside.setdefault(shell, {})
    for kind, name, function in [*_OURS, *([_WHILE_AWAITING] if awaits else [])]:
        other = there[kind].get(name)
        if other is not None:
            aside[kind, name] = other
        shell.magics_manager.register_function(function, magic_kind=kind, magic_name=name)
    if other := aside.get(("cell", MAGIC)):
        print(  # noqa: T201 - a warning that stands below the cell, without a place in our code
            f"nbstream: %%{MAGIC} of {_owner(other)} is put aside until %unload_ext nbstream."
            f" If that one is loaded again, use %%{OWN} for this one.",
            file=sys.stderr,
        )


def unregister(shell: InteractiveShell) -> None:
    """Remove our magics, and bring back those that were put aside."""
    there = shell.magics_manager.magics
    aside = _put_aside.pop(shell, {})
    for kind, name, function in [*_OURS, _WHILE_AWAITING]:
        if there[kind].get(name) is function:
            del there[kind][name]
            if (kind, name) in aside:
                there[kind][name] = aside[kind, name]


def is_ours(shell: InteractiveShell, name: str) -> bool:
    """Whether the cell magic of that name is this one, and not another extension's."""
    return shell.magics_manager.magics["cell"].get(name) is llm


def _owner(magic: Any) -> str:
    """The package that a magic comes from."""
    owner = getattr(magic, "__self__", None)
    module = getattr(magic if owner is None else type(owner), "__module__", "")
    return module.partition(".")[0] or "another extension"
