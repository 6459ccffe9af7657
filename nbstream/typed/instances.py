"""Instances of a type that are not whole yet.

Knows how typed dicts and pydantic models are made without their constructors,
filled, and validated in place; dataclasses stand in ``dataclass_instances``.
Refuses to know JSON.

A field that has not arrived is what it is with ``BaseModel.model_construct``:
its default if it has one, else the attribute is missing.
"""

from __future__ import annotations

from functools import partial
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


class ClassMaker(Maker):
    """Makes instances of a class, which are of ``stand_in`` until they are whole."""

    def __init__(self, cls: type[Any], stand_in: type[Any]) -> None:
        self._cls = cls
        self._stand_in = stand_in

    def finish(self, value: Any, given: dict[str, Any], validator: SchemaValidator) -> Any:
        if self._stand_in is self._cls:
            return validator.validate_python(given, self_instance=value)
        _set(value, "__class__", self._cls)
        try:
            return validator.validate_python(given, self_instance=value)
        except BaseException:
            _set(value, "__class__", self._stand_in)
            raise


class ModelMaker(ClassMaker):
    """Makes pydantic models."""

    def __init__(self, cls: type[BaseModel], *, takes_extras: bool) -> None:
        shows_more = any(field.repr for field in cls.__pydantic_computed_fields__.values())
        # A computed field that is shown would look for fields that are not there yet.
        members = {"__repr_args__": _model_repr_args}
        super().__init__(cls, unfinished(cls, members) if shows_more else cls)
        self._takes_extras = takes_extras
        self._defaults = [
            (name, partial(field.get_default, call_default_factory=True))
            for name, field in cls.__pydantic_fields__.items()
            if not field.is_required() and not field.default_factory_takes_validated_data
        ]

    def blank(self) -> Blank:
        value: Any = _new(self._stand_in)
        fields: dict[str, Any] = {}
        for name, make in self._defaults:
            keep_default(fields, name, make)
        extras: dict[str, Any] = {}
        seen: set[str] = set()
        _set(value, "__dict__", fields)
        _set(value, "__pydantic_fields_set__", seen)
        _set(value, "__pydantic_extra__", extras if self._takes_extras else None)
        _set(value, "__pydantic_private__", None)
        return value, fields, extras, seen

    def set_in(self, copy: Any, name: str, child: Any, *, extra: bool) -> None:
        (copy.__pydantic_extra__ if extra else copy.__dict__)[name] = child


def keep_default(store: Store, name: str, make: Callable[[], Any]) -> None:
    """Put a field's default into an instance; none if making it fails."""
    try:
        value = make()
    except Exception:  # noqa: BLE001 # a type's own code; the field then stays missing
        return
    if value is not PydanticUndefined:
        store[name] = value


def unfinished(cls: type[Any], members: dict[str, Any]) -> type[Any]:
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


def _model_repr_args(self: Any) -> list[tuple[str, Any]]:
    computed = type(self).__pydantic_computed_fields__
    names = [name for name, field in computed.items() if field.repr and hasattr(self, name)]
    rows = {**self.__dict__, **(self.__pydantic_extra__ or {})}
    return [*rows.items(), *((name, getattr(self, name)) for name in names)]
