"""Converts events, messages and parts to JSON-ready dicts, and back.

A field that has its default is left out, but in token counts. Unknown fields are ignored when
read. Bytes are base64. What is read may come from anywhere, such as another machine: whatever is
wrong with it is a ``ValueError``. ``checked`` checks the types of the fields.
"""

from __future__ import annotations

import base64
import dataclasses
import math
from functools import cache, wraps
from types import NoneType
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, get_args

from nbstream.core import events as ev
from nbstream.core import message as msg
from nbstream.core import parts
from nbstream.core.message import as_json
from nbstream.core.shown import shown

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
P = ParamSpec("P")

VERSION = 2
"""The version of the form of these dicts, and of the state that the page gets."""

_PARTS: dict[str, type[Any]] = {
    cls.kind: cls
    for cls in map(parts.__dict__.__getitem__, parts.__all__)
    if isinstance(getattr(cls, "kind", None), str)
}
_EVENTS: dict[str, type[ev.Event]] = {
    cls.kind: cls for cls in map(ev.__dict__.__getitem__, ev.__all__) if cls.kind != ev.Event.kind
}


_WRONG = (TypeError, KeyError, AttributeError, ArithmeticError, RecursionError)
"""What else than a ``ValueError`` reading wrong data may raise."""


def _only_value_errors(read: Callable[P, T]) -> Callable[P, T]:
    """Let a function raise a ``ValueError`` for all that is wrong with its data."""

    @wraps(read)
    def checking(*args: P.args, **keywords: P.kwargs) -> T:
        try:
            return read(*args, **keywords)
        except _WRONG as error:
            raise ValueError(f"not as nbstream writes it: {type(error).__name__}") from None

    return checking


def event_to_dict(event: ev.Event) -> dict[str, Any]:
    """An event as JSON-ready values under its ``kind``."""
    return {"kind": event.kind, **_fields(event)}


@_only_value_errors
def event_from_dict(data: dict[str, Any]) -> ev.Event:
    """The event that ``event_to_dict`` converted to ``data``.

    Raises:
        ValueError: it did not.
    """
    event: ev.Event = _build(_class(_EVENTS, data), data)
    return event


def part_to_dict(part: msg.Part) -> dict[str, Any]:
    """A part as JSON-ready values under its ``kind``."""
    return {"kind": part.kind, **_fields(part)}


@_only_value_errors
def part_from_dict(data: dict[str, Any]) -> msg.Part:
    """The part that ``part_to_dict`` converted to ``data``.

    Raises:
        ValueError: it did not.
    """
    part: msg.Part = _build(_class(_PARTS, data), data)
    return part


def message_to_dict(message: msg.Message) -> dict[str, Any]:
    """A message as JSON-ready values."""
    return {"role": message.role, "parts": [], **_fields(message)}


@_only_value_errors
def message_from_dict(data: dict[str, Any]) -> msg.Message:
    """The message that ``message_to_dict`` converted to ``data``.

    Raises:
        ValueError: it did not.
    """
    message: msg.Message = _build(msg.Message, data)
    return message


def usage_to_dict(usage: msg.Usage) -> dict[str, Any]:
    """A token count as JSON-ready values, with the total."""
    counts = {name: getattr(usage, name) for name in _defaults(msg.Usage)}
    return {**counts, "total_tokens": usage.total_tokens}


def usage_from_dict(data: dict[str, Any]) -> msg.Usage:
    """The token count that ``usage_to_dict`` converted to ``data``."""
    usage: msg.Usage = _build(msg.Usage, data)
    return usage


def _fields(value: Any) -> dict[str, Any]:
    """The fields of a dataclass as JSON-ready values, without those that have their default."""
    found: dict[str, Any] = {}
    cls: Any = type(value)
    for name, default in _defaults(cls).items():
        content = getattr(value, name)
        if cls is parts.ToolResultPart and name == "result" and (rows := parts.parts_in(content)):
            found["result_parts"] = [part_to_dict(row) for row in rows]
        elif name in _ANY_VALUE and issubclass(cls, ev.RunEvent):
            found[name] = as_json(content)
        elif content != default:
            found[name] = _json_value(content)
    return found


def _json_value(content: Any) -> Any:
    """The value of one field as a JSON-ready value."""
    if isinstance(content, bytes):
        return base64.b64encode(content).decode()
    if isinstance(content, tuple):
        return [_json_value(one) for one in content]
    if isinstance(content, msg.Usage):
        return usage_to_dict(content)
    if dataclasses.is_dataclass(content):
        kind = getattr(content, "kind", None)
        return {**({"kind": kind} if kind else {}), **_fields(content)}
    return content


def _build(cls: Any, data: dict[str, Any]) -> Any:
    """An object of the dataclass ``cls`` from the fields in ``data``. Ignores unknown fields."""
    values = {name: data[name] for name in _defaults(cls) if name in data}
    for name, read in _READERS.items():
        if values.get(name) is not None and not (
            (name == "result" and cls in _RAW_RESULT)
            or (name in _ANY_VALUE and issubclass(cls, ev.RunEvent))
        ):
            values[name] = read(values[name])
    if cls is parts.ToolResultPart and "result_parts" in data:
        values["result"] = [part_from_dict(row) for row in data["result_parts"]]
    return checked(cls(**values))


def checked(value: T) -> T:
    """Check the types of the fields of an event, a message or a part, and return it.

    Raises:
        ValueError: one is not.
    """
    cls: Any = type(value)
    for name, allowed in _types(cls).items():
        found = getattr(value, name)
        if not isinstance(found, allowed) or (
            type(found) in _NUMBERS and not _is_allowed_number(name, found, allowed)
        ):
            raise ValueError(f"{name} of {cls.__name__} cannot be {shown(found)}")
    for name, words in _words(cls).items():
        if getattr(value, name) not in words:
            raise ValueError(f"{name} of {cls.__name__} cannot be {shown(getattr(value, name))}")
    return value


def _is_allowed_number(name: str, value: Any, allowed: Any) -> bool:
    """Whether a number is finite, no place below 0, and ``True`` only where a bool belongs."""
    if isinstance(value, bool):
        return allowed is bool
    if isinstance(value, float) and not math.isfinite(value):
        return False
    return name not in _PLACES or bool(value >= 0)


_NUMBERS = frozenset((bool, int, float))
_PLACES = ("index", "message_index")


_RAW_RESULT = (parts.ToolResultPart, parts.BuiltinToolResultPart)
"""Classes whose ``result`` is any JSON value; the ``result`` of an event is a part."""

_ANY_VALUE = ("output", "data", "content")
"""Fields of an agent's events that hold any Python value; it is written as JSON."""

_READERS: dict[str, Any] = {
    "messages": lambda rows: tuple(_build(msg.Message, row) for row in rows),
    "event": event_from_dict,
    "parts": lambda rows: tuple(part_from_dict(row) for row in rows),
    "citations": lambda rows: tuple(_build(parts.Citation, row) for row in rows),
    "citation": lambda row: _build(parts.Citation, row),
    "message": lambda row: _build(msg.Message, row),
    "usage": lambda row: _build(msg.Usage, row),
    "tool_call": part_from_dict,
    "result": part_from_dict,
    "data": base64.b64decode,
}


@cache
def _defaults(cls: Any) -> dict[str, Any]:
    """The parameters of ``cls``, each with its default, or ``dataclasses.MISSING``."""
    found: dict[str, Any] = {}
    for field in dataclasses.fields(cls):
        if field.init:
            factory = field.default_factory
            found[field.name] = field.default if factory is dataclasses.MISSING else factory()
    return found


_TYPES: dict[Any, Any] = {
    "str": str,
    "str | None": (str, NoneType),
    "int": int,
    "int | None": (int, NoneType),
    "bool": bool,
    "float": (float, int),
    "float | None": (float, int, NoneType),
    "bytes | None": (bytes, NoneType),
    "Event": ev.Event,
    "Message": msg.Message,
    "Usage": msg.Usage,
    "Usage | None": (msg.Usage, NoneType),
    "Citation": parts.Citation,
    "ToolCallPart": parts.ToolCallPart,
    "ToolResultPart": parts.ToolResultPart,
    "BuiltinToolCallPart": parts.BuiltinToolCallPart,
    "BuiltinToolResultPart": parts.BuiltinToolResultPart,
    "dict[str, Any] | None": (dict, NoneType),
    "tuple[Part, ...]": tuple,
    "tuple[Citation, ...]": tuple,
    "tuple[Message, ...]": tuple,
    "Metadata": dict,
    "dict[str, Any]": dict,
}


@cache
def _types(cls: Any) -> dict[str, Any]:
    """The types that the fields of ``cls`` may have, by field name."""
    return {row.name: _TYPES[row.type] for row in dataclasses.fields(cls) if row.type in _TYPES}


_WORDS: dict[Any, tuple[Any, ...]] = {
    "Role": get_args(msg.Role),
    "FinishReason": get_args(msg.FinishReason),
    "FinishReason | None": (*get_args(msg.FinishReason), None),
}


@cache
def _words(cls: Any) -> dict[str, tuple[Any, ...]]:
    """The words that a field of ``cls`` may be, by field name."""
    return {row.name: _WORDS[row.type] for row in dataclasses.fields(cls) if row.type in _WORDS}


def _class(classes: dict[str, type[Any]], data: dict[str, Any]) -> type[Any]:
    """The class that ``data["kind"]`` names."""
    try:
        return classes[data["kind"]]
    except KeyError:
        raise ValueError(
            f"unknown kind {data.get('kind')!r}; known: {', '.join(sorted(classes))}"
        ) from None
