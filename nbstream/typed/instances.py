"""Instances of a type that are not whole yet.

Knows how pydantic models, dataclasses and typed dicts are made without their
constructors, filled, and validated in place. Refuses to know JSON.

A field that has not arrived is what it is with ``BaseModel.model_construct``:
its default if it has one, else the attribute is missing.
"""

from __future__ import annotations

import dataclasses
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Protocol

from pydantic_core import PydanticUndefined

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import BaseModel
    from pydantic_core import SchemaValidator

    Blank = tuple[Any, "Store", "Store", set[str]]

_set = object.__setattr__
_new = object.__new__


class Store(Protocol):
    """Where an instance keeps values by name."""

    def __getitem__(self, name: str, /) -> Any: ...

    def __setitem__(self, name: str, value: Any, /) -> None: ...


class Maker:
    """Makes typed dicts, which are plain dicts."""

    def blank(self) -> Blank:
        """An empty instance, where its fields and its extras are kept, and the names of those set.

        The caller fills the last three; they are parts of the instance if it has such.
        """
        value: dict[str, Any] = {}
        return value, value, value, set()

    def set_in(self, copy: Any, name: str, child: Any, *, extra: bool) -> None:
        """Put another child into a shallow copy of an instance."""
        del extra
        copy[name] = child

    def finish(self, value: Any, given: dict[str, Any], validator: SchemaValidator) -> Any:
        """Validate ``given``, the fields by their keys, as the whole of ``value``, in place.

        Returns the instance, which is another one if the type's own validators
        make another. Raises what they raise.
        """
        found = validator.validate_python(given)
        if not isinstance(found, dict):
            return found
        value.clear()  # for the order of keys
        value.update(found)
        return value


class ModelMaker(Maker):
    """Makes pydantic models."""

    def __init__(self, cls: type[BaseModel], *, takes_extras: bool) -> None:
        self._cls = cls
        self._takes_extras = takes_extras
        self._defaults = [
            (name, partial(field.get_default, call_default_factory=True))
            for name, field in cls.__pydantic_fields__.items()
            if not field.is_required() and not field.default_factory_takes_validated_data
        ]
        shows_more = any(field.repr for field in cls.__pydantic_computed_fields__.values())
        # A computed field that is shown would look for fields that are not there yet.
        self._unfinished = (
            _unfinished(cls, {"__repr_args__": _model_repr_args}) if shows_more else cls
        )

    def blank(self) -> Blank:
        value: Any = _new(self._unfinished)
        fields: dict[str, Any] = {}
        for name, make in self._defaults:
            _keep_default(fields, name, make)
        extras: dict[str, Any] = {}
        seen: set[str] = set()
        _set(value, "__dict__", fields)
        _set(value, "__pydantic_fields_set__", seen)
        _set(value, "__pydantic_extra__", extras if self._takes_extras else None)
        _set(value, "__pydantic_private__", None)
        return value, fields, extras, seen

    def set_in(self, copy: Any, name: str, child: Any, *, extra: bool) -> None:
        (copy.__pydantic_extra__ if extra else copy.__dict__)[name] = child

    def finish(self, value: Any, given: dict[str, Any], validator: SchemaValidator) -> Any:
        return _finish(value, given, validator, self._cls, self._unfinished)


class DataclassMaker(Maker):
    """Makes dataclasses, the standard library's and pydantic's."""

    def __init__(self, cls: type[Any]) -> None:
        self._cls = cls
        self._defaults: dict[str, Callable[[], Any]] = {}
        absent: dict[str, Any] = {}
        for field in dataclasses.fields(cls):
            make = _default_of(field)
            if make is not None:
                self._defaults[field.name] = make
            elif hasattr(field.default, "is_required"):
                absent[field.name] = _Absent()
        # The generated __repr__ and __eq__ would fail for fields that are not there yet.
        methods = {"__repr__": _dataclass_repr, "__eq__": _dataclass_eq, "__reduce_ex__": _reduce}
        self._unfinished = _unfinished(cls, {**methods, **absent})

    def blank(self) -> Blank:
        value: Any = _new(self._unfinished)
        store = _Attributes(value)
        for name, make in self._defaults.items():
            _keep_default(store, name, make)
        return value, store, store, set()

    def set_in(self, copy: Any, name: str, child: Any, *, extra: bool) -> None:
        del extra
        _set(copy, name, child)

    def finish(self, value: Any, given: dict[str, Any], validator: SchemaValidator) -> Any:
        return _finish(value, given, validator, self._cls, self._unfinished)


def _default_of(field: dataclasses.Field[Any]) -> Callable[[], Any] | None:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory
    default = field.default
    if default is dataclasses.MISSING:
        return None
    if hasattr(default, "is_required"):  # pydantic's Field(...)
        return (
            None
            if default.is_required()
            else partial(default.get_default, call_default_factory=True)
        )
    return lambda: default


class _Attributes:
    """An instance's attributes as a mapping, frozen or not, with slots or without."""

    __slots__ = ("_owner",)

    def __init__(self, owner: Any) -> None:
        self._owner = owner

    def __getitem__(self, name: str) -> Any:
        return getattr(self._owner, name)

    def __setitem__(self, name: str, value: Any) -> None:
        _set(self._owner, name, value)


class _Absent:
    """Hides what pydantic's ``Field(...)`` leaves on the class of a dataclass."""

    def __get__(self, owner: Any, cls: type[Any]) -> Any:
        raise AttributeError("This field has not arrived")


def _keep_default(store: Store, name: str, make: Callable[[], Any]) -> None:
    try:
        value = make()
    except Exception:  # noqa: BLE001 # a type's own code; the field then stays missing
        return
    if value is not PydanticUndefined:
        store[name] = value


def _finish(
    value: Any,
    given: dict[str, Any],
    validator: SchemaValidator,
    cls: type[Any],
    unfinished: type[Any],
) -> Any:
    if unfinished is cls:
        return validator.validate_python(given, self_instance=value)
    _set(value, "__class__", cls)
    try:
        return validator.validate_python(given, self_instance=value)
    except BaseException:
        _set(value, "__class__", unfinished)
        raise


def _unfinished(cls: type[Any], members: dict[str, Any]) -> type[Any]:
    """``cls`` with members that bear missing fields.

    An instance becomes one of ``cls`` itself when it is whole; until then it is
    one by inheritance. A class that cannot be inherited from is left as it is.
    """
    body = {
        "__slots__": (),
        "__module__": cls.__module__,
        "__qualname__": cls.__qualname__,
        **members,
    }
    try:
        # Past the metaclass's own __new__, which would build a model anew.
        made: type[Any] = type.__new__(type(cls), cls.__name__, (cls,), body)
        _set(_new(made), "__class__", cls)
    except TypeError:
        return cls
    return made


def _arrived(value: Any) -> dict[str, Any]:
    names = [field.name for field in dataclasses.fields(value)]
    return {name: getattr(value, name) for name in names if hasattr(value, name)}


def _shown(value: Any, fields: dict[str, Any]) -> str:
    inner = ", ".join(f"{name}={content!r}" for name, content in fields.items())
    return f"{type(value).__qualname__}({inner})"


def _reduce(self: Any, protocol: Any) -> Any:
    del protocol
    return _rebuild, (type(self).__mro__[1], _arrived(self))


def _rebuild(cls: type[Any], fields: dict[str, Any]) -> Any:
    """A copy of an unfinished dataclass; ``copy``, ``deepcopy`` and ``pickle`` come here."""
    key: Any = cls
    maker: DataclassMaker = dataclass_maker(key)
    value, store, _, _ = maker.blank()
    for name, content in fields.items():
        store[name] = content
    return value


@cache
def dataclass_maker(cls: Any) -> DataclassMaker:
    """The maker of a dataclass, made once."""
    return DataclassMaker(cls)


def _dataclass_repr(self: Any) -> str:
    return _shown(self, _arrived(self))


def _dataclass_eq(self: Any, other: object) -> Any:
    if not isinstance(other, type(self).__mro__[1]):
        return NotImplemented
    return _arrived(self) == _arrived(other)


def _model_repr_args(self: Any) -> list[tuple[str, Any]]:
    computed = type(self).__pydantic_computed_fields__
    names = [name for name, field in computed.items() if field.repr and hasattr(self, name)]
    rows = {**self.__dict__, **(self.__pydantic_extra__ or {})}
    return [*rows.items(), *((name, getattr(self, name)) for name in names)]
