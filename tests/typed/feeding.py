"""Feeding a Partial as a slow model would."""

from typing import Any

from nbstream.typed import Partial


def fed(of: Any, text: str) -> Any:
    """A Partial that was fed one character at a time."""
    partial: Partial[Any] = Partial(of)
    for character in text:
        partial.feed(character)
    return partial


def shown(of: Any, text: str) -> Any:
    """What it shows."""
    return fed(of, text).partial
