"""Shortens any value that a caller gave, for the text of an error."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

_TEXT = 60  # characters of one text
_BITS = 200  # of a whole number
_ITEMS = 12  # of a dict or a list
_DEPTH = 5  # dicts and lists in each other
_WHOLE = 600  # characters


def shown(value: Any) -> str:
    """A value as an error shows it; long texts, lists and dicts are cut. Never raises.

    >>> from nbstream.core.shown import shown
    >>> shown({"type": "image", "data": b"..."})
    "{'type': 'image', 'data': an object of type bytes}"
    """
    found = _shown(value, _DEPTH)
    return found if len(found) <= _WHOLE else f"{found[:_WHOLE]}..."


def _shown(value: Any, depth: int) -> str:
    """``shown``, at most ``depth`` dicts and lists deep."""
    if isinstance(value, str):
        # A Secret's own repr hides it; a part of it would not.
        whole = len(value) <= _TEXT or type(value) is not str
        return repr(value if whole else f"{value[:_TEXT]}...")
    if isinstance(value, int) and value.bit_length() > _BITS:
        return f"a number of {value.bit_length()} bits"
    if value is None or isinstance(value, (bool, int, float)):
        return repr(value)
    if isinstance(value, (dict, list, tuple)):
        return _items(value, depth)
    return f"an object of type {type(value).__name__}"


def _items(value: dict[Any, Any] | list[Any] | tuple[Any, ...], depth: int) -> str:
    """The items of a dict, list or tuple, cut to the first few."""
    if depth == 0:
        return "..."
    cut = ["..."] if len(value) > _ITEMS else []
    if isinstance(value, Mapping):
        pairs = islice(value.items(), _ITEMS)
        rows = [f"{_shown(key, 1)}: {_shown(one, depth - 1)}" for key, one in pairs]
        return "{" + ", ".join([*rows, *cut]) + "}"
    return "[" + ", ".join([*(_shown(one, depth - 1) for one in value[:_ITEMS]), *cut]) + "]"
