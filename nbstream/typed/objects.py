"""Objects with named fields while they grow: models, dataclasses, typed dicts.

Knows which key is which field and when the whole is validated: once, when its
brace closes, with the fields' values reused as they are. Refuses to know how an
instance comes to be, which is ``instances``'s.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json

from nbstream.typed.container import Container
from nbstream.typed.frame import HIDDEN
from nbstream.typed.sequences import ANYTHING
from nbstream.typed.shape import ANYTHING_WHOLE, IGNORED, OBJECT, Shape

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic_core import SchemaValidator

    from nbstream.typed.instances import Maker
    from nbstream.typed.sink import Growth


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an object.

    ``late``: its validator wants to see the fields before it, so it is shown
    only when the object is whole. ``extra``: it is none of the type's own.
    """

    name: str
    shape: Shape
    late: bool = False
    extra: bool = False


_UNKNOWN = Field("", IGNORED)


class ObjectShape(Shape):
    """A type with fields.

    ``make_fields`` gives the fields by the keys they may come under; it is
    called when first needed, since types may hold themselves. ``make_finish``
    gives the validator of the whole, in which fields that are not late may be
    anything. ``extras`` is what becomes of other keys: ignore, allow or forbid.
    """

    def __init__(
        self,
        make_validator: Callable[[], SchemaValidator],
        make_finish: Callable[[], SchemaValidator],
        make_fields: Callable[[], Mapping[str, Field]],
        maker: Maker,
        *,
        extras: str,
    ) -> None:
        super().__init__(frozenset({OBJECT}), make_validator)
        self._make_finish = make_finish
        self._make_fields = make_fields
        self.extras = extras
        self.maker = maker

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """The fields, by key."""
        return self._make_fields()

    @cached_property
    def finish(self) -> SchemaValidator:
        """The validator of the whole."""
        return self._make_finish()

    def object(self) -> Container:
        return ObjectFrame(self)

    def field_at(self, key: str) -> Field:
        """The field under ``key``; one that is ignored if there is none."""
        found = self.fields.get(key)
        if found is None:
            return Field(key, ANYTHING, extra=True) if self.extras == "allow" else _UNKNOWN
        return found

    def field(self, name: str) -> Shape | None:
        field = self.field_at(name)
        if field.late:
            return ANYTHING_WHOLE
        return None if field is _UNKNOWN else field.shape


class ObjectFrame(Container):
    """An object being written."""

    def __init__(self, shape: ObjectShape) -> None:
        super().__init__()
        self._shape = shape
        self.shown, self._store, self._extras, self._seen = shape.maker.blank()
        self._names: dict[str, Field] = {}  # of the fields that are shown, by their key
        self._late: dict[str, str] = {}  # the JSON of those that are not, by their key
        self._unknown: list[str] = []
        self._key = ""
        self._field = _UNKNOWN

    def key(self, growth: Growth, name: str) -> None:
        del growth
        self._key = name
        self._field = self._shape.field_at(name)
        if self._field is _UNKNOWN:
            self._unknown.append(name)

    def coming(self) -> Shape:
        return ANYTHING_WHOLE if self._field.late else self._field.shape

    def put(self, value: Any) -> None:
        field = self._field
        self._names[self._key] = field
        self._seen.add(field.name)
        self.set(value)

    def set(self, value: Any) -> None:
        store = self._extras if self._field.extra else self._store
        store[self._field.name] = value

    def take(self) -> Any:
        store = self._extras if self._field.extra else self._store
        value, store[self._field.name] = store[self._field.name], None
        return value

    def twin(self, child: Any) -> Any:
        twin = copy.copy(self.shown)
        if child is not HIDDEN:
            self._shape.maker.set_in(twin, self._field.name, child, extra=self._field.extra)
        return twin

    def step(self) -> str:
        return self._key

    def receive(self, growth: Growth, shape: Shape, raw: str) -> None:
        if self._field.late:
            self._late[self._key] = raw
        else:
            super().receive(growth, shape, raw)

    def finish(self) -> Any:
        given = {key: self._at(field) for key, field in self._names.items()}
        given |= {key: from_json(raw) for key, raw in self._late.items()}
        if self._shape.extras == "forbid":
            given |= dict.fromkeys(self._unknown)  # their values were read over
        return self._shape.maker.finish(self.shown, given, self._shape.finish)

    def _at(self, field: Field) -> Any:
        return (self._extras if field.extra else self._store)[field.name]
