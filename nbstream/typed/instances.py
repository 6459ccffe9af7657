"""Creates instances of pydantic models and typed dicts whose fields arrive one by one.

An instance is created without its constructor, filled, and validated in place. A field that
has not arrived is as after ``BaseModel.model_construct``: its default, or a missing
attribute. Dataclasses are in ``dataclass_instances``.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from pydantic_core import PydanticUndefined

from nbstream.typed.unfinished import unfinished_model

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

    def finish(self, value: Any, given: Any, validator: SchemaValidator) -> Any:
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

    def finish(self, value: Any, given: Any, validator: SchemaValidator) -> Any:
        if self._unfinished_cls is self._cls:
            return validator.validate_python(given, self_instance=value)
        _set(value, "__class__", self._cls)
        try:
            return validator.validate_python(given, self_instance=value)
        except BaseException:
            _set(value, "__class__", self._unfinished_cls)
            raise


class ModelMaker(ClassMaker):
    """Creates instances of a pydantic model.

    ``guarded``: something in the type, such as a computed field, may read fields that have not
    arrived. Instances are then of a subclass until they are complete.
    """

    def __init__(self, cls: type[BaseModel], *, takes_extras: bool, guarded: bool = False) -> None:
        super().__init__(cls, unfinished_model(cls) if guarded else cls)
        self._takes_extras = takes_extras
        self._private = [
            (name, partial(_private_default, attribute))
            for name, attribute in cls.__private_attributes__.items()
        ]
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
        private: dict[str, Any] | None = None
        if self._private:
            private = {}
            for name, make in self._private:
                set_default(private, name, make)
        _set(value, "__pydantic_private__", private)
        return value, fields, extras, given

    def finish(self, value: Any, given: Any, validator: SchemaValidator) -> Any:
        if not self._private:
            return super().finish(value, given, validator)
        private = value.__pydantic_private__
        _set(value, "__pydantic_private__", None)  # pydantic sets it if it is None
        try:
            return super().finish(value, given, validator)
        except BaseException:
            _set(value, "__pydantic_private__", private)
            raise

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


def _private_default(attribute: Any) -> Any:
    """The default of a private attribute; pydantic's versions differ in how they make it."""
    make = attribute.default_factory
    if make is None:
        return attribute.get_default()
    if getattr(attribute, "default_factory_takes_validated_data", False):
        return PydanticUndefined
    return make()
