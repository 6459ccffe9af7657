"""Converts finished messages to the events of a stream, and replays scripts.

A script is a list of messages, events and errors. ``Stream.replay_message`` and
``nbstream.testing`` use this.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nbstream.core import events as ev
from nbstream.core.message import Message, ToolResultPart
from nbstream.core.part_events import events_of_part
from nbstream.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

_SHOWN = 60  # characters of a wrong value that an error quotes


def events_of(message: Message, chunk: int = 5, *, message_index: int = 0) -> list[ev.Event]:
    """The events of a stream of ``message``; its finish reason is ``stop`` if it has none.

    ``message_index`` (default 0) is its place in the run.

    Raises:
        UsageError: it is not an assistant message, contains a tool result, or ``chunk``
            is not positive.

    >>> from nbstream import assistant_message
    >>> [event.kind for event in events_of(assistant_message("Hello."), chunk=6)]
    ['stream_start', 'text_start', 'text_delta', 'text_end', 'stream_end']
    """
    if not isinstance(message, Message):
        raise UsageError(
            f"A message can be streamed, and {_kind(message)} is none.",
            remedy="Write nbstream.assistant_message(...) around a text.",
        )
    if message.role != "assistant":
        raise UsageError(
            f"A model sends assistant messages, and this is a message of the {message.role}.",
            remedy="Make the message with nbstream.assistant_message(...).",
        )
    if chunk < 1:
        raise UsageError(f"chunk= takes a number of characters, 1 or more, not {chunk}.")
    for part in message.parts:
        if isinstance(part, ToolResultPart):
            raise UsageError(f"An assistant message cannot contain a {part.kind} part.")
    at: Any = {"message_index": message_index}
    sender = (message.id, message.model, message.provider)
    events: list[ev.Event] = [ev.StreamStart(*sender, custom_address=message.custom_address, **at)]
    for index, part in enumerate(message.parts):
        events += events_of_part(part, index, chunk=chunk, **at)
    reason = message.finish_reason or "stop"
    events.append(ev.StreamEnd(reason, message.usage, dict(message.provider_metadata), **at))
    return events


def script_of(
    items: Iterable[Message | ev.Event | BaseException], chunk: int
) -> list[ev.Event | BaseException]:
    """``items`` with each message replaced by its events."""
    script: list[ev.Event | BaseException] = []
    index = 0  # of the next message
    for item in checked_script(items):
        if isinstance(item, Message) and item.role == "assistant":
            script += events_of(item, chunk, message_index=index)
            index += 1
        elif isinstance(item, Message):
            script.append(ev.MessageEvent(item, message_index=index))
            index += 1
        else:
            script.append(item)
            if isinstance(item, ev.Retry):
                index = item.message_index
            elif isinstance(item, ev.Event):
                index = max(index, item.message_index + 1)
    return script


def checked_script(items: Any) -> list[Any]:
    """``items`` as a list, checked: a script holds messages, events and errors.

    Raises:
        UsageError: one is neither a message, an event nor an error.
    """
    if isinstance(items, Message) or not isinstance(items, Iterable):
        raise UsageError(
            f"A script is a list of messages, events and errors, not {_kind(items)}.",
            remedy="Write [...] around it.",
        )
    script = list(items)
    for item in script:
        if not isinstance(item, (Message, ev.Event, BaseException)):
            raise UsageError(
                f"A script holds messages, events and errors, and {_kind(item)} is none of them.",
                remedy="Write nbstream.assistant_message(...) around a text.",
            )
    return script


def _kind(given: Any) -> str:
    """Describes a wrong value, for the text of an error."""
    if isinstance(given, (str, int, float)) or given is None:
        return repr(given)[:_SHOWN]
    return f"an object of type {type(given).__name__}"


async def play(
    script: Iterable[ev.Event | BaseException], delay: float
) -> AsyncGenerator[Iterable[ev.Event], None]:
    """Yield the events, each as a batch; raise an error where it stands in the script.

    A stream gets a copy of each event: the same events may be played in several streams,
    and each has the snapshots of its own stream.
    """
    for one in script:
        if delay:
            await asyncio.sleep(delay)
        if isinstance(one, BaseException):
            raise one
        yield (replace(one),)
