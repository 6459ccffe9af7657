"""A text that is not shown: an API key on its way to a header.

It is a ``str`` in every respect but its repr, which is what tracebacks,
debuggers and logs print of a variable.
"""

from __future__ import annotations


class Secret(str):
    """A key; ``repr`` hides it, formatting does not."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'[key]'"
