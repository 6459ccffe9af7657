"""Markers that say when a part of a typed answer is shown while it arrives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

C = TypeVar("C", bound=type[Any])

_WHOLE = "__nbstream_whole__"


def _whole(value: Any) -> Any:
    """Mark a schema as ``Whole``: the validator that does nothing."""
    return value


def _needed(value: Any) -> Any:
    """Mark a schema as ``Needed``."""
    return value


def _marked(function: Callable[[Any], Any], schema: Any) -> Any:
    from pydantic_core import core_schema

    return core_schema.no_info_after_validator_function(function, schema)


class Whole:
    """The value appears only when it is whole, and not while it grows.

    For a text, list or object that is of no use in part. In ``Annotated`` it is for one field;
    as a decorator it is for all values of a class. Numbers, dates, enums and the like
    appear only when whole anyway.

    >>> from typing import Annotated, TypedDict
    >>> from nbstream.output import Whole
    >>> Page = TypedDict("Page", {"url": Annotated[str, Whole()], "text": str})
    >>> model = ScriptedModel('{"url": "/home", "text": "Hello."}', delay=0.01)
    >>> stream = nbstream.stream(model, "Write a page.", output_type=Page)
    >>> {page["url"] for page in stream.stream_output(debounce_by=None) if "url" in page}
    {'/home'}
    """

    def __repr__(self) -> str:
        return "Whole()"

    def __call__(self, cls: C) -> C:
        setattr(cls, _WHOLE, True)
        return cls

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Callable[[Any], Any]) -> Any:
        return _marked(_whole, handler(source))


class Needed:
    """The object that has this field appears only once the field has a value.

    While the field is missing or null, the object is not in the list or field that holds it.

    >>> from typing import Annotated, TypedDict
    >>> from nbstream.output import Needed
    >>> Song = TypedDict("Song", {"year": int, "title": Annotated[str, Needed()]})
    >>> model = ScriptedModel('[{"year": 1999, "title": "A"}, {"year": 2000, ')
    >>> stream = nbstream.stream(model, "Songs, please.", output_type=list[Song])
    >>> stream.wait()
    True
    >>> stream.output_state.value
    [{'year': 1999, 'title': 'A'}]
    """

    def __repr__(self) -> str:
        return "Needed()"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Callable[[Any], Any]) -> Any:
        return _marked(_needed, handler(source))


def is_whole(schema: dict[str, Any]) -> bool:
    """Whether ``Whole`` marks this core schema, or the class that it is of."""
    return _function(schema) is _whole or bool(getattr(schema.get("cls"), _WHOLE, False))


def is_needed(schema: dict[str, Any]) -> bool:
    """Whether ``Needed`` marks this core schema itself."""
    return _function(schema) is _needed


def has_needed(schema: dict[str, Any]) -> bool:
    """Whether ``Needed`` marks the schema of a field, inside its default and the like."""
    while not is_needed(schema):
        if schema["type"] not in _AROUND:
            return False
        schema = schema["schema"]
    return True


def as_default(schema: Any) -> Whole | Needed | None:
    """The marker that is a field's default by mistake, as in ``name: str = Whole()``."""
    if isinstance(schema, dict):
        default = schema.get("default") if schema.get("type") == "default" else None
        if isinstance(default, Whole | Needed):
            return default
    elif not isinstance(schema, list | tuple):
        return None
    rows = schema.values() if isinstance(schema, dict) else schema
    return next((found for row in rows if (found := as_default(row)) is not None), None)


_AROUND = ("default", "nullable", "function-after", "function-before", "function-wrap")


def _function(schema: dict[str, Any]) -> Any:
    return schema["function"]["function"] if schema["type"] == "function-after" else None
