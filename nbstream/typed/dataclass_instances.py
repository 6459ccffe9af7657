"""Creates dataclass instances (standard library or pydantic) whose fields arrive one by one."""

from __future__ import annotations

import dataclasses
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from nbstream.typed.instances import ClassMaker, set_default, unfinished_class

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
        # The generated __repr__ and __eq__ fail while fields are missing.
        methods = {"__repr__": _dataclass_repr, "__eq__": _dataclass_eq, "__reduce_ex__": _reduce}
        super().__init__(cls, unfinished_class(cls, {**methods, **absent}))

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


def _arrived(value: Any) -> dict[str, Any]:
    """The fields that have a value so far, by name."""
    names = [field.name for field in dataclasses.fields(value)]
    return {name: getattr(value, name) for name in names if hasattr(value, name)}


def _reduce(self: Any, protocol: Any) -> Any:
    """``__reduce_ex__`` of an unfinished dataclass: ``_rebuild`` makes the copy."""
    del protocol
    return _rebuild, (type(self).__mro__[1], _arrived(self))


def _rebuild(cls: type[Any], fields: dict[str, Any]) -> Any:
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


def _dataclass_repr(self: Any) -> str:
    """``__repr__`` of an unfinished dataclass: only the fields that have arrived."""
    inner = ", ".join(f"{name}={content!r}" for name, content in _arrived(self).items())
    return f"{type(self).__qualname__}({inner})"


def _dataclass_eq(self: Any, other: object) -> Any:
    """``__eq__`` of an unfinished dataclass: compares the fields that have arrived."""
    if not isinstance(other, type(self).__mro__[1]):
        return NotImplemented
    return _arrived(self) == _arrived(other)
