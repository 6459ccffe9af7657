"""The fold: events in, the message so far out.

Knows how each event changes a message. Refuses to know where events come from
and who reads them. Constant work per event; the message is built only when it
is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbstream.core import events as ev
from nbstream.core.message import FinishReason, Message, Usage
from nbstream.core.part_builder import GrowingPart

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbstream.core.text_buffer import GrowingText


class Fold:
    """The message that a run of events amounts to."""

    def __init__(self) -> None:
        self._start: ev.StreamStart | None = None
        self._end: ev.StreamEnd | None = None
        self._parts: list[GrowingPart] = []
        self._provider: str | None = None
        self.failed = False
        self.progress: ev.Progress | None = None
        """The latest word on a long job."""

    def apply(self, event: ev.Event) -> None:
        """Take one event in.

        Raises:
            ValueError: the event names a part that has not begun, or begins one
                out of order. Only a faulty source does that.
        """
        if isinstance(event, ev.PartDelta):  # nearly all events are
            try:
                part = self._parts[event.index]
            except IndexError:
                part = self._part(event)
            part.grow(event)
        elif isinstance(event, ev.PartEvent):
            self._apply_to_part(event)
        elif isinstance(event, ev.StreamStart):
            # A provider that begins anew does not say again who it is.
            self._provider = event.provider or self._provider
            self._start = event
        elif isinstance(event, ev.StreamEnd):
            self._end = event
        elif isinstance(event, ev.Retry):
            self._start, self._parts = None, []
        elif isinstance(event, ev.Progress):
            self.progress = event

    def _apply_to_part(self, event: ev.PartEvent) -> None:
        if isinstance(event, ev.PartEnd):
            self._part(event).finish(event)
        elif isinstance(event, ev.CitationEvent):
            part = self._part(event)
            part.citations.append(event.citation)
            part.tie(event)
        else:
            self._begin(event)

    def _part(self, event: ev.PartEvent) -> GrowingPart:
        try:
            return self._parts[event.index]
        except IndexError:
            raise ValueError(f"{event!r} names a part that has not begun") from None

    def _begin(self, event: ev.PartEvent) -> None:
        part, count = GrowingPart(event), len(self._parts)
        if event.index == count:
            self._parts.append(part)
        elif isinstance(event, ev.FileEvent) and 0 <= event.index < count:
            self._parts[event.index] = part  # a partial file gives way to a better one
        else:
            raise ValueError(f"{event!r} should have index {count}")

    @property
    def has_begun(self) -> bool:
        """Whether any event of the answer has come, other than a ``Retry``."""
        return bool(self._start or self._parts or self._end or self.progress)

    @property
    def has_parts(self) -> bool:
        """Whether any part has begun."""
        return bool(self._parts)

    @property
    def texts(self) -> list[GrowingText]:
        """The answer's pieces of text, each as it grows."""
        return [part.text for part in self._parts if isinstance(part.first, ev.TextStart)]

    @property
    def text(self) -> str:
        """The answer's text so far."""
        return self._joined(ev.TextStart)

    @property
    def thinking(self) -> str:
        """The thinking so far."""
        return self._joined(ev.ThinkingStart)

    def _joined(self, first: type[ev.PartStart]) -> str:
        texts = [str(part.text) for part in self._parts if isinstance(part.first, first)]
        return texts[0] if len(texts) == 1 else "".join(texts)

    @property
    def usage(self) -> Usage | None:
        """The provider's latest count, once one came."""
        if self._end and self._end.usage:
            return self._end.usage
        return self._start.usage if self._start else None

    @property
    def finish_reason(self) -> FinishReason | None:
        """Why the answer ended, once it did; ``error`` if it broke off."""
        if self._end:
            return self._end.finish_reason
        return "error" if self.failed else None

    def message(self) -> Message:
        """The message so far, as a value of its own."""
        start = self._start or ev.StreamStart()
        return Message(
            role="assistant",
            parts=tuple(part.build() for part in self._parts),
            usage=self.usage,
            finish_reason=self.finish_reason,
            id=start.id,
            model=start.model,
            provider=self._provider,
            provider_metadata=dict(self._end.provider_metadata) if self._end else {},
        )

    def events(self) -> Iterator[ev.Event]:
        """The shortest run of events that folds to the same message.

        What a reader who comes late gets in place of what it missed: each part
        as a start, one delta and, if it is whole, its end.
        """
        if self._start:
            yield self._start
        for part in self._parts:
            yield from part.events()
        if self._end:
            yield self._end
