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
from nbstream.core import parts as p
from nbstream.core.message import Message
from nbstream.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterator

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
    events: list[ev.Event] = [ev.StreamStart(message.id, message.model, message.provider)]
    for index, part in enumerate(message.parts):
        events += _WRITERS.get(type(part), _refused)(index, part, chunk)
    reason = message.finish_reason or "stop"
    events.append(ev.StreamEnd(reason, message.usage, dict(message.provider_metadata)))
    if message_index:
        events = [replace(event, message_index=message_index) for event in events]
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


def _pieces(text: str, size: int) -> Iterator[str]:
    """``text`` in pieces of ``size`` characters."""
    return (text[at : at + size] for at in range(0, len(text), size))


def _text(index: int, part: p.TextPart, chunk: int) -> list[ev.Event]:
    return [
        ev.TextStart(index),
        *(ev.TextDelta(index, piece) for piece in _pieces(part.text, chunk)),
        *(ev.CitationEvent(index, citation) for citation in part.citations),
        ev.TextEnd(index, part.provider_metadata),
    ]


def _thinking(index: int, part: p.ThinkingPart, chunk: int) -> list[ev.Event]:
    return [
        ev.ThinkingStart(index),
        *(ev.ThinkingDelta(index, piece) for piece in _pieces(part.text, chunk)),
        *([ev.SignatureEvent(index, part.signature)] if part.signature else []),
        ev.ThinkingEnd(index, part.signature, part.redacted, part.provider_metadata),
    ]


def _refusal(index: int, part: p.RefusalPart, chunk: int) -> list[ev.Event]:
    return [
        ev.RefusalStart(index),
        *(ev.RefusalDelta(index, piece) for piece in _pieces(part.text, chunk)),
        ev.RefusalEnd(index, part.provider_metadata),
    ]


def _call(index: int, part: p.ToolCallPart, chunk: int) -> list[ev.Event]:
    return [
        ev.ToolStart(index, part.tool_call_id, part.tool_name),
        *(ev.ToolDelta(index, piece) for piece in _pieces(part.args_json, chunk)),
        ev.ToolEnd(index, part),
    ]


def _builtin_call(index: int, part: p.BuiltinToolCallPart, chunk: int) -> list[ev.Event]:
    return [
        ev.BuiltinToolStart(index, part.tool_call_id, part.tool_name),
        *(ev.BuiltinToolDelta(index, piece) for piece in _pieces(part.args_json, chunk)),
        ev.BuiltinToolEnd(index, part),
    ]


def _builtin_result(index: int, part: p.BuiltinToolResultPart, _: int) -> list[ev.Event]:
    return [ev.BuiltinToolResult(index, part)]


def _file(index: int, part: p.FilePart, _: int) -> list[ev.Event]:
    whole = (part.media_type, part.data, part.url, part.filename)
    return [ev.FileEvent(index, *whole, provider_metadata=part.provider_metadata)]


def _refused(_index: int, part: p.Part, _chunk: int) -> list[ev.Event]:
    """Raise the error for a part that a model cannot send."""
    raise UsageError(f"An assistant message cannot contain a {part.kind} part.")


_WRITERS: dict[type, Callable[[int, Any, int], list[ev.Event]]] = {
    p.TextPart: _text,
    p.ThinkingPart: _thinking,
    p.RefusalPart: _refusal,
    p.ToolCallPart: _call,
    p.BuiltinToolCallPart: _builtin_call,
    p.BuiltinToolResultPart: _builtin_result,
    p.FilePart: _file,
}
