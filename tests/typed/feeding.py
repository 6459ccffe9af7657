"""Feeds a ``Partial`` one character at a time."""

from typing import Any

from nbstream.typed import Partial


def fed(of: Any, text: str) -> Any:
    """A ``Partial`` that was fed ``text`` one character at a time."""
    partial: Partial[Any] = Partial(of)
    for character in text:
        partial.feed(character)
    return partial


def shown(of: Any, text: str) -> Any:
    """The value that such a ``Partial`` shows."""
    return fed(of, text).partial
