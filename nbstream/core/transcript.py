"""Builds the transcript of a run, which is the list of its messages, from the run's events.

Each event takes constant time; messages are built on request.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from nbstream.core import events as ev
from nbstream.core.call_record import MAX_DEPTH, CallBuilder, CallRecord, NestedRun
from nbstream.core.message_builder import MessageBuilder, OutOfOrderError, WholeMessage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nbstream.core.message import FinishReason, Message, Usage
    from nbstream.core.text_buffer import TextBuffer


class Transcript:
    """The messages of one run, each growing until it ends.

    A single response is a transcript of one assistant message. ``text``, ``thinking`` and
    ``texts`` are those of the last assistant message.
    """

    def __init__(self, depth: int = 0) -> None:
        self._depth = depth  # of a nested run
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
        self.retries: dict[int, ev.Retry] = {}
        """Why each message was asked for again, the last time, by its index."""
        self._run_events: dict[int, list[ev.RunEvent]] = {}
        """Events of an agent's run that late readers get, by message."""
        self._calls: dict[tuple[int, str], CallBuilder] = {}
        """What happens to the calls of an agent's tools, by message and id."""

    def apply(self, event: ev.Event) -> ev.Event:
        """Add one event; returns the one to keep, its snapshot written.

        Raises:
            OutOfOrderError: the event names a message or a part that has not begun, or begins one
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
            case ev.Retry():
                self.retries[event.message_index] = event
                if event.message_index != len(self._messages):
                    self._message(event).clear()
                    self._run_events.pop(event.message_index, None)
                    for key in [key for key in self._calls if key[0] == event.message_index]:
                        del self._calls[key]
            case ev.RunEvent():
                self._add_run_event(event)
            case ev.Progress():
                self.progress = event
        return event

    def _add_run_event(self, event: ev.RunEvent) -> None:
        """Add an event that only an agent's run has."""
        index = event.message_index
        if event.kept:
            self._run_events.setdefault(index, []).append(event)
        match event:
            case ev.RequestAnswered() if event.args is not None:
                self._call(event).args = event.args
            case ev.FunctionToolCall():
                known = self._calls.get((index, event.tool_call_id))
                args = known.args if known else None
                self._calls[index, event.tool_call_id] = CallBuilder(time.monotonic(), args)
            case ev.FunctionToolResult():
                self._call(event).result = event
            case ev.FunctionToolProgress():
                self._call(event).report(event)
            case ev.CustomEvent() if event.tool_call_id:
                self._call(event).report(event)
            case ev.NestedEvent() if self._depth < MAX_DEPTH:
                call = self._call(event)
                if call.nested is None:
                    call.nested = Transcript(self._depth + 1)
                    call.agent_name = event.agent_name
                call.nested.apply(event.event)

    def _call(self, event: Any) -> CallBuilder:
        """What happens to the call that an event is about."""
        key = event.message_index, event.tool_call_id
        if key not in self._calls:
            self._calls[key] = CallBuilder(time.monotonic())
        return self._calls[key]

    def call_records(self) -> dict[tuple[int, str], CallRecord]:
        """What has happened to the calls of an agent's tools, by message and id."""
        return {key: call.build() for key, call in self._calls.items()}

    def as_nested(self, agent_name: str) -> NestedRun:
        """The run so far as a value, for the call that it is nested in."""
        messages = self.messages()
        now = time.monotonic()
        times = {
            (at, index): self.thinking_time(at, index, now)
            for at, message in enumerate(messages)
            for index in range(len(message.parts))
        }
        known = {place: passed for place, passed in times.items() if passed is not None}
        return NestedRun(
            agent_name, messages, self.call_records(), dict(self.retries), known, self.usage
        )

    def _message(self, event: ev.Event) -> MessageBuilder:
        """The message that ``event`` belongs to. The first may begin without ``StreamStart``."""
        if not self._messages and event.message_index == 0:
            self._begin(MessageBuilder(0, self.parse_output))
        if not 0 <= event.message_index < len(self._messages):
            raise OutOfOrderError(f"{event!r} is for a message that has not started")
        message = self._messages[event.message_index]
        if isinstance(message, WholeMessage):
            raise OutOfOrderError(f"{event!r} is for a message that arrived complete")
        return message

    def _begin(self, message: MessageBuilder | WholeMessage) -> None:
        self._messages.append(message)
        self._reply = message

    def _add(self, event: ev.MessageEvent) -> None:
        """Add a message that arrived whole."""
        if event.message_index != len(self._messages):
            raise OutOfOrderError(f"{event!r} should have message_index {len(self._messages)}")
        if event.message.role == "assistant":
            self._begin(WholeMessage(event, self.parse_output))
        else:
            self._messages.append(WholeMessage(event))

    @property
    def length(self) -> int:
        """The number of messages that have begun."""
        return len(self._messages)

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

    def thinking_time(self, message_index: int, index: int, now: float) -> float | None:
        """Seconds that a thinking part and those directly before it took, up to its end or ``now``.

        None if there is no such part, or the message came whole.
        """
        parts = self._messages[message_index].parts if message_index < len(self._messages) else ()
        first = index
        while 0 <= first < len(parts) and isinstance(parts[first].start, ev.ThinkingStart):
            first -= 1
        if first == index:
            return None
        ended_at = parts[index].ended_at
        return (now if ended_at is None else ended_at) - parts[first + 1].began_at

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
        """The shortest list of events that gives the same transcript, for a late reader.

        It has the last ``Retry`` of each message, before the message.
        """
        for index, message in enumerate(self._messages):
            if index in self.retries:
                yield self.retries[index]
            yield from message.events()
            yield from self._late_run_events(index)
        if len(self._messages) in self.retries:
            yield self.retries[len(self._messages)]

    def _late_run_events(self, index: int) -> Iterator[ev.Event]:
        """The events of the calls of a message: the kept ones, and the last of the others."""
        ended = set()
        for event in self._run_events.get(index, ()):
            if isinstance(event, ev.FunctionToolResult):
                ended.add(event.tool_call_id)
                yield from self._inside(index, event.tool_call_id)
            yield event
        for at, call_id in self._calls:
            if at == index and call_id not in ended:
                yield from self._inside(index, call_id)

    def _inside(self, index: int, call_id: str) -> Iterator[ev.Event]:
        """The last reports of a call, and the events of the run inside it."""
        call = self._calls.get((index, call_id))
        if call is None:
            return
        yield from call.reports
        if call.nested is not None:
            for event in call.nested.events():
                yield ev.NestedEvent(call_id, call.agent_name, event, message_index=index)

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
