"""Builds the transcript of a run, which is the list of its messages, from the run's events.

Each event takes constant time; messages are built on request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core import events as ev
from nbstream.core.message_builder import MessageBuilder, WholeMessage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nbstream.core.message import FinishReason, Message, Usage
    from nbstream.core.text_buffer import TextBuffer


class Transcript:
    """The messages of one run, each growing until it ends.

    A single response is a transcript of one assistant message. ``text``, ``thinking`` and
    ``texts`` are those of the last assistant message.
    """

    def __init__(self) -> None:
        self._messages: list[MessageBuilder | WholeMessage] = []
        self._reply: MessageBuilder | WholeMessage = MessageBuilder()  # the last assistant's
        self.parse_output: Callable[[Message], Any] | None = None
        """What ``Message.parsed_output`` calls, in a run that has an ``output_type``."""
        self.failed = False
        """Whether the run broke off."""
        self.cancelled = False
        """Whether the run was cancelled."""
        self.progress: ev.Progress | None = None
        """The latest report on a long job."""

    def apply(self, event: ev.Event) -> ev.Event:
        """Add one event; returns the one to keep, its snapshot written.

        Raises:
            ValueError: the event names a message or a part that has not begun, or begins one
                out of order. Only a faulty source does that.
        """
        if isinstance(event, ev.PartDelta):  # nearly all events are
            try:
                part = self._messages[event.message_index].parts[event.index]
            except IndexError:
                return self._message(event).apply(event)
            return part.grow(event)
        if isinstance(event, ev.PartEvent):
            return self._message(event).apply(event)
        match event:
            case ev.StreamStart():
                if event.message_index == len(self._messages):
                    self._begin(MessageBuilder(event.message_index, self.parse_output))
                self._message(event).start(event)
            case ev.StreamEnd():
                self._message(event).finish(event)
            case ev.MessageEvent():
                self._add(event)
            case ev.Retry() if event.message_index != len(self._messages):
                self._message(event).clear()
            case ev.Progress():
                self.progress = event
        return event

    def _message(self, event: ev.Event) -> MessageBuilder:
        """The message that ``event`` belongs to. The first may begin without ``StreamStart``."""
        if not self._messages and event.message_index == 0:
            self._begin(MessageBuilder(0, self.parse_output))
        if not 0 <= event.message_index < len(self._messages):
            raise ValueError(f"{event!r} is for a message that has not started")
        message = self._messages[event.message_index]
        if isinstance(message, WholeMessage):
            raise ValueError(f"{event!r} is for a message that arrived complete")  # noqa: TRY004
        return message

    def _begin(self, message: MessageBuilder | WholeMessage) -> None:
        self._messages.append(message)
        self._reply = message

    def _add(self, event: ev.MessageEvent) -> None:
        """Add a message that arrived whole."""
        if event.message_index != len(self._messages):
            raise ValueError(f"{event!r} should have message_index {len(self._messages)}")
        if event.message.role == "assistant":
            self._begin(WholeMessage(event, self.parse_output))
        else:
            self._messages.append(WholeMessage(event))

    @property
    def has_begun(self) -> bool:
        """Whether any event has come, other than a ``Retry``."""
        return bool(self.progress) or not all(message.is_void for message in self._messages)

    @property
    def has_parts(self) -> bool:
        """Whether any part has begun."""
        return len(self._messages) > 1 or self._reply.has_parts

    @property
    def texts(self) -> list[TextBuffer]:
        """The buffers of the text parts of the last reply."""
        return self._reply.texts

    @property
    def text(self) -> str:
        """The text so far."""
        return self._reply.text

    @property
    def thinking(self) -> str:
        """The thinking so far."""
        return self._reply.thinking

    @property
    def usage(self) -> Usage | None:
        """The sum of the messages' token counts; None before any came."""
        counts = [message.usage for message in self._messages if message.usage is not None]
        return sum(counts[1:], counts[0]) if counts else None

    @property
    def expects_reply(self) -> bool:
        """Whether the last message is a user's or a tool's."""
        return bool(self._messages) and self._messages[-1] is not self._reply

    @property
    def is_open(self) -> bool:
        """Whether any reply has not ended."""
        return any(message.finish_reason is None for message in self._messages)

    @property
    def finish_reason(self) -> FinishReason | None:
        """Why the last assistant message ended; ``error`` or ``cancelled`` if the run did."""
        if self.cancelled:
            return "cancelled"
        reason = self._reply.finish_reason
        incomplete = reason is None or self.is_open or self.expects_reply
        return "error" if self.failed and incomplete else reason

    def message(self) -> Message:
        """The last assistant message so far, as a value."""
        return self._reply.build(failed=self.failed)

    def messages(self) -> tuple[Message, ...]:
        """All messages so far, as values."""
        return tuple(message.build(failed=self.failed) for message in self._messages)

    def events(self) -> Iterator[ev.Event]:
        """The shortest list of events that gives the same transcript, for a late reader."""
        for message in self._messages:
            yield from message.events()

    def cancellation(self) -> list[ev.Event]:
        """The events that end each open message, or else the next reply, as ``cancelled``."""
        open_messages = [one for one in self._messages if one.finish_reason is None]
        if not open_messages:
            index = len(self._messages)
            start = [ev.StreamStart(message_index=index)] if index else []
            return [*start, ev.StreamEnd("cancelled", message_index=index)]
        return [
            ev.StreamEnd("cancelled", one.usage, message_index=one.index) for one in open_messages
        ]
