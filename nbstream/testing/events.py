"""Streams made of events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.streams.replay import play
from nbstream.streams.run import Run
from nbstream.streams.stream import Stream

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nbstream.core.events import Event


def stream_from_events(
    events: Iterable[Event],
    *,
    delay: float = 0.0,
    error: BaseException | None = None,
    output_type: Any = None,
) -> Stream[Any]:
    """A stream that carries ``events``, ``delay`` seconds (default 0) before each.

    It ends with ``error`` if one is given. Without an error and without a
    ``StreamEnd`` it ends with ``IncompleteResponseError``, as any stream does.
    Part indices are the events' own, and must begin at 0. The text is read as a value
    of ``output_type``, as ``nbstream.stream`` reads it; None (the default) leaves it a text.
    """
    script: list[Event | BaseException] = [*events]
    if error is not None:
        script.append(error)
    return Stream(Run(lambda: play(script, delay), model="test/events", output_type=output_type))
