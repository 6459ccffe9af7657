"""The place of the whole value, and the object it may be wrapped in.

Providers want an object at the root of an answer. A type that is none (a list,
a union, a number) is asked for inside ``{"result": ...}``, and taken out here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.typed.container import Container
from nbstream.typed.shape import IGNORED

if TYPE_CHECKING:
    from nbstream.typed.shape import Shape
    from nbstream.typed.sink import Growth

WRAPPER_KEY = "result"


class Root(Container):
    """The place of the whole value.

    ``wrapped``: it is expected inside an object, under ``WRAPPER_KEY``.
    ``bare`` becomes True if it came without.
    """

    def __init__(self, shape: Shape, *, wrapped: bool) -> None:
        super().__init__()
        self.value: Any = None
        self.has_value = False
        self.wrapped = wrapped
        self.bare = False
        self._shape = shape

    def coming(self) -> Shape:
        return self._shape

    def put(self, value: Any) -> None:
        self.value, self.has_value = value, True

    set = put

    def take(self) -> Any:
        value, self.value = self.value, None
        return value

    def step(self) -> None:
        return None

    def open_object(self, growth: Growth) -> None:
        if self.wrapped and not self.bare:
            growth.push(_Wrapper(self))
        else:
            super().open_object(growth)

    def open_array(self, growth: Growth) -> None:
        self.bare = True
        super().open_array(growth)

    def open_string(self, growth: Growth) -> None:
        self.bare = True
        super().open_string(growth)

    def atom(self, growth: Growth, text: str) -> None:
        self.bare = True
        super().atom(growth, text)


class _Wrapper(Container):
    """The object around the value. Its first key tells whether it is one."""

    def __init__(self, root: Root) -> None:
        super().__init__()
        self._root = root
        self._coming: Shape = IGNORED
        self._is_first = True

    def key(self, growth: Growth, name: str) -> None:
        if name != WRAPPER_KEY and self._is_first:
            # The model answered with the value itself.
            growth.pop()
            self._root.bare = True
            growth.open_object()
            growth.key(name)
            return
        self._is_first = False
        self._coming = self._root.coming() if name == WRAPPER_KEY else IGNORED

    def coming(self) -> Shape:
        return self._coming

    def put(self, value: Any) -> None:
        self._root.put(value)

    def set(self, value: Any) -> None:
        self._root.set(value)

    def take(self) -> Any:
        return self._root.take()

    def step(self) -> None:
        return None
