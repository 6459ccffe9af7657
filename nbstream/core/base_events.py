"""The families of events, and how an event keeps its snapshot.

An event is a value: frozen, comparable, hashable if its fields are, and safe to copy, pickle
and forward. The first log that carries an event writes its snapshot; a later log leaves it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from nbstream.core.text_buffer import TextBuffer

if TYPE_CHECKING:
    from nbstream.core.message import Usage

__all__ = ["Event", "PartDelta", "PartEnd", "PartEvent", "PartStart", "write_snapshot"]


@dataclass(frozen=True, slots=True)
class Event:
    """Anything that happens on a stream.

    ``message_index`` is the place of the message in the run's transcript, from 0.
    """

    kind: ClassVar[str] = "event"
    message_index: int = field(default=0, kw_only=True)

    @property
    def usage(self) -> Usage | None:
        """The provider's token count, on the events that bring one."""
        return None


class _Carried(Event):
    """Slots for the snapshot. No dataclass fields: equality, hash and repr ignore them."""

    __slots__ = ("_buffer", "_length")
    _buffer: TextBuffer | None
    _length: int


@dataclass(frozen=True, slots=True)
class PartEvent(_Carried):
    """Something happened to the part at ``index`` of its message."""

    index: int

    def __post_init__(self) -> None:
        set_buffer(self, None)

    @property
    def snapshot(self) -> str:
        """What the part held right after this event.

        Text, thinking, or a tool call's arguments as the JSON text so far.
        Joined when read. Empty on an event that no stream has carried.
        """
        return self._held_text()

    def _held_text(self) -> str:
        return "" if self._buffer is None else self._buffer.upto(self._length)

    def __reduce__(self) -> tuple[Any, ...]:
        values = {row.name: getattr(self, row.name) for row in fields(self)}
        held = None if self._buffer is None else self._held_text()
        return _restore, (type(self), values, held)


@dataclass(frozen=True, slots=True)
class PartStart(PartEvent):
    """A part begins."""


@dataclass(frozen=True, slots=True, init=False)
class PartDelta(PartEvent):
    """A part grows by ``chunk``."""

    __match_args__ = ("chunk", "index")
    chunk: str

    # Nearly all events are deltas, and a frozen dataclass's own __init__ is slower.
    # Subclasses inherit it: they are declared with init=False.
    def __init__(self, index: int, chunk: str, *, message_index: int = 0) -> None:
        _set_index(self, index)
        _set_chunk(self, chunk)
        _set_message_index(self, message_index)
        set_buffer(self, None)


@dataclass(frozen=True, slots=True)
class PartEnd(PartEvent):
    """A part is complete.

    A second end of the same part replaces the first: a provider may add metadata when the
    whole response ends. The end of a tool call comes once.
    """


# A frozen dataclass refuses assignment; its slot descriptors do not.
_set_message_index = Event.__dict__["message_index"].__set__
_set_index = PartEvent.__dict__["index"].__set__
_set_chunk = PartDelta.__dict__["chunk"].__set__
set_buffer = _Carried.__dict__["_buffer"].__set__
set_length = _Carried.__dict__["_length"].__set__

E = TypeVar("E", bound=PartEvent)


def write_snapshot(event: PartEvent, buffer: TextBuffer, length: int) -> None:
    """Let ``event.snapshot`` be the first ``length`` characters of ``buffer``."""
    set_buffer(event, buffer)
    set_length(event, length)


def _restore(cls: type[E], values: dict[str, Any], held: str | None) -> E:
    event = cls(**values)
    if held is not None:
        write_snapshot(event, TextBuffer(held), len(held))
    return event
