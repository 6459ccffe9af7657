"""Creates instances of pydantic models and typed dicts whose fields arrive one by one.

An instance is created without its constructor, filled, and validated in place. A field that
has not arrived is as after ``BaseModel.model_construct``: its default, or a missing
attribute. Dataclasses are in ``dataclass_instances``.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from pydantic_core import PydanticUndefined

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import BaseModel
    from pydantic_core import SchemaValidator

    NewInstance = tuple[Any, "Store", "Store", set[str]]

_set = object.__setattr__
_new = object.__new__


class Store(Protocol):
    """A mapping of an instance's values by name: a dict, or a view of the attributes."""

    def __getitem__(self, name: str, /) -> Any: ...

    def __setitem__(self, name: str, value: Any, /) -> None: ...


class Maker:
    """Creates instances of typed dicts, which are plain dicts. Base class of the other makers."""

    def new(self) -> NewInstance:
        """Create an empty instance.

        Returns the instance, the stores of its fields and extras, and the set of names given.

        The caller fills the last three. They are parts of the instance, if its type has them.
        """
        value: dict[str, Any] = {}
        return value, value, value, set()

    def set_child(self, copy: Any, name: str, child: Any, *, extra: bool) -> None:
        """Replace one field's value in a shallow copy of an instance."""
        del extra
        copy[name] = child

    def finish(self, value: Any, given: dict[str, Any], validator: SchemaValidator) -> Any:
        """Validate ``given`` (all fields by key) as the complete ``value``, in place.

        Returns ``value``, or another instance if the type's validators return one. Raises
        what the validators raise.
        """
        validated = validator.validate_python(given)
        if not isinstance(validated, dict):
            return validated
        value.clear()  # keeps the order of keys
        value.update(validated)
        return value


class ClassMaker(Maker):
    """Creates instances of a class, which are of ``unfinished_cls`` until they are complete."""

    def __init__(self, cls: type[Any], unfinished_cls: type[Any]) -> None:
        self._cls = cls
        self._unfinished_cls = unfinished_cls

    def finish(self, value: Any, given: dict[str, Any], validator: SchemaValidator) -> Any:
        if self._unfinished_cls is self._cls:
            return validator.validate_python(given, self_instance=value)
        _set(value, "__class__", self._cls)
        try:
            return validator.validate_python(given, self_instance=value)
        except BaseException:
            _set(value, "__class__", self._unfinished_cls)
            raise


class ModelMaker(ClassMaker):
    """Creates instances of a pydantic model."""

    def __init__(self, cls: type[BaseModel], *, takes_extras: bool) -> None:
        has_computed = any(field.repr for field in cls.__pydantic_computed_fields__.values())
        # The repr shows computed fields, which may read fields that have not arrived.
        members = {"__repr_args__": _model_repr_args}
        super().__init__(cls, unfinished_class(cls, members) if has_computed else cls)
        self._takes_extras = takes_extras
        self._defaults = [
            (name, partial(field.get_default, call_default_factory=True))
            for name, field in cls.__pydantic_fields__.items()
            if not field.is_required() and not field.default_factory_takes_validated_data
        ]

    def new(self) -> NewInstance:
        value: Any = _new(self._unfinished_cls)
        fields: dict[str, Any] = {}
        for name, make in self._defaults:
            set_default(fields, name, make)
        extras: dict[str, Any] = {}
        given: set[str] = set()
        _set(value, "__dict__", fields)
        _set(value, "__pydantic_fields_set__", given)
        _set(value, "__pydantic_extra__", extras if self._takes_extras else None)
        _set(value, "__pydantic_private__", None)
        return value, fields, extras, given

    def set_child(self, copy: Any, name: str, child: Any, *, extra: bool) -> None:
        (copy.__pydantic_extra__ if extra else copy.__dict__)[name] = child


def set_default(store: Store, name: str, make: Callable[[], Any]) -> None:
    """Set a field to its default; leave it missing if making the default fails."""
    try:
        value = make()
    except Exception:  # noqa: BLE001 # the type's own code may raise anything
        return
    if value is not PydanticUndefined:
        store[name] = value


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


def _model_repr_args(self: Any) -> list[tuple[str, Any]]:
    """``__repr_args__`` of an unfinished model: only the fields that have arrived."""
    computed = type(self).__pydantic_computed_fields__
    names = [name for name, field in computed.items() if field.repr and hasattr(self, name)]
    rows = {**self.__dict__, **(self.__pydantic_extra__ or {})}
    return [*rows.items(), *((name, getattr(self, name)) for name in names)]
