r"""Reads one escape in a JSON string: ``\n``, ``\u00e9``, a surrogate pair.

A surrogate without its other half is an error, as in pydantic: text files, browsers and
databases cannot store such a string.
"""

from __future__ import annotations

import enum
import re

_SHORT = {
    '"': '"',
    "\\": "\\",
    "/": "/",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
}
_UNICODE = re.compile(r"\\u([0-9a-fA-F]{4})")
_HALF = re.compile(r"\\(?:u[0-9a-fA-F]{0,3})?")


class Escape(enum.Enum):
    """Why there is no complete escape."""

    HALF = "half"
    WRONG = "wrong"


def read_escape(text: str, at: int) -> tuple[str, int] | Escape:
    """The character that the escape at ``at`` stands for, and where the escape ends."""
    short = _SHORT.get(text[at + 1 : at + 2])
    if short is not None:
        return short, at + 2
    found = _UNICODE.match(text, at)
    if found is None:
        return Escape.HALF if _HALF.fullmatch(text, at) else Escape.WRONG
    code = int(found[1], 16)
    if 0xD800 <= code < 0xDC00:
        return _pair(code, text, at + 6)
    if 0xDC00 <= code < 0xE000:
        return Escape.WRONG
    return chr(code), at + 6


def _pair(high: int, text: str, at: int) -> tuple[str, int] | Escape:
    found = _UNICODE.match(text, at)
    if found is None:
        half = at == len(text) or _HALF.fullmatch(text, at)
        return Escape.HALF if half else Escape.WRONG
    low = int(found[1], 16)
    if not 0xDC00 <= low < 0xE000:
        return Escape.WRONG
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)), at + 6
