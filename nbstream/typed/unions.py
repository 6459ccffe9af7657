"""Types that may be one of several.

Knows how to tell from what has arrived which member it will be. Refuses to
guess: while several members remain, nothing is shown. Which member a whole value
is, pydantic says.

An object is taken for a member when it is the only one left that knows all of
the keys so far and accepts the plain values so far; a discriminator is such a
value. A key that no member knows tells nothing.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from nbstream.core.json import Scanner
from nbstream.typed.frame import Capture, Frame
from nbstream.typed.shape import ARRAY, IGNORED, OBJECT, STRING, Shape

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic_core import SchemaValidator

    from nbstream.typed.container import Container
    from nbstream.typed.sink import Growth


class Union(Shape):
    """``A | B``, discriminated or not."""

    def __init__(self, make_validator: Callable[[], SchemaValidator], choices: list[Shape]) -> None:
        super().__init__(frozenset(), make_validator)
        self._choices = choices
        self._by_kind: dict[str, list[Shape]] = {}

    def members(self, kind: str) -> list[Shape]:
        if kind not in self._by_kind:
            found = [one for choice in self._choices for one in choice.members(kind)]
            self._by_kind[kind] = found
        return self._by_kind[kind]

    def _only(self, kind: str) -> Shape | None:
        members = self.members(kind)
        return members[0] if len(members) == 1 else None

    @cached_property
    def _text(self) -> Shape | None:
        only = self._only(STRING)
        return only if only and only.grows_text else None

    @property
    def grows_text(self) -> bool:
        return self._text is not None

    def text(self, value: str) -> Any:
        return self._text.text(value) if self._text else super().text(value)

    def object(self) -> Frame | None:
        members = self.members(OBJECT)
        if len(members) > 1:
            return Undecided(self, members)
        return members[0].object() if members else None

    def array(self) -> Container | None:
        only = self._only(ARRAY)
        return only.array() if only else None


class Undecided(Capture):
    """An object of which it is not yet seen which member of a union it is."""

    def __init__(self, shape: Shape, members: list[Shape]) -> None:
        super().__init__(shape, "{")
        self._members = members
        self._key = ""
        self._value_at = 0  # where in what is written the newest plain value begins

    def key(self, growth: Growth, name: str) -> None:
        super().key(growth, name)
        if len(self._closing) == 1:
            self._key = name
            self._value_at = len(self._written)
            self._keep(growth, lambda member: member.field(name) is not None)

    def close_string(self, growth: Growth) -> None:
        super().close_string(growth)
        self._weigh(growth)

    def atom(self, growth: Growth, text: str) -> None:
        super().atom(growth, text)
        self._weigh(growth)

    def _weigh(self, growth: Growth) -> None:
        """Look at the plain value that was just written."""
        if len(self._closing) == 1:
            raw = "".join(self._written[self._value_at : -1])
            self._keep(growth, lambda member: _accepts(member.field(self._key), raw))

    def _keep(self, growth: Growth, test: Callable[[Shape], bool]) -> None:
        if len(self._members) > 1:
            # A value that fits none will be an error in the end; it tells nothing here.
            self._members = [one for one in self._members if test(one)] or self._members
            frame = self._members[0].object() if len(self._members) == 1 else None
            if frame is not None:
                self._hand_over(growth, frame)

    def _hand_over(self, growth: Growth, frame: Frame) -> None:
        growth.pop()
        growth.push(frame)
        # The bracket is known to the frame; a scanner must see it to read on.
        scanner = Scanner(_SWALLOW)
        scanner.feed("{")
        scanner.sink = growth
        scanner.feed("".join(self._written[1:]))


class _Swallow(Capture):
    """Takes one bracket in."""

    def open_object(self, growth: Any = None) -> None:
        del growth


_SWALLOW: Any = _Swallow(IGNORED, "{")


def _accepts(shape: Shape | None, raw: str) -> bool:
    if shape is None:
        return True
    try:
        shape.whole(raw)
    except Exception:  # noqa: BLE001 # a type's validators are anybody's code
        return False
    return True
