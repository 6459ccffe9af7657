"""Makes a text safe for a terminal, which obeys the control characters in it."""

from __future__ import annotations


def printable(text: str) -> str:
    r"""``text`` with U+FFFD for what has no sign, such as control characters.

    Line ends and tabs stay.

    >>> printable("a\x1b[2Jb\n")
    'a\ufffd[2Jb\n'
    """
    return "".join(one if one.isprintable() or one in "\n\t" else "\ufffd" for one in text)
