"""Text that can be sent and stored.

Knows that half of a surrogate pair has no UTF-8, and that a terminal may have
less than that. A provider's wire is decoded without such halves; a user's own
source of events may hold them. Refuses to know where the text goes.
"""

from __future__ import annotations

import re
from typing import TypeVar, cast

T = TypeVar("T")

_SURROGATE = re.compile("[\ud800-\udfff]")
# All that a terminal may obey, but for tabs and ends of lines: C0, DEL and C1.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")

_REPLACEMENT = "\ufffd"


def encodable(value: T) -> T:
    """``value``, a text or lists and dicts of texts, without surrogates.

    Each becomes U+FFFD, one for one: so what was told piece by piece is what is
    told at once.
    """
    found: object = value
    if isinstance(value, str):
        # Nearly all text is told from the rest at the speed of encoding it.
        found = value if value.isascii() or _has_utf8(value) else _whole(value)
    elif isinstance(value, dict):
        found = {name: encodable(one) for name, one in value.items()}
    elif isinstance(value, list):
        found = [encodable(one) for one in value]
    return cast("T", found)


def printable(text: str, encoding: str | None) -> str:
    """``text`` as a terminal of that encoding may be given it: nothing that it would obey."""
    safe = _CONTROL.sub(_REPLACEMENT, _whole(text.replace("\r", "")))
    encoding = encoding or "utf-8"
    return safe.encode(encoding, "replace").decode(encoding)


def _has_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _whole(text: str) -> str:
    return _SURROGATE.sub(_REPLACEMENT, text)
