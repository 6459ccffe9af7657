"""Receives an answer's root value as JSON tokens, and unwraps it from ``{"result": ...}``.

Providers require an object at the root, so any other type (a list, a union, a number) is asked
for inside that one. Its classes are frames, as all that receive such tokens; see ``frame``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.typed.container import Container
from nbstream.typed.shape import IGNORED

if TYPE_CHECKING:
    from nbstream.typed.shape import Shape
    from nbstream.typed.sink import ValueSink

WRAPPER_KEY = "result"


class Root(Container):
    """The outermost frame. It holds the root value, and unwraps it if it is wrapped.

    ``wrapped``: it is expected under ``WRAPPER_KEY`` of an object. ``bare`` becomes True if
    it came without that object.
    """

    def __init__(self, shape: Shape, *, wrapped: bool) -> None:
        super().__init__()
        self.value: Any = None
        self.has_value = False
        self.wrapped = wrapped
        self.bare = False
        self._shape = shape

    def next_shape(self) -> Shape:
        return self._shape

    def put(self, value: Any) -> None:
        self.value, self.has_value = value, True

    set = put

    def take(self) -> Any:
        value, self.value = self.value, None
        return value

    def step(self) -> None:
        return None

    def open_object(self, sink: ValueSink) -> None:
        if self.wrapped and not self.bare:
            sink.push(_Wrapper(self))
        else:
            super().open_object(sink)

    def open_array(self, sink: ValueSink) -> None:
        self.bare = True
        super().open_array(sink)

    def open_string(self, sink: ValueSink) -> None:
        self.bare = True
        super().open_string(sink)

    def atom(self, sink: ValueSink, text: str) -> None:
        self.bare = True
        super().atom(sink, text)


class _Wrapper(Container):
    """The frame of an object that is the wrapper if its first key says so, else the value."""

    def __init__(self, root: Root) -> None:
        super().__init__()
        self._root = root
        self._next_shape: Shape = IGNORED
        self._is_first = True

    def key(self, sink: ValueSink, name: str) -> None:
        if name != WRAPPER_KEY and self._is_first:
            # No wrapper: the object is the value itself.
            sink.pop()
            self._root.bare = True
            sink.open_object()
            sink.key(name)
            return
        self._is_first = False
        self._next_shape = self._root.next_shape() if name == WRAPPER_KEY else IGNORED

    def next_shape(self) -> Shape:
        return self._next_shape

    def put(self, value: Any) -> None:
        self._root.put(value)

    def set(self, value: Any) -> None:
        self._root.set(value)

    def take(self) -> Any:
        return self._root.take()

    def step(self) -> None:
        return None
