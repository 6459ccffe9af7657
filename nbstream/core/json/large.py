"""Parses a large JSON text in short steps, so that other threads can run between them.

A parser in C holds Python's global lock until it is done: seconds for 40 MB of many small values.
"""

from __future__ import annotations

import json
import re
from typing import Any

LARGE = 256 * 1024
"""Bytes from which on this is worth its time, which is about that of ``json.loads``."""

_DEPTH = 6
"""Containers above this depth are read here, member by member; deeper ones in one step each."""

_DEEPEST = 200
"""Levels of containers that pydantic's parser accepts; deeper values fail elsewhere."""

_BLANK = re.compile(r"[ \t\n\r]*+")
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_decoder = json.JSONDecoder(strict=False)


def is_large(data: bytes) -> bool:
    """Whether ``data`` should be parsed here: it is large, and not just one long text."""
    return len(data) > LARGE and data.count(b",") > len(data) // 1024


def parse_large(data: bytes) -> Any:
    """The value of a JSON text in UTF-8. Control characters in strings are accepted.

    >>> parse_large(b'{"a": [1, {"b": "c"}]} ')
    {'a': [1, {'b': 'c'}]}

    Raises:
        ValueError: it is not JSON, or holds an unpaired surrogate.
        RecursionError: it is nested too deeply.
    """
    if _has_unpaired(data):
        raise ValueError("There may be an unpaired surrogate.")
    text = data.decode()
    value, at = _value(text, _skip(text, 0), 0)
    if at != len(text):
        raise json.JSONDecodeError("Extra data", text, at)
    return value


def _has_unpaired(data: bytes) -> bool:
    """Whether an escape in ``data`` may be half of a surrogate pair without the other half."""
    after_high = -1
    for match in _SURROGATE.finditer(data):
        is_low = match[0][3:4].lower() in b"cdef"
        follows = after_high == match.start()
        if is_low != follows or (after_high >= 0 and not follows):
            return True
        after_high = -1 if is_low else match.end()
    return after_high >= 0


def _value(text: str, at: int, depth: int) -> tuple[Any, int]:
    """The value at ``at``, and where the text after it and its blanks begins."""
    mark = text[at : at + 1]
    if depth < _DEPTH and mark == "[":
        return _array(text, _skip(text, at + 1), depth + 1)
    if depth < _DEPTH and mark == "{":
        return _object(text, _skip(text, at + 1), depth + 1)
    value, end = _decoder.raw_decode(text, at)
    if end - at > _DEEPEST and mark != '"':
        opened = text.count("{", at, end) + text.count("[", at, end)  # those in strings too
        if depth + opened > _DEEPEST and depth + _levels(value) > _DEEPEST:
            raise RecursionError("The JSON is nested too deep.")
    return value, _skip(text, end)


def _levels(value: Any) -> int:
    """How deep ``value`` is nested."""
    count, level = 0, [value]
    while level := [one for one in level if type(one) in (dict, list)]:
        count += 1
        level = [
            one for outer in level for one in (outer.values() if type(outer) is dict else outer)
        ]
    return count


def _array(text: str, at: int, depth: int) -> tuple[list[Any], int]:
    found: list[Any] = []
    if text[at : at + 1] == "]":
        return found, _skip(text, at + 1)
    while True:
        value, at = _value(text, at, depth)
        found.append(value)
        if text[at : at + 1] != ",":
            return found, _closed(text, at, "]")
        at = _skip(text, at + 1)


def _object(text: str, at: int, depth: int) -> tuple[dict[str, Any], int]:
    found: dict[str, Any] = {}
    if text[at : at + 1] == "}":
        return found, _skip(text, at + 1)
    while True:
        if text[at : at + 1] != '"':
            raise json.JSONDecodeError("Expecting a name in quotes", text, at)
        name, at = _decoder.raw_decode(text, at)
        at = _skip(text, _expected(text, _skip(text, at), ":"))
        found[name], at = _value(text, at, depth)
        if text[at : at + 1] != ",":
            return found, _closed(text, at, "}")
        at = _skip(text, at + 1)


def _closed(text: str, at: int, mark: str) -> int:
    return _skip(text, _expected(text, at, mark))


def _expected(text: str, at: int, mark: str) -> int:
    if text[at : at + 1] != mark:
        raise json.JSONDecodeError(f"Expecting {mark!r}", text, at)
    return at + 1


def _skip(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    assert match is not None  # it may be empty
    return match.end()
