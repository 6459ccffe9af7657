"""Types that stand for another and add to it.

``Reference`` is a name for a type that may hold itself, ``Nullable`` may be null
instead, ``After`` adds a check to what its inner type shows, ``RootModelShape``
puts an instance around it. Refuses to know the inner type.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from nbstream.typed.container import Container
from nbstream.typed.instances import ModelMaker
from nbstream.typed.sequences import Dressed
from nbstream.typed.shape import NULL, Shape

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic_core import SchemaValidator

    from nbstream.typed.frame import Frame


class Wrapped(Shape):
    """A type that is as ``inner`` is, wherever its class says nothing else."""

    inner: Shape

    @property
    def grows_text(self) -> bool:
        return self.inner.grows_text

    def whole(self, raw: str) -> Any:
        return self.inner.whole(raw)

    def text(self, value: str) -> Any:
        return self.inner.text(value)

    def object(self) -> Frame | None:
        return self.inner.object()

    def array(self) -> Container | None:
        return self.inner.array()

    def field(self, name: str) -> Shape | None:
        return self.inner.field(name)

    def members(self, kind: str) -> list[Shape]:
        return self.inner.members(kind)


class Reference(Wrapped):
    """A type by its name; found when first needed."""

    def __init__(self, find: Callable[[], Shape]) -> None:
        self._find = find

    @cached_property
    def inner(self) -> Shape:  # type: ignore[override]
        return self._find()


class Nullable(Wrapped):
    """``T | None``."""

    def __init__(self, make_validator: Callable[[], SchemaValidator], inner: Shape) -> None:
        super().__init__(frozenset({NULL}), make_validator)
        self.inner = inner

    def whole(self, raw: str) -> Any:
        return None if raw == "null" else super().whole(raw)

    def members(self, kind: str) -> list[Shape]:
        inner = super().members(kind)
        return [self, *inner] if kind == NULL else inner


class After(Shape):
    """``inner`` with a function that runs on the whole.

    A string, number or union goes through the function when it is whole; a list
    or dict is shown as it grows and goes through it at its end.
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
        """The function, taking anything."""
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
        if not isinstance(frame, Container):
            return None  # several members, each of which the function would have to see
        finish = frame.finish
        frame.finish = lambda: self.check.validate_python(finish())  # type: ignore[method-assign]
        return frame

    def field(self, name: str) -> Shape | None:
        return self._inner.field(name)

    def members(self, kind: str) -> list[Shape]:
        return [self] if self._inner.members(kind) else []


class RootModelShape(Shape):
    """``RootModel[T]``: one of a list or a dict is shown as that grows, others when whole."""

    def __init__(
        self,
        make_validator: Callable[[], SchemaValidator],
        inner: Shape,
        make_finish: Callable[[], SchemaValidator],
        cls: type[Any],
    ) -> None:
        super().__init__(frozenset(), make_validator)
        self._inner = inner
        self._make_finish = make_finish
        self._maker = ModelMaker(cls, takes_extras=False)

    @cached_property
    def _finish(self) -> SchemaValidator:
        return self._make_finish()

    def object(self) -> Frame | None:
        return self._dressed(self._inner.object())

    def array(self) -> Container | None:
        return self._dressed(self._inner.array())

    def _dressed(self, frame: Frame | None) -> Container | None:
        if not isinstance(frame, Dressed):
            return None
        frame.dress = self._dress
        frame.shown = instance = self._dress(frame.shown)
        finish = frame.finish
        frame.finish = lambda: self._finish.validate_python(  # type: ignore[method-assign]
            finish(), self_instance=instance
        )
        return frame

    def _dress(self, items: Any) -> Any:
        instance, store, _, seen = self._maker.blank()
        store["root"] = items
        seen.add("root")
        return instance

    def field(self, name: str) -> Shape | None:
        return self._inner.field(name)

    def members(self, kind: str) -> list[Shape]:
        return [self] if self._inner.members(kind) else []
