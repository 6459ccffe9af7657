"""Reads values of an expected type from a server's JSON, and writes values as JSON text.

Servers send null for nothing, and sometimes values of the wrong type. Such a value is read as
an empty value of the expected type.
"""

from __future__ import annotations

import json
from typing import Any

Json = dict[str, Any]


def text_of(value: Any) -> str:
    """``value`` if it is a string, else an empty string."""
    return value if isinstance(value, str) else ""


def dict_of(value: Any) -> Json:
    """``value`` if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def list_of(value: Any) -> list[Any]:
    """``value`` if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def dicts_of(value: Any) -> list[Json]:
    """The objects in a list; other items are dropped."""
    return [row for row in list_of(value) if isinstance(row, dict)]


def texts_of(value: Any) -> list[str]:
    """The strings in a list; other items are dropped."""
    return [text for text in list_of(value) if isinstance(text, str)]


def count_of(row: Any, *names: str) -> int:
    """The first of the fields ``names`` that is an integer of 0 or more; 0 if there is none."""
    values = (dict_of(row).get(name) for name in names)
    return next((value for value in values if type(value) is int and value >= 0), 0)


def without(row: Json, *names: str) -> Json:
    """A copy of ``row`` without the fields ``names``."""
    return {name: value for name, value in row.items() if name not in names}


def json_text(value: Any) -> str:
    """``value`` as JSON text, without ASCII escapes."""
    return json.dumps(value, ensure_ascii=False)
