"""The base class of a Claude response's content blocks: start, deltas and stop become events."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nbstream.core.events import Event
    from nbstream.protocols.json_fields import Json


class Block:
    """One content block of a response, while it streams.

    ``raw`` is the block's JSON from its start event, ``index`` the index of its part.
    ``deltas``: the types of delta that it accepts. ``known_fields``: the fields that become
    attributes of the part.
    """

    __slots__ = ("index", "raw")

    deltas: ClassVar[tuple[str, ...]] = ()
    known_fields: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, index: int, raw: Json) -> None:
        self.index, self.raw = index, raw

    def start(self) -> Iterable[Event]:
        """The events for the start of the block."""
        return ()

    def apply(self, delta: Json) -> Event | None:
        """The event for a delta; None if there is none yet."""
        del delta
        return None

    def accepts(self, delta: Json) -> bool:
        """Whether a delta is of a type that the block knows."""
        return delta.get("type") in self.deltas

    def stop(self) -> Iterable[Event]:
        """The events for the end of the block."""
        return ()

    def result(self, index: int) -> Event | None:
        """After the end: the event for a result in the block, a part with the index ``index``."""
        del index
        return None

    def extra_fields(self) -> Json:
        """The other fields, which the part keeps and sends back."""
        raw, known = self.raw, self.known_fields
        return {
            name: value for name, value in raw.items() if name not in known and value is not None
        }


def text_in(raw: Json, name: str) -> str:
    """The string in the field ``name`` of ``raw``; empty if there is none."""
    value = raw.get(name)
    return value if type(value) is str else ""
