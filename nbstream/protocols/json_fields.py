"""Fields as they ought to be, for servers send null for nothing and anything for anything.

Knows how a value of the wrong kind reads: as an empty one of the right kind.
Refuses to know what any field means.
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def text_of(value: Any) -> str:
    """``value`` if it is text, else an empty one."""
    return value if isinstance(value, str) else ""


def dict_of(value: Any) -> Json:
    """``value`` if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def list_of(value: Any) -> list[Any]:
    """``value`` if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def rows_of(value: Any) -> list[Json]:
    """The objects in a list."""
    return [row for row in list_of(value) if isinstance(row, dict)]


def texts_of(value: Any) -> list[str]:
    """The texts in a list."""
    return [text for text in list_of(value) if isinstance(text, str)]


def count_of(row: Any, *names: str) -> int:
    """The first of an object's fields ``names`` that is a count; 0 if none is."""
    values = (dict_of(row).get(name) for name in names)
    return next((value for value in values if type(value) is int and value >= 0), 0)


def without(row: Json, *names: str) -> Json:
    """``row`` less some of its fields."""
    return {name: value for name, value in row.items() if name not in names}
