"""The base classes of events, and the snapshot: what a part holds right after an event.

An event is a value: frozen, comparable, hashable if its fields are, and safe to copy, pickle
and forward. The first log that carries an event writes its snapshot; a later log leaves it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from nbstream.core.text_buffer import TextBuffer

if TYPE_CHECKING:
    from nbstream.core.message import Usage
    from nbstream.core.parts import Citation, Part

__all__ = ["CitedEvent", "Event", "PartDelta", "PartEnd", "PartEvent", "PartStart"]


@dataclass(frozen=True, slots=True)
class Event:
    """The base class of all events: one thing that happens on a stream.

    ``message_index`` is the place of the message in the run's transcript, from 0.

    >>> events = list(nbstream.stream(ScriptedModel("Hello."), "hi"))
    >>> all(isinstance(event, nbstream.events.Event) for event in events)
    True
    """

    kind: ClassVar[str] = "event"
    """The tag of the class, one for each; what the codec writes."""
    type: ClassVar[str] = "event"
    """Anthropic's tag; where Anthropic has none, a word of ours."""
    event_kind: ClassVar[str] = "event"
    """PydanticAI's tag, on the events of parts."""
    message_index: int = field(default=0, kw_only=True)

    @property
    def usage(self) -> Usage | None:
        """The provider's token count, on the events that bring one."""
        return None


class _SnapshotSlots(Event):
    """Slots for the snapshot. They are no dataclass fields: equality, hash and repr ignore them."""

    __slots__ = ("_buffer", "_length")
    _buffer: TextBuffer | None
    _length: int


@dataclass(frozen=True, slots=True)
class PartEvent(_SnapshotSlots):
    """Something happened to the part at ``index`` of its message.

    >>> stream = nbstream.stream(ScriptedModel("Hello."), "hi")
    >>> [event.index for event in stream if isinstance(event, nbstream.events.PartEvent)]
    [0, 0, 0, 0]
    """

    index: int

    def __post_init__(self) -> None:
        set_buffer(self, None)

    @property
    def snapshot(self) -> str:
        """The text of the part right after this event.

        Joined when read. Empty on an event that no stream has carried. On a tool's call
        it is the arguments, parsed; on a citation, the list of citations so far.
        """
        return self._snapshot_text()

    def _snapshot_text(self) -> str:
        """The snapshot as text; empty if no log has carried the event."""
        return "" if self._buffer is None else self._buffer.upto(self._length)

    def __reduce__(self) -> tuple[Any, ...]:
        values = {row.name: getattr(self, row.name) for row in fields(self)}
        held = None if self._buffer is None else self._snapshot_text()
        return _restore, (type(self), values, held, None)


class _WithPart(PartEvent):
    """Base class of the events that have their part."""

    __slots__ = ()

    @property
    def part(self) -> Part:
        """The part; PydanticAI's name."""
        raise NotImplementedError

    @property
    def content_block(self) -> Part:
        """``part``, in Anthropic's word."""
        return self.part


@dataclass(frozen=True, slots=True)
class PartStart(_WithPart):
    """A part begins.

    >>> stream = nbstream.stream(ScriptedModel("Hello."), "hi")
    >>> [type(event).__name__ for event in stream if isinstance(event, nbstream.events.PartStart)]
    ['TextStart']
    """

    type: ClassVar[str] = "content_block_start"
    event_kind: ClassVar[str] = "part_start"

    @property
    def part(self) -> Part:
        """The part as it begins, empty if deltas follow; PydanticAI's name."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, init=False)
class PartDelta(PartEvent):
    """A part grows by ``chunk``.

    >>> stream = nbstream.stream(ScriptedModel("Hello."), "hi")
    >>> [event.chunk for event in stream if isinstance(event, nbstream.events.PartDelta)]
    ['Hello', '.']
    """

    event_kind: ClassVar[str] = "part_delta"
    part_delta_kind: ClassVar[str] = "text"
    """PydanticAI's tag of ``delta``."""
    __match_args__ = ("chunk", "index")
    chunk: str

    # Nearly all events are deltas, and a frozen dataclass's own __init__ is slower.
    # Subclasses inherit it: they are declared with init=False.
    def __init__(self, index: int, chunk: str, *, message_index: int = 0) -> None:
        set_index(self, index)
        _set_chunk(self, chunk)
        _set_message_index(self, message_index)
        set_buffer(self, None)

    @property
    def delta(self) -> Self:
        """The event itself: PydanticAI reads ``event.delta.content_delta``."""
        return self


@dataclass(frozen=True, slots=True)
class PartEnd(_WithPart):
    """A part is complete.

    A second end of the same part replaces the first: a provider may add metadata when the
    whole response ends. The end of a tool call comes once.

    >>> stream = nbstream.stream(ScriptedModel("Hello."), "hi")
    >>> [type(event).__name__ for event in stream if isinstance(event, nbstream.events.PartEnd)]
    ['TextEnd']
    """

    type: ClassVar[str] = "content_block_stop"
    event_kind: ClassVar[str] = "part_end"

    @property
    def part(self) -> Part:
        """The complete part; PydanticAI's name."""
        raise NotImplementedError


class CitedEvent(PartEvent):
    """An event that keeps the citations of its part, besides the text."""

    __slots__ = ("_cited",)
    _cited: tuple[list[Citation], int]

    def _citations(self) -> list[Citation]:
        try:
            rows, count = self._cited
        except AttributeError:  # no stream has carried it
            return []
        return rows[:count]

    def __reduce__(self) -> tuple[Any, ...]:
        restore, (cls, values, held, _) = super().__reduce__()
        return restore, (cls, values, held, self._citations())


# A frozen dataclass refuses assignment; its slot descriptors do not.
_set_message_index = Event.__dict__["message_index"].__set__
set_index = PartEvent.__dict__["index"].__set__
_set_chunk = PartDelta.__dict__["chunk"].__set__
set_buffer = _SnapshotSlots.__dict__["_buffer"].__set__
set_length = _SnapshotSlots.__dict__["_length"].__set__
_set_cited = CitedEvent.__dict__["_cited"].__set__

E = TypeVar("E", bound=PartEvent)


def write_snapshot(
    event: PartEvent, buffer: TextBuffer, length: int, citations: list[Citation]
) -> None:
    """Let ``event.snapshot`` be the first ``length`` characters of ``buffer``.

    A ``CitedEvent`` keeps the ``citations`` that the list has now; it only grows.
    """
    set_buffer(event, buffer)
    set_length(event, length)
    if isinstance(event, CitedEvent):
        _set_cited(event, (citations, len(citations)))


def _restore(
    cls: type[E], values: dict[str, Any], held: str | None, citations: list[Citation] | None
) -> E:
    """Rebuild a pickled event, with its snapshot."""
    event = cls(**values)
    if held is not None:
        write_snapshot(event, TextBuffer(held), len(held), citations or [])
    return event
