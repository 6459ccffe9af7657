"""Replaces the characters of a text that UTF-8 cannot encode, or that a terminal cannot print.

A lone surrogate has no UTF-8 encoding, and a terminal may support less than UTF-8.
The protocols' decoders produce no lone surrogates; a user's own source of events may.
"""

from __future__ import annotations

import re
from typing import TypeVar, cast

from nbstream.core.surrogates import has_half
from nbstream.display.policy import visible

T = TypeVar("T")

_SURROGATE = re.compile("[\ud800-\udfff]")
_DATA_URL = re.compile(r"(data:[\w.+/-]{1,60};base64,)[A-Za-z0-9+/=]{120,}")

_REPLACEMENT = "\ufffd"


def encodable(value: T) -> T:
    """Replace each lone surrogate in a string, or in lists and dicts of strings, by U+FFFD.

    The replacement is one for one, so text sent in pieces equals text sent at once.
    """
    found: object = value
    if isinstance(value, str):
        # Fast path: nearly all text passes these two checks.
        found = _replace_surrogates(value) if not value.isascii() and has_half(value) else value
    elif isinstance(value, dict):
        found = {name: encodable(one) for name, one in value.items()}
    elif isinstance(value, list):
        found = [encodable(one) for one in value]
    return cast("T", found)


def without_data(text: str) -> str:
    """Shorten the ``data:`` URLs in a text, which no reader of plain text can use."""
    return _DATA_URL.sub(r"\1…", text) if "base64," in text else text


def printable(text: str, encoding: str | None) -> str:
    """Show control characters by their names, and replace what the ``encoding`` lacks."""
    safe = visible(_replace_surrogates(text.replace("\r", "")))
    encoding = encoding or "utf-8"
    return safe.encode(encoding, "replace").decode(encoding)


def _replace_surrogates(text: str) -> str:
    return _SURROGATE.sub(_REPLACEMENT, text)
