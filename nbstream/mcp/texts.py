"""Makes a server's words harmless for a model and a reader: no hidden characters, no floods."""

from __future__ import annotations

import re
from typing import Any

from nbstream.display.policy import visible

_TAGS = re.compile("[\U000e0000-\U000e0fff]")
"""Characters that no reader sees and a model reads."""


def cleaned(text: str, most: int) -> str:
    r"""``text`` without hidden characters, cut after ``most`` characters, with a note.

    >>> from nbstream.mcp.texts import cleaned
    >>> cleaned("a\x1bb", 10), cleaned("abcdef", 3)
    ('a⟨U+001B⟩b', 'abc\n[cut: 3 of 6 characters]')
    """
    short = visible(_TAGS.sub("", text[:most]))
    if len(text) <= most:
        return short
    return f"{short}\n[cut: {len(text) - most:,} of {len(text):,} characters]"


def line(text: Any, most: int = 200) -> str:
    """A text as one line of at most ``most`` characters."""
    words = " ".join(visible(_TAGS.sub("", str(text)[: most * 2])).split())
    return words if len(words) <= most else f"{words[:most]}..."


def cleaned_json(value: Any) -> Any:
    """A JSON value without hidden characters in its texts.

    Raises:
        RecursionError: it is too deep.
    """
    if isinstance(value, str):
        return visible(_TAGS.sub("", value))
    if isinstance(value, list):
        return [cleaned_json(one) for one in value]
    if isinstance(value, dict):
        return {cleaned_json(str(name)): cleaned_json(one) for name, one in value.items()}
    return value
