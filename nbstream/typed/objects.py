"""Parses a JSON object while it arrives into a pydantic model, dataclass or typed dict.

The complete object is validated once, at its closing brace. Field values that were
validated before are not validated again.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json

from nbstream.typed.container import Container
from nbstream.typed.frame import HIDDEN
from nbstream.typed.kinds import OBJECT
from nbstream.typed.output_state import OpenValue
from nbstream.typed.sequences import ANYTHING
from nbstream.typed.shape import ANYTHING_COMPLETE, IGNORED, Shape

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic_core import SchemaValidator

    from nbstream.typed.instances import Maker
    from nbstream.typed.sink import ValueSink


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an object type: its name and its shape.

    ``late``: its validator reads the fields before it, so it appears only when the object is
    complete. ``extra``: the type does not declare it. ``needed``: the object appears only once
    it has a value.
    """

    name: str
    shape: Shape
    late: bool = False
    extra: bool = False
    needed: bool = False


_UNKNOWN = Field("", IGNORED)


class ObjectShape(Shape):
    """The shape of an object type with named fields.

    Args:
        make_validator: makes the validator of the type.
        make_finish: makes the validator of a complete object whose fields were validated
            already, except the late ones.
        make_fields: gives the fields by key. Called when first needed, because types may
            be recursive.
        maker: creates the instances.
        extras: what to do with undeclared keys: "ignore", "allow" or "forbid".
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
        """The fields, by JSON key."""
        return self._make_fields()

    @cached_property
    def needed(self) -> frozenset[str]:
        """The names of the fields without which an object is not shown."""
        return frozenset(field.name for field in self.fields.values() if field.needed)

    @cached_property
    def finish(self) -> SchemaValidator:
        """The validator that runs on the complete object, at its closing brace."""
        return self._make_finish()

    def object(self) -> Container:
        return ObjectFrame(self)

    def field_at(self, key: str) -> Field:
        """The field for a JSON key; one that is skipped if the type has none."""
        field = self.fields.get(key)
        if field is None:
            return Field(key, ANYTHING, extra=True) if self.extras == "allow" else _UNKNOWN
        return field

    def field(self, name: str) -> Shape | None:
        field = self.field_at(name)
        if field.late:
            return ANYTHING_COMPLETE
        return None if field is _UNKNOWN else field.shape


class ObjectFrame(Container):
    """The frame that receives an open object's tokens and fills its instance."""

    def __init__(self, shape: ObjectShape) -> None:
        super().__init__()
        self._shape = shape
        self._value, self._store, self._extras, self._given = shape.maker.new()
        self._missing = shape.needed  # the fields that it waits for
        if not self._missing:
            self.shown = self._value
        self._shown_fields: dict[str, Field] = {}  # by key
        self._late: dict[str, str] = {}  # the JSON of the late fields, by key
        self._unknown: list[str] = []
        self._key = ""
        self._field = _UNKNOWN
        self._before: tuple[str, Field] = ("", _UNKNOWN)  # the key and the field before

    def key(self, sink: ValueSink, name: str) -> None:
        del sink
        self._before = (self._key, self._field)
        self._key = name
        self._field = self._shape.field_at(name)
        if self._field is _UNKNOWN:
            self._unknown.append(name)

    def take_back_key(self) -> bool:
        if self._field is _UNKNOWN:
            self._unknown.pop()
        self._key, self._field = self._before
        return True

    def next_shape(self) -> Shape:
        return ANYTHING_COMPLETE if self._field.late else self._field.shape

    def put(self, value: Any) -> None:
        field = self._field
        self._shown_fields[self._key] = field
        self._given.add(field.name)
        self.set(value)
        if self._missing and value is not None:
            self._missing -= {field.name}
            if not self._missing:
                self.shown = self._value
                self.outer.put(self._value)

    def set(self, value: Any) -> None:
        store = self._extras if self._field.extra else self._store
        store[self._field.name] = value

    def take(self) -> Any:
        store = self._extras if self._field.extra else self._store
        value, store[self._field.name] = store[self._field.name], None
        return value

    def copy_with(self, child: Any) -> Any:
        duplicate = copy.copy(self._value)
        if child is not HIDDEN:
            self._shape.maker.set_child(duplicate, self._field.name, child, extra=self._field.extra)
        return duplicate

    def step(self) -> str:
        return self._key

    def name(self, *, shown: bool) -> str | None:
        del shown
        return self._field.name or None

    @property
    def is_waiting(self) -> bool:
        return bool(self._missing)

    def open_value(self) -> OpenValue:
        names = dict.fromkeys(field.name for field in self._shape.fields.values())
        return OpenValue(tuple(names), frozenset(self._given))

    def receive(self, sink: ValueSink, shape: Shape, raw: str) -> None:
        if self._field.late:
            self._late[self._key] = raw
        else:
            super().receive(sink, shape, raw)

    def finish(self) -> Any:
        given = {key: self._at(field) for key, field in self._shown_fields.items()}
        given |= {key: from_json(raw) for key, raw in self._late.items()}
        if self._shape.extras == "forbid":
            given |= dict.fromkeys(self._unknown)  # only the keys matter; values were skipped
        value = self._shape.maker.finish(self._value, given, self._shape.finish)
        self._missing = frozenset()
        return value

    def _at(self, field: Field) -> Any:
        return (self._extras if field.extra else self._store)[field.name]
