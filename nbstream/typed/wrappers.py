"""Shapes (parsers) around the shape of another type.

They are for ``T | None``, references to named types, validators and root models.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from nbstream.typed.container import Container
from nbstream.typed.instances import ModelMaker
from nbstream.typed.kinds import NULL
from nbstream.typed.sequences import ItemsFrame
from nbstream.typed.shape import Shape

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic_core import SchemaValidator

    from nbstream.typed.frame import Frame


class DelegatingShape(Shape):
    """A shape that behaves as ``inner``; subclasses override parts of it."""

    inner: Shape

    @property
    def grows_text(self) -> bool:
        return self.inner.grows_text

    def validate_json(self, raw: str) -> Any:
        return self.inner.validate_json(raw)

    def validate_text(self, value: str) -> Any:
        return self.inner.validate_text(value)

    def object(self) -> Frame | None:
        return self.inner.object()

    def array(self) -> Container | None:
        return self.inner.array()

    def field(self, name: str) -> Shape | None:
        return self.inner.field(name)

    def members(self, kind: str) -> list[Shape]:
        return self.inner.members(kind)


class WholeShape(DelegatingShape):
    """The shape of a type that is marked as ``Whole``: its values appear only when complete."""

    def __init__(self, make_validator: Callable[[], SchemaValidator], inner: Shape) -> None:
        Shape.__init__(self, frozenset(), make_validator)
        self.inner = inner

    @property
    def grows_text(self) -> bool:
        return False

    def validate_json(self, raw: str) -> Any:
        return self.validator.validate_json(raw)

    def object(self) -> Frame | None:
        return None

    def array(self) -> Container | None:
        return None

    def members(self, kind: str) -> list[Shape]:
        return [self] if self.inner.members(kind) else []


class Reference(DelegatingShape):
    """The shape of a reference to a named type, resolved when first needed.

    Types may be recursive.
    """

    def __init__(self, find: Callable[[], Shape]) -> None:
        self._find = find

    @cached_property
    def inner(self) -> Shape:  # type: ignore[override]
        return self._find()


class Nullable(DelegatingShape):
    """The shape of ``T | None``."""

    def __init__(self, make_validator: Callable[[], SchemaValidator], inner: Shape) -> None:
        super().__init__(frozenset({NULL}), make_validator)
        self.inner = inner

    def validate_json(self, raw: str) -> Any:
        return None if raw == "null" else super().validate_json(raw)

    def members(self, kind: str) -> list[Shape]:
        inner = super().members(kind)
        return [self, *inner] if kind == NULL else inner


class AfterValidatorShape(Shape):
    """The shape of a type with an ``AfterValidator``, which runs on the complete value.

    A list or dict is shown while it grows. A string grows too; numbers and unions appear when
    complete.
    """

    def __init__(
        self,
        make_validator: Callable[[], SchemaValidator],
        inner: Shape,
        make_check: Callable[[], SchemaValidator],
    ) -> None:
        super().__init__(frozenset(), make_validator)
        self._inner = inner
        self._make_check = make_check

    @cached_property
    def check(self) -> SchemaValidator:
        """The ``AfterValidator`` alone, as a validator that accepts any input."""
        return self._make_check()

    @property
    def grows_text(self) -> bool:
        return self._inner.grows_text

    def object(self) -> Frame | None:
        return self._checked(self._inner.object())

    def array(self) -> Container | None:
        frame = self._checked(self._inner.array())
        assert frame is None or isinstance(frame, Container)
        return frame

    def _checked(self, frame: Frame | None) -> Frame | None:
        """``frame``, with the validator called on its complete value."""
        if not isinstance(frame, Container):
            return None  # a union whose member is not known: the function would run on each
        finish = frame.finish
        frame.finish = lambda: self.check.validate_python(finish())  # type: ignore[method-assign]
        return frame

    def field(self, name: str) -> Shape | None:
        return self._inner.field(name)

    def members(self, kind: str) -> list[Shape]:
        return [self] if self._inner.members(kind) else []


class RootModelShape(Shape):
    """The shape of ``RootModel[T]``: a list or dict grows, other values appear when complete."""

    def __init__(
        self,
        make_validator: Callable[[], SchemaValidator],
        inner: Shape,
        make_finish: Callable[[], SchemaValidator],
        cls: type[Any],
        *,
        guarded: bool,
    ) -> None:
        super().__init__(frozenset(), make_validator)
        self._inner = inner
        self._make_finish = make_finish
        self._maker = ModelMaker(cls, takes_extras=False, guarded=guarded)

    @cached_property
    def _finish(self) -> SchemaValidator:
        return self._make_finish()

    def object(self) -> Frame | None:
        return self._wrapped(self._inner.object())

    def array(self) -> Container | None:
        return self._wrapped(self._inner.array())

    def _wrapped(self, frame: Frame | None) -> Container | None:
        """Make the frame put its items into a root model, and validate them as one at the end."""
        if not isinstance(frame, ItemsFrame):
            return None
        frame.wrap = self._wrap
        frame.shown = instance = self._wrap(frame.shown)
        finish = frame.finish
        frame.finish = lambda: self._maker.finish(  # type: ignore[method-assign]
            instance, finish(), self._finish
        )
        return frame

    def _wrap(self, items: Any) -> Any:
        """An unfinished root model around a list or dict that still grows."""
        instance, store, _, given = self._maker.new()
        store["root"] = items
        given.add("root")
        return instance

    def field(self, name: str) -> Shape | None:
        return self._inner.field(name)

    def members(self, kind: str) -> list[Shape]:
        return [self] if self._inner.members(kind) else []
