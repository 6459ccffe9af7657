"""Makes a DataFrame of a typed answer: of a list of objects, whole or still growing."""

from __future__ import annotations

import dataclasses
import enum
import importlib
from collections.abc import Mapping
from typing import Any

from nbstream.errors import UsageError

_LIBRARIES = ("pandas", "polars")


def data_frame(value: Any) -> Any:
    """A DataFrame of pandas, or of Polars if only that is installed.

    ``value`` is a list of objects or of plain values, or an object. An object whose only field
    is a list of objects is that list.

    Raises:
        UsageError: neither library is installed.
    """
    rows = [_row(one) for one in _rows(value)]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    table = {name: [row.get(name) for row in rows] for name in columns}
    for name in _LIBRARIES:
        try:
            return importlib.import_module(name).DataFrame(table)
        except ImportError:
            continue
    raise UsageError("A DataFrame needs pandas or Polars.", remedy="%pip install pandas")


def _rows(value: Any) -> list[Any]:
    if value is None:
        return []
    if isinstance(value, (list, tuple)):
        return list(value)
    fields = list((_fields(value) or {}).values())
    if len(fields) == 1 and isinstance(fields[0], list):
        return fields[0]
    return [value]


def _row(value: Any) -> dict[str, Any]:
    """The cells of one row; a plain value is in a column ``value``."""
    fields = _fields(value)
    if fields is None:
        return {"value": _cell(value)}
    return {str(name): _cell(one) for name, one in fields.items()}


def _fields(value: Any) -> Mapping[str, Any] | None:
    """The fields that an object has so far; None if it is a plain value."""
    if isinstance(value, Mapping):
        return value
    if hasattr(type(value), "model_fields") or dataclasses.is_dataclass(value):
        names = getattr(type(value), "model_fields", None) or getattr(
            value, "__dataclass_fields__", {}
        )
        # A growing object lacks the fields that have not come.
        return {name: getattr(value, name) for name in names if hasattr(value, name)}
    return None


def _cell(value: Any) -> Any:
    """A value in a cell: objects are dicts, members of an enumeration their values."""
    if isinstance(value, enum.Enum):
        return value.value
    fields = _fields(value)
    if fields is not None:
        return {name: _cell(one) for name, one in fields.items()}
    return [_cell(one) for one in value] if isinstance(value, list) else value
