r"""Decodes one escape sequence in a JSON string: ``\n``, ``\u00e9``, a surrogate pair.

Half of a pair becomes U+FFFD: UTF-8 cannot encode it.
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
_HALF = "\ufffd"
_INCOMPLETE = re.compile(r"\\(?:u[0-9a-fA-F]{0,3})?")


class Escape(enum.Enum):
    """Why no character could be decoded."""

    INCOMPLETE = "incomplete"
    INVALID = "invalid"


def read_escape(text: str, at: int) -> tuple[str, int] | Escape:
    """Decode the escape at ``at``. Returns the character and the index after the escape."""
    short = _SHORT.get(text[at + 1 : at + 2])
    if short is not None:
        return short, at + 2
    match = _UNICODE.match(text, at)
    if match is None:
        return Escape.INCOMPLETE if _INCOMPLETE.fullmatch(text, at) else Escape.INVALID
    code = int(match[1], 16)
    if 0xD800 <= code < 0xDC00:
        return _pair(code, text, at + 6)
    return (_HALF if 0xDC00 <= code < 0xE000 else chr(code)), at + 6


def _pair(high: int, text: str, at: int) -> tuple[str, int] | Escape:
    """Decode a surrogate pair: ``high`` and the escape at ``at``, which must be its second half."""
    match = _UNICODE.match(text, at)
    if match is None:
        incomplete = at == len(text) or _INCOMPLETE.fullmatch(text, at)
        return Escape.INCOMPLETE if incomplete else (_HALF, at)
    low = int(match[1], 16)
    if not 0xDC00 <= low < 0xE000:
        return _HALF, at
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)), at + 6
