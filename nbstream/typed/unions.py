"""Parses a value of a union while it arrives, once only one of the union's types is possible.

A member is chosen when it is the only one that has all keys so far and accepts all plain
values so far; a discriminator is such a value. A key that no member has is ignored. While
several members are possible, nothing is shown. pydantic decides the member of a complete
value.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from nbstream.core.json import Scanner
from nbstream.typed.frame import Capture, Frame
from nbstream.typed.kinds import ARRAY, OBJECT, STRING
from nbstream.typed.shape import IGNORED, Shape

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic_core import SchemaValidator

    from nbstream.typed.container import Container
    from nbstream.typed.sink import ValueSink


class Union(Shape):
    """The shape of ``A | B``, with or without a discriminator."""

    def __init__(self, make_validator: Callable[[], SchemaValidator], choices: list[Shape]) -> None:
        super().__init__(frozenset(), make_validator)
        self._choices = choices
        self._by_kind: dict[str, list[Shape]] = {}

    def members(self, kind: str) -> list[Shape]:
        if kind not in self._by_kind:
            members = [member for choice in self._choices for member in choice.members(kind)]
            self._by_kind[kind] = members
        return self._by_kind[kind]

    def _only(self, kind: str) -> Shape | None:
        """The only member that JSON of this kind can be; None if there are several or none."""
        members = self.members(kind)
        return members[0] if len(members) == 1 else None

    @cached_property
    def _text(self) -> Shape | None:
        only = self._only(STRING)
        return only if only and only.grows_text else None

    @property
    def grows_text(self) -> bool:
        return self._text is not None

    def validate_text(self, value: str) -> Any:
        return self._text.validate_text(value) if self._text else super().validate_text(value)

    def object(self) -> Frame | None:
        members = self.members(OBJECT)
        if len(members) > 1:
            return Undecided(self, members)
        return members[0].object() if members else None

    def array(self) -> Container | None:
        only = self._only(ARRAY)
        return only.array() if only else None


class Undecided(Capture):
    """The frame of an object while several members of the union are possible."""

    def __init__(self, shape: Shape, members: list[Shape]) -> None:
        super().__init__(shape, "{")
        self._members = members
        self._key = ""
        self._value_at = 0  # the index in self._written of the newest plain value

    def key(self, sink: ValueSink, name: str) -> None:
        super().key(sink, name)
        if len(self._closing) == 1:
            self._key = name
            self._value_at = len(self._written)
            self._filter_members(sink, lambda member: member.field(name) is not None)

    def close_string(self, sink: ValueSink) -> None:
        super().close_string(sink)
        self._check_value(sink)

    def atom(self, sink: ValueSink, text: str) -> None:
        super().atom(sink, text)
        self._check_value(sink)

    def _check_value(self, sink: ValueSink) -> None:
        """Exclude members that do not accept the plain value that has just ended."""
        if len(self._closing) == 1:
            raw = "".join(self._written[self._value_at : -1])
            self._filter_members(sink, lambda member: _accepts(member.field(self._key), raw))

    def _filter_members(self, sink: ValueSink, test: Callable[[Shape], bool]) -> None:
        """Keep the members that pass ``test``. If one is left, its frame replaces this one."""
        if len(self._members) > 1:
            # If no member fits, the value is invalid: ignore it here, validation reports it.
            self._members = [member for member in self._members if test(member)] or self._members
            frame = self._members[0].object() if len(self._members) == 1 else None
            if frame is not None:
                self._replay_into(sink, frame)

    def _replay_into(self, sink: ValueSink, frame: Frame) -> None:
        """Replace this frame by ``frame`` and feed it the JSON collected so far."""
        sink.pop()
        sink.push(frame)
        # ``frame`` stands for the opening bracket, but the scanner must read one.
        scanner = Scanner(_IGNORE_BRACKET)
        scanner.feed("{")
        scanner.sink = sink
        scanner.feed("".join(self._written[1:]))


class _IgnoreBracket(Capture):
    """A sink that ignores the opening bracket of the JSON that is replayed."""

    def open_object(self, sink: Any = None) -> None:
        del sink


_IGNORE_BRACKET: Any = _IgnoreBracket(IGNORED, "{")


def _accepts(shape: Shape | None, raw: str) -> bool:
    """Whether ``shape`` can validate the JSON text ``raw``; None accepts all."""
    if shape is None:
        return True
    try:
        shape.validate_json(raw)
    except Exception:  # noqa: BLE001 # the type's own code may raise anything
        return False
    return True
