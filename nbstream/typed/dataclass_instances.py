"""Creates dataclass instances (standard library or pydantic) whose fields arrive one by one."""

from __future__ import annotations

import dataclasses
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from nbstream.typed.instances import ClassMaker, set_default
from nbstream.typed.unfinished import unfinished_dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbstream.typed.instances import NewInstance

_set = object.__setattr__


class DataclassMaker(ClassMaker):
    """Creates instances of a dataclass."""

    def __init__(self, cls: type[Any]) -> None:
        self._defaults: dict[str, Callable[[], Any]] = {}
        absent: dict[str, Any] = {}
        for field in dataclasses.fields(cls):
            make = _default_of(field)
            if make is not None:
                self._defaults[field.name] = make
            elif hasattr(field.default, "is_required"):
                absent[field.name] = _Absent()
        super().__init__(cls, unfinished_dataclass(cls, absent))

    def new(self) -> NewInstance:
        value: Any = object.__new__(self._unfinished_cls)
        store = _Attributes(value)
        for name, make in self._defaults.items():
            set_default(store, name, make)
        return value, store, store, set()

    def set_child(self, copy: Any, name: str, child: Any, *, extra: bool) -> None:
        del extra
        _set(copy, name, child)


def _default_of(field: dataclasses.Field[Any]) -> Callable[[], Any] | None:
    """A function that makes the field's default value; None if it has none."""
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory
    default = field.default
    if default is dataclasses.MISSING:
        return None
    if hasattr(default, "is_required"):  # pydantic's Field(...)
        if default.is_required():
            return None
        return partial(default.get_default, call_default_factory=True)
    return lambda: default


class _Attributes:
    """A mapping of an instance's attributes; works for frozen and slotted classes."""

    __slots__ = ("_owner",)

    def __init__(self, owner: Any) -> None:
        self._owner = owner

    def __getitem__(self, name: str) -> Any:
        return getattr(self._owner, name)

    def __setitem__(self, name: str, value: Any) -> None:
        _set(self._owner, name, value)


class _Absent:
    """Hides the ``Field(...)`` that pydantic leaves on the class of a dataclass."""

    def __get__(self, owner: Any, cls: type[Any]) -> Any:
        raise AttributeError("This field has not arrived")


def rebuild(cls: type[Any], fields: dict[str, Any]) -> Any:
    """Create an unfinished dataclass from its fields; for ``copy``, ``deepcopy`` and ``pickle``."""
    key: Any = cls
    maker: DataclassMaker = dataclass_maker(key)
    value, store, _, _ = maker.new()
    for name, content in fields.items():
        store[name] = content
    return value


@cache
def dataclass_maker(cls: Any) -> DataclassMaker:
    """The maker of instances of a dataclass, cached."""
    return DataclassMaker(cls)
