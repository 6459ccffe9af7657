"""The parsers of ``list[T]``, ``dict[K, V]`` and ``Any``: their shapes and frames.

A shape belongs to a type. It makes a frame for each list or dict of that type; the frame
receives the JSON tokens and builds the value while they arrive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core.json.atoms import value_of
from nbstream.typed.container import Container
from nbstream.typed.frame import HIDDEN
from nbstream.typed.kinds import ALL_KINDS, ARRAY, OBJECT
from nbstream.typed.shape import IGNORED, Shape, any_validator

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic_core import SchemaValidator

    from nbstream.typed.sink import ValueSink


class ItemsFrame(Container):
    """The base frame of a list or dict. ``wrap`` puts its items into a ``RootModel``, if any."""

    def __init__(self) -> None:
        super().__init__()
        self.wrap: Callable[[Any], Any] = lambda items: items


class ListShape(Shape):
    """The shape of ``list[T]``. ``check`` validates the complete list, such as its length."""

    def __init__(
        self,
        make_validator: Callable[[], SchemaValidator],
        item: Shape,
        check: Callable[[], SchemaValidator] | None = None,
    ) -> None:
        super().__init__(frozenset({ARRAY}), make_validator)
        self.item = item
        self.check = check

    def array(self) -> Container:
        return ListFrame(self)


class ListFrame(ItemsFrame):
    """The frame that receives an open list's tokens and fills the list."""

    def __init__(self, shape: ListShape) -> None:
        super().__init__()
        self._items: list[Any] = []
        self.shown = self._items
        self._shape = shape
        self._index = -1

    def next_shape(self) -> Shape:
        self._index += 1
        return self._shape.item

    def put(self, value: Any) -> None:
        self._items.append(value)

    def set(self, value: Any) -> None:
        self._items[-1] = value

    def take(self) -> Any:
        value, self._items[-1] = self._items[-1], None
        return value

    def copy_with(self, child: Any) -> Any:
        items = self._items.copy()
        if child is not HIDDEN:
            items[-1] = child
        return self.wrap(items)

    def step(self) -> int:
        return self._index

    def name(self, *, shown: bool) -> int:
        return len(self._items) - shown

    def finish(self) -> Any:
        if self._shape.check:
            self._shape.check().validate_python(self._items)
        return self._items


class CollectedListFrame(ListFrame):
    """A list whose items are put into ``collected`` as they become whole.

    A text is put there when what follows has begun: leniently read, it may be continued.
    """

    collected: list[Any]
    _has_text = False

    def next_shape(self) -> Shape:
        self._collect_text()
        return super().next_shape()

    def close(self, sink: ValueSink) -> None:
        self._collect_text()
        super().close(sink)

    def close_string(self, sink: ValueSink) -> None:
        problems, count = len(sink.problems), len(self._items)
        super().close_string(sink)
        grown = self._last_string.grows_text
        self._has_text = len(sink.problems) == problems and (grown or len(self._items) > count)

    def reopen_string(self, sink: ValueSink, *, after_key: bool) -> bool:
        self._has_text = False
        return super().reopen_string(sink, after_key=after_key)

    def receive(self, sink: ValueSink, shape: Shape, raw: str) -> None:
        count = len(self._items)
        super().receive(sink, shape, raw)
        if len(self._items) > count and not raw.startswith('"'):
            self.collected.append(self._items[-1])

    def _collect_text(self) -> None:
        if self._has_text:
            self.collected.append(self._items[-1])
        self._has_text = False


class MapShape(Shape):
    """The shape of ``dict[K, V]``. ``key`` validates the keys; None for plain strings."""

    def __init__(
        self,
        make_validator: Callable[[], SchemaValidator],
        key: Shape | None,
        value: Shape,
        check: Callable[[], SchemaValidator] | None = None,
    ) -> None:
        super().__init__(frozenset({OBJECT}), make_validator)
        self.key = key
        self.value = value
        self.check = check

    def object(self) -> Container:
        return MapFrame(self)

    def field(self, name: str) -> Shape:
        del name
        return self.value


class MapFrame(ItemsFrame):
    """The frame that receives an open dict's tokens and fills the dict."""

    def __init__(self, shape: MapShape) -> None:
        super().__init__()
        self._items: dict[Any, Any] = {}
        self.shown = self._items
        self._shape = shape
        self._key: Any = None
        self._value_shape: Shape = IGNORED
        self._key_before: Any = None

    def take_back_key(self) -> bool:
        self._key = self._key_before
        return self._shape.key is None

    def key(self, sink: ValueSink, name: str) -> None:
        self._key_before = self._key
        self._key, self._value_shape = name, self._shape.value
        if self._shape.key:
            try:
                # JSON keys are strings, whatever the key's type: "1" may be an int.
                given: Any = name
                self._key = self._shape.key.validator.validate_strings(given)
            except Exception as error:  # noqa: BLE001 # the type's own code may raise anything
                self._value_shape = IGNORED
                sink.problem(error, self)

    def next_shape(self) -> Shape:
        return self._value_shape

    def put(self, value: Any) -> None:
        self._items[self._key] = value

    set = put

    def take(self) -> Any:
        value, self._items[self._key] = self._items[self._key], None
        return value

    def copy_with(self, child: Any) -> Any:
        items = self._items.copy()
        if child is not HIDDEN:
            items[self._key] = child
        return self.wrap(items)

    def step(self) -> str:
        return str(self._key)

    def name(self, *, shown: bool) -> Any:
        del shown
        return self._key

    def finish(self) -> Any:
        if self._shape.check:
            self._shape.check().validate_python(self._items)
        return self._items


class Anything(Shape):
    """The shape of ``Any``: every type of JSON value, all shown while they arrive."""

    def __init__(self) -> None:
        super().__init__(ALL_KINDS, any_validator)
        self._list = ListShape(any_validator, self)
        self._map = MapShape(any_validator, None, self)

    @property
    def grows_text(self) -> bool:
        return True

    def validate_json(self, raw: str) -> Any:
        try:
            return value_of(raw)
        except ValueError:
            return super().validate_json(raw)

    def validate_text(self, value: str) -> Any:
        return value

    def object(self) -> Container:
        return self._map.object()

    def array(self) -> Container:
        return self._list.array()

    def field(self, name: str) -> Shape:
        del name
        return self


ANYTHING = Anything()
