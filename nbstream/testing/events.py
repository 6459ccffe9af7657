"""Streams made of events, and the events that a message would have come in."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from nbstream.core import events as ev
from nbstream.core import parts as p
from nbstream.errors import UsageError
from nbstream.streams.run import Run
from nbstream.streams.stream import Stream

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable, Iterator

    from nbstream.core.message import Message


def stream_from_events(
    events: Iterable[ev.Event],
    *,
    delay: float = 0.0,
    error: BaseException | None = None,
    output_type: Any = None,
) -> Stream[Any]:
    """A stream of ``events``, with ``delay`` seconds (default 0) before each.

    It ends with ``error`` if one is given. Without an error and without a ``StreamEnd`` it ends
    with ``IncompleteResponseError``, as any stream does. The events' part indices must begin at
    0. ``output_type`` is as in ``nbstream.stream``; None (the default) leaves the text as it is.

    >>> events = nbstream.testing.events_of(nbstream.assistant_message("Hello."))
    >>> nbstream.testing.stream_from_events(events).get_final_text()
    'Hello.'
    """
    script: list[ev.Event | BaseException] = [*events]
    if error is not None:
        script.append(error)
    return Stream(Run(lambda: play(script, delay), model="test/events", output_type=output_type))


def stream_from_message(
    message: Message, chunk: int = 5, *, delay: float = 0.0, output_type: Any = None
) -> Stream[Any]:
    """A stream whose message is ``message``; texts come ``chunk`` characters (default 5) at a time.

    ``delay`` and ``output_type`` are as in ``stream_from_events``.

    >>> stream = nbstream.testing.stream_from_message(nbstream.assistant_message("Hello."), 3)
    >>> list(stream.text_stream)
    ['Hel', 'lo.']

    Raises:
        UsageError: ``message`` is not a model's.
    """
    return stream_from_events(events_of(message, chunk), delay=delay, output_type=output_type)


def events_of(message: Message, chunk: int = 5) -> list[ev.Event]:
    """The events of which a stream makes ``message``.

    Texts come ``chunk`` characters (default 5) at a time. The finish reason is ``stop`` if the
    message has none.

    >>> events = nbstream.testing.events_of(nbstream.assistant_message("Hello."))
    >>> type(events[0]).__name__, type(events[-1]).__name__
    ('StreamStart', 'StreamEnd')

    Raises:
        UsageError: it is not an assistant's, holds a tool's result, or ``chunk`` is below 1.
    """
    if message.role != "assistant" or chunk < 1:
        raise UsageError(
            "Only an assistant's message can be streamed, in chunks of 1 character or more."
        )
    events: list[ev.Event] = [ev.StreamStart(message.id, message.model, message.provider)]
    for index, part in enumerate(message.parts):
        events += _WRITERS.get(type(part), _refused)(index, part, chunk)
    reason = message.finish_reason or "stop"
    events.append(ev.StreamEnd(reason, message.usage, dict(message.provider_metadata)))
    return events


async def play(
    script: Iterable[ev.Event | BaseException], delay: float
) -> AsyncGenerator[Iterable[ev.Event], None]:
    """The events as a run expects them, in batches of one; an error among them is raised."""
    for one in script:
        if delay:
            await asyncio.sleep(delay)
        if isinstance(one, BaseException):
            raise one
        yield (one,)


def _pieces(text: str, size: int) -> Iterator[str]:
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
    raise UsageError(f"A model does not send a {part.kind} part; it is sent to the model.")


_WRITERS: dict[type, Callable[[int, Any, int], list[ev.Event]]] = {
    p.TextPart: _text,
    p.ThinkingPart: _thinking,
    p.RefusalPart: _refusal,
    p.ToolCallPart: _call,
    p.BuiltinToolCallPart: _builtin_call,
    p.BuiltinToolResultPart: _builtin_result,
    p.FilePart: _file,
}
