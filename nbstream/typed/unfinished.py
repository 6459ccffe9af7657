"""Subclasses for values that still lack fields, so that ordinary use of them does not fail.

``repr``, ``==``, ``pickle``, ``model_dump()`` and ``dataclasses.asdict()`` of such a value give
what has arrived. It becomes an instance of its own class when it is complete.
"""

from __future__ import annotations

import dataclasses
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import TYPE_CHECKING, Any

import pydantic_core
from pydantic import BaseModel
from pydantic_core import to_json, to_jsonable_python

if TYPE_CHECKING:
    from collections.abc import Iterator

_set = object.__setattr__
_new = object.__new__

# pydantic leaves out a field of this value. Before 2.12 it has none: what is missing is dumped as
# None then.
_MISSING: Any = getattr(pydantic_core, "MISSING", None)
_dumping: ContextVar[bool] = ContextVar("dumping", default=False)


def unfinished_class(cls: type[Any], members: dict[str, Any]) -> type[Any]:
    """Make a subclass of ``cls``, with ``members``, whose instances may lack fields.

    A complete instance becomes one of ``cls`` by assigning its ``__class__``. Returns ``cls``
    itself if it cannot be subclassed or the class cannot be assigned.
    """
    body = {
        "__slots__": (),
        "__module__": cls.__module__,
        "__qualname__": cls.__qualname__,
        **members,
    }
    try:
        # Not the metaclass's own __new__, which would build a pydantic model again.
        subclass: type[Any] = type.__new__(type(cls), cls.__name__, (cls,), body)
        _set(_new(subclass), "__class__", cls)
    except TypeError:
        return cls
    return subclass


def own_class(value: Any) -> type[Any]:
    """The user's class of an instance of an unfinished one."""
    return type(value).__mro__[1]


@contextmanager
def _leaving_out_missing() -> Iterator[None]:
    """While inside ``with``, what a value lacks is read as pydantic's ``MISSING``."""
    token = _dumping.set(True)
    try:
        yield
    finally:
        _dumping.reset(token)


def missing_attribute(value: Any, name: str) -> Any:
    """What an unfinished value gives for a field that has not arrived.

    Raises:
        AttributeError: always, except while pydantic serializes the value.
    """
    if _dumping.get() and not name.startswith("__"):
        return _MISSING
    raise AttributeError(
        f"{type(value).__name__!r} object has no attribute {name!r}", name=name, obj=value
    )


@cache
def unfinished_model(cls: type[BaseModel]) -> type[Any]:
    """The subclass for unfinished instances of a pydantic model, cached."""
    computed = {name: _computed(cls, name) for name in cls.__pydantic_computed_fields__}
    members = {
        "__repr_args__": _repr_args,
        "__eq__": _model_eq,
        "__hash__": cls.__hash__,
        "__reduce_ex__": _model_reduce,
        "model_dump": _model_dump,
        "model_dump_json": _model_dump_json,
        **computed,
    }
    return unfinished_class(cls, members)


def _computed(cls: type[Any], name: str) -> property:
    """The computed field ``name`` of an unfinished model."""

    def get(self: Any) -> Any:
        try:
            return _own(cls, self, name)
        except Exception:
            if _dumping.get():
                return _MISSING
            raise

    return property(get)


def _own(cls: type[Any], value: Any, name: str) -> Any:
    """The attribute ``name`` of ``value`` as its own class defines it."""
    for base in cls.__mro__:
        if name in vars(base):
            function = getattr(vars(base)[name], "func", None)  # of a cached_property
            return function(value) if function else vars(base)[name].__get__(value, cls)
    raise AttributeError(name)


def _repr_args(self: Any) -> list[tuple[str, Any]]:
    """``__repr_args__`` of an unfinished model: only what has arrived, in the class's order."""
    rows = self.__dict__
    shown = [name for name, field in type(self).__pydantic_fields__.items() if field.repr]
    args = [(name, rows[name]) for name in shown if name in rows]
    args += (self.__pydantic_extra__ or {}).items()
    for name, field in type(self).__pydantic_computed_fields__.items():
        if field.repr:
            try:
                args.append((name, getattr(self, name)))
            except Exception:  # noqa: BLE001, S112 # the property may raise anything
                continue
    return args


def _state(value: BaseModel) -> Any:
    fields = type(value).__pydantic_fields__
    rows = {name: content for name, content in value.__dict__.items() if name in fields}
    return rows, value.__pydantic_extra__, value.__pydantic_private__


def _model_eq(self: Any, other: object) -> Any:
    """``__eq__`` of an unfinished model: compares what has arrived."""
    if not isinstance(other, own_class(self)):
        return NotImplemented
    return _state(self) == _state(other)


def _model_reduce(self: Any, protocol: Any) -> Any:
    """``__reduce_ex__`` of an unfinished model."""
    del protocol
    return _new_model, (own_class(self),), self.__getstate__()


def _new_model(cls: type[BaseModel]) -> Any:
    """An unfinished model without state, for ``pickle``."""
    return _new(unfinished_model(cls))


def _model_dump(self: Any, *args: Any, **options: Any) -> Any:
    """``model_dump`` of an unfinished model: what has arrived."""
    options.setdefault("warnings", False)  # pydantic warns of missing fields in unions
    try:
        with _leaving_out_missing():
            return own_class(self).model_dump(self, *args, **options)
    except (AttributeError, pydantic_core.PydanticSerializationError):
        arrived = plain(self)
        return to_jsonable_python(arrived) if options.get("mode") == "json" else arrived


def _model_dump_json(self: Any, *args: Any, **options: Any) -> str:
    """``model_dump_json`` of an unfinished model: what has arrived."""
    options.setdefault("warnings", False)
    try:
        with _leaving_out_missing():
            dumped: str = own_class(self).model_dump_json(self, *args, **options)
            return dumped
    except (AttributeError, pydantic_core.PydanticSerializationError):
        return to_json(plain(self), indent=options.get("indent")).decode()


def plain(value: Any) -> Any:
    """A value as dicts and lists of the fields that have arrived, by name."""
    if isinstance(value, BaseModel):
        fields, extra, _ = _state(value)
        rows = type(value).__pydantic_fields__
        fields = {name: content for name, content in fields.items() if not rows[name].exclude}
        return {name: plain(content) for name, content in {**fields, **(extra or {})}.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: plain(content) for name, content in arrived(value).items()}
    if isinstance(value, dict):
        return {key: plain(content) for key, content in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def unfinished_dataclass(cls: type[Any], absent: dict[str, Any]) -> type[Any]:
    """The subclass for unfinished instances of a dataclass."""
    members: dict[str, Any] = {
        "__repr__": _dataclass_repr,
        "__eq__": _dataclass_eq,
        "__hash__": _dataclass_hash if getattr(cls, "__hash__", None) else None,
        "__reduce_ex__": _dataclass_reduce,
        "__dataclass_fields__": _ArrivedFields(cls),
        **absent,
    }
    if not hasattr(cls, "__getattr__"):
        members["__getattr__"] = missing_attribute
    return unfinished_class(cls, members)


class _ArrivedFields:
    """``__dataclass_fields__``: all fields of the class, those that have arrived of an instance."""

    def __init__(self, cls: type[Any]) -> None:
        self._fields: dict[str, Any] = cls.__dataclass_fields__

    def __get__(self, owner: Any, cls: type[Any]) -> dict[str, Any]:
        if owner is None:
            return self._fields
        return {name: field for name, field in self._fields.items() if _has(owner, name)}


def _has(value: Any, name: str) -> bool:
    """Whether a field has arrived."""
    try:
        object.__getattribute__(value, name)
    except AttributeError:
        return False
    return True


def arrived(value: Any) -> dict[str, Any]:
    """The fields of a dataclass that have a value so far, by name."""
    names = [field.name for field in dataclasses.fields(value)]
    return {name: getattr(value, name) for name in names if _has(value, name)}


def _dataclass_repr(self: Any) -> str:
    """``__repr__`` of an unfinished dataclass: only the fields that have arrived."""
    fields = dataclasses.fields(self)
    inner = ", ".join(f"{one.name}={getattr(self, one.name)!r}" for one in fields if one.repr)
    return f"{type(self).__qualname__}({inner})"


def _dataclass_eq(self: Any, other: object) -> Any:
    """``__eq__`` of an unfinished dataclass: compares the fields that have arrived."""
    if not isinstance(other, own_class(self)):
        return NotImplemented
    return _compared(self) == _compared(other)


def _dataclass_hash(self: Any) -> int:
    """``__hash__`` of an unfinished dataclass that can be hashed."""
    return hash(tuple(_compared(self).items()))


def _compared(value: Any) -> dict[str, Any]:
    """The fields that have arrived and that ``==`` compares."""
    names = {field.name for field in dataclasses.fields(value) if field.compare}
    return {name: content for name, content in arrived(value).items() if name in names}


def _dataclass_reduce(self: Any, protocol: Any) -> Any:
    """``__reduce_ex__`` of an unfinished dataclass, for ``copy``, ``deepcopy`` and ``pickle``."""
    from nbstream.typed.dataclass_instances import rebuild

    del protocol
    return rebuild, (own_class(self), arrived(self))
