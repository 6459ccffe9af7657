"""Makes a DataFrame of a typed answer: of a list of objects, whole or still growing."""

from __future__ import annotations

import dataclasses
import enum
import importlib
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from typing_extensions import is_typeddict

from nbstream.errors import UsageError

_LIBRARIES = ("pandas", "polars")


def data_frame(value: Any, kind: Any = None) -> Any:
    """A DataFrame of pandas, or of Polars if only that is installed.

    ``value`` is a list of objects or of plain values, or an object. An object whose only field
    is a list of objects is that list. The fields of ``kind``, its type, are columns in any case.

    Raises:
        UsageError: neither library is installed, or the answer is a text without a type.
    """
    if kind is None and isinstance(value, str):
        raise UsageError(
            "The answer is a text without a type, so it has no rows and columns.",
            remedy="Ask for a list of objects: %%llm --schema '[name: str, age: int]', or"
            " output_type=list[Person].",
        )
    rows = [row(one) for one in _rows(value)]
    columns = list(dict.fromkeys([*_columns(kind), *(name for one in rows for name in one)]))
    return frame_of_columns({name: [one.get(name) for one in rows] for name in columns})


def frame_of_columns(table: dict[str, list[Any]]) -> Any:
    """A DataFrame of pandas, or of Polars if only that is installed, of columns of equal length.

    Raises:
        UsageError: neither library is installed.
    """
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


def _columns(kind: Any) -> list[str]:
    """The columns that the values of a type have; none if its fields are not known."""
    kind = _bare(kind)
    if _is_list(kind):
        item = _bare(*get_args(kind))
        return list(_types(item)) or (
            ["value"] if isinstance(item, type) and not issubclass(item, dict) else []
        )
    types = _types(kind)
    lists = [one for one in types.values() if _is_list(_bare(one))]
    return _columns(lists[0]) if lists and len(types) == 1 else list(types)


def _bare(kind: Any) -> Any:
    """A type without what ``Annotated`` adds."""
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def _is_list(kind: Any) -> bool:
    return get_origin(kind) in (list, Sequence)


def _types(kind: Any) -> dict[str, Any]:
    """The fields of a type of objects, with their types; none of another type."""
    if hasattr(kind, "model_fields"):
        return {name: one.annotation for name, one in kind.model_fields.items()}
    if dataclasses.is_dataclass(kind) or is_typeddict(kind):
        hints = get_type_hints(kind)
        names = getattr(kind, "__dataclass_fields__", hints)  # not the hints of class variables
        return {name: hints[name] for name in names}
    return {}


def columns_of(kind: Any) -> list[str]:
    """The columns that one value of a type has; none if it is a plain value or a list."""
    return list(_types(_bare(kind)))


def row(value: Any) -> dict[str, Any]:
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
