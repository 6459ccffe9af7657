"""Builds one message of a run: from its events while they arrive, or from one that brings it whole.

A transcript has one builder for each message.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nbstream.core import events as ev
from nbstream.core.events.lifecycle import counter_of, set_final, with_provider
from nbstream.core.message import FinishReason, Message, TextPart, Usage, with_parser
from nbstream.core.part_builder import PartBuilder
from nbstream.core.text_buffer import TextBuffer
from nbstream.core.usage import with_price

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class OutOfOrderError(ValueError):
    """An event does not fit to those before it. Only a faulty source sends such."""


class MessageBuilder:
    """Collects the events of one message. The message is built on request.

    ``parse`` computes the ``parsed_output`` of the message when it is read.
    """

    __slots__ = ("_custom", "_end", "_parse", "_provider", "_start", "_void", "index", "parts")

    def __init__(self, index: int = 0, parse: Callable[[Message], Any] | None = None) -> None:
        self.index = index
        self._parse = parse
        self.parts: list[PartBuilder] = []
        self._start: ev.StreamStart | None = None
        self._end: ev.StreamEnd | None = None
        self._provider: str | None = None
        self._custom = False
        self._void: tuple[TextBuffer, ...] = ()

    def start(self, event: ev.StreamStart) -> None:
        """Keep the start event. After a ``Retry`` the provider may not send its name again."""
        self._provider = event.provider or self._provider
        self._custom = event.custom_address or self._custom
        self._start = event

    def finish(self, event: ev.StreamEnd) -> None:
        """Add the end, and set its ``message``, unless another log has set it."""
        self._end = event
        if event._final is None:
            final = MessageBuilder(self.index, self._parse)  # it outlives a ``clear``
            final.parts, final._start, final._provider = self.parts, self._start, self._provider
            final._custom, final._end = self._custom, event
            set_final(event, final.build)

    def clear(self) -> None:
        """Discard everything: the reply begins again."""
        self._start = self._end = None
        self._void = (*self._void, *(part.text for part in self.parts))
        self.parts = []

    @property
    def is_void(self) -> bool:
        """Whether the message is empty: no event has come, or a ``Retry`` has discarded all."""
        return not (self._start or self.parts or self._end)

    @property
    def has_parts(self) -> bool:
        """Whether any part has begun."""
        return bool(self.parts)

    def apply(self, event: ev.PartEvent) -> ev.PartEvent:
        """Add an event of a part; returns the one to keep.

        Raises:
            OutOfOrderError: the part has not begun, or begins out of order.
        """
        if isinstance(event, ev.PartDelta):
            return self._part(event).grow(event)
        if isinstance(event, ev.PartEnd):
            return self._part(event).finish(event)
        if isinstance(event, ev.CitationEvent):
            return self._part(event).cite(event)
        if isinstance(event, ev.SignatureEvent):
            return self._part(event).sign(event)
        return self._begin(event)

    def _part(self, event: ev.PartEvent) -> PartBuilder:
        """The builder of the part that ``event`` belongs to."""
        try:
            return self.parts[event.index]
        except IndexError:
            raise OutOfOrderError(f"{event!r} is for a part that has not started") from None

    def _begin(self, event: ev.PartEvent) -> ev.PartEvent:
        """Begin a part, or replace the preview of a file; returns the event to keep."""
        count = len(self.parts)
        if event.index == count:
            self.parts.append(part := PartBuilder(event, self._void))
        elif isinstance(event, ev.FileEvent) and 0 <= event.index < count:
            # A preview of a file is replaced by the next version.
            self.parts[event.index] = part = PartBuilder(event, self._void)
        else:
            raise OutOfOrderError(f"{event!r} should have index {count}")
        return part.start

    @property
    def texts(self) -> list[TextBuffer]:
        """The buffers of the text parts, in order."""
        return [part.text for part in self.parts if isinstance(part.start, ev.TextStart)]

    @property
    def text(self) -> str:
        """The text so far."""
        return self._joined(ev.TextStart)

    @property
    def thinking(self) -> str:
        """The thinking so far."""
        return self._joined(ev.ThinkingStart)

    def _joined(self, start: type[ev.PartStart]) -> str:
        """The text of all parts that began with an event of class ``start``."""
        texts = [str(part.text) for part in self.parts if isinstance(part.start, start)]
        return texts[0] if len(texts) == 1 else "".join(texts)

    @property
    def usage(self) -> Usage | None:
        """The provider's latest token count, once it has sent one; it knows its price."""
        start, usage = self._start, None
        if self._end and self._end.usage is not None:
            usage = self._end.usage
        elif start is not None:
            counter = counter_of(start)
            usage = (counter() if counter else None) or start.usage
        if usage is None:
            return None
        provider = None if self._custom else self._provider
        return with_price(usage, start.model if start else None, provider)

    @property
    def finish_reason(self) -> FinishReason | None:
        """Why the message ended; None while it has not."""
        return self._end.finish_reason if self._end else None

    def build(self, *, failed: bool = False) -> Message:
        """The message so far. One that has not ended ends in ``error`` if the run ``failed``."""
        start = self._start or ev.StreamStart()
        message = Message(
            role="assistant",
            parts=tuple(part.build() for part in self.parts),
            usage=self.usage,
            finish_reason=self.finish_reason or ("error" if failed else None),
            id=start.id,
            model=start.model,
            provider=self._provider,
            provider_metadata=dict(self._end.provider_metadata) if self._end else {},
            custom_address=self._custom,
        )
        return message if self._parse is None else with_parser(message, self._parse)

    def events(self) -> Iterator[ev.Event]:
        """The shortest list of events that builds the same message.

        Each part is a start, one delta and, if it is complete, its end.
        """
        known = self._provider, self._custom
        if self._start and (self._start.provider, self._start.custom_address) == known:
            yield self._start
        elif self._start:
            yield with_provider(self._start, self._provider, custom_address=self._custom)
        elif self.index or self._provider or not self.parts:  # none came, or a ``Retry`` since
            yield ev.StreamStart(
                provider=self._provider, custom_address=self._custom, message_index=self.index
            )
        for part in self.parts:
            yield from part.events()
        if self._end:
            yield self._end


class WholeMessage:
    """A message that came in one event, with the same interface as ``MessageBuilder``."""

    __slots__ = ("_event", "_message", "index", "texts")

    is_void = False
    parts: tuple[PartBuilder, ...] = ()  # no event can name one

    def __init__(
        self, event: ev.MessageEvent, parse: Callable[[Message], Any] | None = None
    ) -> None:
        self._event = event
        self._message = message = event.message
        if message.role == "assistant":
            self._message = replace(message, finish_reason=message.finish_reason or "stop")
            if parse is not None:
                with_parser(self._message, parse)
        self.index = event.message_index
        self.texts = [TextBuffer(part.text) for part in message.parts if isinstance(part, TextPart)]

    @property
    def has_parts(self) -> bool:
        """Whether it has any part."""
        return bool(self._message.parts)

    @property
    def text(self) -> str:
        """Its text."""
        return self._message.text

    @property
    def thinking(self) -> str:
        """Its thinking."""
        return self._message.thinking

    @property
    def usage(self) -> Usage | None:
        """Its token count."""
        return self._message.usage

    @property
    def finish_reason(self) -> FinishReason:
        """Why the message ended; ``stop`` if the event does not say."""
        return self._message.finish_reason or "stop"

    def build(self, *, failed: bool = False) -> Message:  # noqa: ARG002 - it came whole
        """The message. The finish reason of a reply that has none is ``stop``."""
        return self._message

    def events(self) -> Iterator[ev.Event]:
        """The one event that builds the same message."""
        yield self._event
