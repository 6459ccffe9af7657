"""Events of a whole message or run: its start and end, a retry, progress, a whole message."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, ClassVar

from nbstream.core.events.base import Event, PartDelta
from nbstream.core.message import Message, Usage

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbstream.core.message import FinishReason


class _Counted(Event):
    """Holds what counts the tokens after the start. Not a field, so not compared."""

    __slots__ = ("_counter",)
    _counter: Callable[[], Usage | None] | None


@dataclass(frozen=True, slots=True)
class StreamStart(_Counted):
    """The provider began to answer. ``usage`` is its token count by then, if it sent one.

    The event comes again, with the same ``message_index``, if the provider tells the id or
    the model's name later, or if another model goes on with the answer.

    >>> stream = nbstream.stream(ScriptedModel("Hello."), "hi")
    >>> [event.message_index for event in stream if isinstance(event, nbstream.events.StreamStart)]
    [0]
    """

    kind: ClassVar[str] = "stream_start"
    type: ClassVar[str] = "message_start"
    id: str | None = None
    model: str | None = None
    provider: str | None = None
    usage: Usage | None = None
    custom_address: bool = False
    """See ``Message.custom_address``."""

    def __post_init__(self) -> None:
        set_counter(self, None)

    @property
    def message(self) -> Message:
        """The message as it begins, without parts; Anthropic's name."""
        usage = self.usage or Usage()
        message = Message("assistant", (), usage, None, self.id, self.model, self.provider)
        return replace(message, custom_address=self.custom_address)


@dataclass(frozen=True, slots=True)
class Retry(Event):
    """The answer begins again; the message so far is void.

    The request is sent again after ``wait`` seconds (``attempt`` counts from
    2), or the provider itself began a second answer in the same stream.

    >>> nbstream.events.Retry(2, "api.example answered 503").attempt
    2
    """

    kind: ClassVar[str] = "retry"
    type: ClassVar[str] = "retry"
    attempt: int
    reason: str
    wait: float = 0.0


@dataclass(frozen=True, slots=True)
class Progress(Event):
    """A report on a long job, such as a video, or on thinking that is not shown.

    It adds nothing to the answer. ``status`` is the provider's own word, or text such as
    ``thinking, about 1,200 tokens``. ``fraction`` is how much is done, from 0 to 1; None if the
    provider does not say.

    >>> nbstream.events.Progress("running", 0.5).fraction
    0.5
    """

    kind: ClassVar[str] = "progress"
    type: ClassVar[str] = "progress"
    status: str
    fraction: float | None = None


class _Ended(Event):
    """Holds the final message, or the function that builds it. Not a field, so not compared."""

    __slots__ = ("_final",)
    _final: Message | Callable[[], Message] | None


@dataclass(frozen=True, slots=True)
class StreamEnd(_Ended):
    """The answer is over. A stream without this event is incomplete.

    ``provider_metadata`` holds the provider's own finish reason and whatever it
    sent that this library has no name for; it becomes the message's.

    >>> stream = nbstream.stream(ScriptedModel("Hello."), "hi")
    >>> [event.finish_reason for event in stream if isinstance(event, nbstream.events.StreamEnd)]
    ['stop']
    """

    kind: ClassVar[str] = "stream_end"
    type: ClassVar[str] = "message_stop"
    finish_reason: FinishReason
    usage: Usage | None = None
    provider_metadata: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        set_final(self, None)

    @property
    def message(self) -> Message:
        """The final message; Anthropic's name. Without parts if no stream carried the event."""
        final = self._final
        if final is None:
            metadata = dict(self.provider_metadata)
            return Message(
                "assistant", (), self.usage, self.finish_reason, provider_metadata=metadata
            )
        if not isinstance(final, Message):
            final = final()
            set_final(self, final)
        return final

    def __reduce__(self) -> tuple[Any, ...]:
        values = {row.name: getattr(self, row.name) for row in fields(self)}
        return _restore, (values, None if self._final is None else self.message)


@dataclass(frozen=True, slots=True)
class MessageEvent(Event):
    """A whole message at once: a tool's results, or a user's message added to the run.

    A reply that streams begins with ``StreamStart`` instead.

    >>> result = nbstream.tool_message("call_1", "sunny")
    >>> event = nbstream.events.MessageEvent(result, message_index=1)
    >>> event.message.role, event.message_index
    ('tool', 1)
    """

    kind: ClassVar[str] = "message"
    type: ClassVar[str] = "message"
    message: Message


set_counter = _Counted.__dict__["_counter"].__set__
set_final = _Ended.__dict__["_final"].__set__


def counted(start: StreamStart, counter: Callable[[], Usage | None] | None) -> StreamStart:
    """``start``, with the function that gives the latest token count of its message."""
    set_counter(start, counter)
    return start


def with_provider(
    start: StreamStart, provider: str | None, *, custom_address: bool | None = None
) -> StreamStart:
    """A copy of ``start`` with the provider's name, and whether its address is another's."""
    custom = start.custom_address if custom_address is None else custom_address
    changed = replace(start, provider=provider, custom_address=custom)
    return counted(changed, counter_of(start))


def counter_of(start: StreamStart) -> Callable[[], Usage | None] | None:
    """The function that gives the latest token count; None for an event that was pickled."""
    return getattr(start, "_counter", None)


def moved(event: Event, by: int) -> Event:
    """A copy of ``event``, which no log has carried, for a message ``by`` places later."""
    index = event.message_index + by
    if isinstance(event, PartDelta):  # nearly all events are
        return type(event)(event.index, event.chunk, message_index=index)
    if isinstance(event, StreamStart):
        return counted(replace(event, message_index=index), counter_of(event))
    return replace(event, message_index=index)


def _restore(values: dict[str, Any], final: Message | None) -> StreamEnd:
    """Rebuild a pickled ``StreamEnd``, with its final message."""
    event = StreamEnd(**values)
    set_final(event, final)
    return event
