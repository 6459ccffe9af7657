"""Lists and dicts while they grow, and JSON of no particular type.

Knows where items and entries go. Refuses to know what they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core.json.atoms import value_of
from nbstream.typed.container import Container
from nbstream.typed.frame import HIDDEN
from nbstream.typed.shape import ALL_KINDS, ARRAY, IGNORED, OBJECT, Shape, any_validator

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic_core import SchemaValidator

    from nbstream.typed.sink import Growth


class Dressed(Container):
    """A list or a dict, on its own or in an instance that holds nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.dress: Callable[[Any], Any] = lambda items: items


class ListShape(Shape):
    """``list[T]``. ``check``, if given, looks at the whole list: its length, say."""

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


class ListFrame(Dressed):
    """A list being written."""

    def __init__(self, shape: ListShape) -> None:
        super().__init__()
        self._items: list[Any] = []
        self.shown = self._items
        self._shape = shape
        self._index = -1

    def coming(self) -> Shape:
        self._index += 1
        return self._shape.item

    def put(self, value: Any) -> None:
        self._items.append(value)

    def set(self, value: Any) -> None:
        self._items[-1] = value

    def take(self) -> Any:
        value, self._items[-1] = self._items[-1], None
        return value

    def twin(self, child: Any) -> Any:
        items = self._items.copy()
        if child is not HIDDEN:
            items[-1] = child
        return self.dress(items)

    def step(self) -> int:
        return self._index

    def finish(self) -> Any:
        if self._shape.check:
            self._shape.check().validate_python(self._items)
        return self._items


class MapShape(Shape):
    """``dict[K, V]``. ``key`` validates keys, None if they are plain strings."""

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


class MapFrame(Dressed):
    """A dict being written."""

    def __init__(self, shape: MapShape) -> None:
        super().__init__()
        self._items: dict[Any, Any] = {}
        self.shown = self._items
        self._shape = shape
        self._key: Any = None
        self._here: Shape = IGNORED

    def key(self, growth: Growth, name: str) -> None:
        self._key, self._here = name, self._shape.value
        if self._shape.key:
            try:
                # Keys are strings in JSON, whatever their type: "1" is an int's.
                given: Any = name
                self._key = self._shape.key.validator.validate_strings(given)
            except Exception as error:  # noqa: BLE001 # a type's validators are anybody's code
                self._here = IGNORED
                growth.problem(error, self)

    def coming(self) -> Shape:
        return self._here

    def put(self, value: Any) -> None:
        self._items[self._key] = value

    set = put

    def take(self) -> Any:
        value, self._items[self._key] = self._items[self._key], None
        return value

    def twin(self, child: Any) -> Any:
        items = self._items.copy()
        if child is not HIDDEN:
            items[self._key] = child
        return self.dress(items)

    def step(self) -> str:
        return str(self._key)

    def finish(self) -> Any:
        if self._shape.check:
            self._shape.check().validate_python(self._items)
        return self._items


class Anything(Shape):
    """``Any``: JSON's own values, each shown while it is written."""

    def __init__(self) -> None:
        super().__init__(ALL_KINDS, any_validator)
        self._list = ListShape(any_validator, self)
        self._map = MapShape(any_validator, None, self)

    @property
    def grows_text(self) -> bool:
        return True

    def whole(self, raw: str) -> Any:
        try:
            return value_of(raw)
        except ValueError:
            return super().whole(raw)

    def text(self, value: str) -> Any:
        return value

    def object(self) -> Container:
        return self._map.object()

    def array(self) -> Container:
        return self._list.array()

    def field(self, name: str) -> Shape:
        del name
        return self


ANYTHING = Anything()
