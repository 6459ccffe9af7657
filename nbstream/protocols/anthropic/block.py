"""One content block while it streams: its start, its deltas and its stop as events.

Knows what all kinds of block have in common. Refuses to know any kind, and
where in the stream a block stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nbstream.core.events import Event

    Raw = dict[str, Any]


class Block:
    """What every kind of block answers.

    ``deltas`` are the types of delta it takes, ``fields`` are the names
    that have a place of their own, ``is_part`` is whether it makes
    a part (at ``index``), ``raw`` is what its start said.
    """

    __slots__ = ("index", "raw")

    deltas: ClassVar[tuple[str, ...]] = ()
    fields: ClassVar[frozenset[str]] = frozenset()
    is_part: ClassVar[bool] = True

    def __init__(self, index: int, raw: Raw) -> None:
        self.index, self.raw = index, raw

    def start(self) -> Iterable[Event]:
        """What its start says."""
        return ()

    def grow(self, delta: Raw) -> Event | None:
        """What a delta says; None if nothing, or nothing yet."""
        del delta
        return None

    def takes(self, delta: Raw) -> bool:
        """Whether it knows what to do with such a delta."""
        return delta.get("type") in self.deltas

    def stop(self) -> Iterable[Event]:
        """What its stop says."""
        return ()

    def more(self) -> Raw:
        """The other fields, to be kept and sent back."""
        raw, known = self.raw, self.fields
        return {
            name: value for name, value in raw.items() if name not in known and value is not None
        }


class OtherBlock(Block):
    """A block of a kind that has no part: it is kept, and sent back in its place."""

    __slots__ = ()

    is_part = False

    def takes(self, delta: Raw) -> bool:
        del delta
        return True

    def grow(self, delta: Raw) -> Event | None:
        for name, value in delta.items():
            before = self.raw.get(name)
            if name != "type":
                both = isinstance(before, str) and isinstance(value, str)
                self.raw[name] = before + value if both else value
        return None


def text_in(raw: Raw, name: str) -> str:
    """The text in a field; empty if there is none, or something else."""
    value = raw.get(name)
    return value if type(value) is str else ""
