"""Makes streams from lists of events or messages, for users' tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.streams import stream_from_source
from nbstream.streams.replay import checked_script, play, script_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nbstream.core import events as ev
    from nbstream.core.message import Message
    from nbstream.streams import Stream


def stream_from_events(
    events: Iterable[ev.Event],
    *,
    delay: float = 0.0,
    error: BaseException | None = None,
    output_type: Any = None,
) -> Stream[Any]:
    """A stream that yields the given events, ``delay`` seconds (default 0) before each.

    It ends with ``error`` if one is given. Without an error and without a
    ``StreamEnd`` it ends with ``IncompleteResponseError``, as any stream does.
    Indices of messages and parts are the events' own, and must begin at 0. The text is read
    as a value of ``output_type``, as ``nbstream.stream`` reads it; None (the default) leaves
    it a text.

    >>> from nbstream import events as ev
    >>> hello = [ev.TextStart(0), ev.TextDelta(0, "Hello."), ev.TextEnd(0), ev.StreamEnd("stop")]
    >>> stream_from_events(hello).get_final_text()
    'Hello.'
    """
    script: list[ev.Event | BaseException] = checked_script(events)
    if error is not None:
        script.append(error)
    return _stream(script, delay, output_type)


def stream_from_messages(
    messages: Iterable[Message | ev.Event | BaseException],
    chunk: int = 5,
    *,
    delay: float = 0.0,
    output_type: Any = None,
) -> Stream[Any]:
    """A stream that yields the given messages, such as those of an agent's run.

    An assistant's message streams; any other comes whole. Events may stand between the
    messages, with the ``message_index`` they belong to: after a ``Retry`` the next message
    takes the place of the void one. An error in the list ends the stream. The other
    arguments are as in ``nbstream.replay_message``.

    Raises:
        UsageError: a model cannot send one of the assistant's messages.

    >>> from nbstream import assistant_message, tool_message
    >>> asks, result = assistant_message("Let me look."), tool_message("call_1", "sunny")
    >>> stream = stream_from_messages([asks, result, assistant_message("It is sunny.")])
    >>> stream.get_final_text(), [message.role for message in stream.messages]
    ('It is sunny.', ['assistant', 'tool', 'assistant'])
    """
    return _stream(script_of(messages, chunk), delay, output_type)


def _stream(
    script: Iterable[ev.Event | BaseException], delay: float, output_type: Any
) -> Stream[Any]:
    """A stream that plays a list of events and errors."""
    return stream_from_source(
        lambda: play(script, delay), model="test/events", output_type=output_type
    )
