"""``stream_from_source()``: a stream of events from a source that the caller writes."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar, overload

from nbstream.core.events import Event
from nbstream.streams.run import Run
from nbstream.streams.stream import Stream

if TYPE_CHECKING:
    T = TypeVar("T")

Source = Callable[[], AsyncGenerator[Iterable[Event], None]]
"""Called once when the stream starts, on nbstream's own event loop; gives events in batches.

A batch is what arrived together. The events follow the rules of ``nbstream.events``: messages
and parts start in the order of their index, and the last assistant message ends with
``StreamEnd``, or the stream fails with ``IncompleteResponseError``. What the generator raises
is the stream's error. Cancelling the stream cancels the generator, which should close what it
has open.
"""


@overload
def stream_from_source(
    source: Source, *, model: str = "", output_type: None = None
) -> Stream[str]: ...
@overload
def stream_from_source(source: Source, *, model: str = "", output_type: type[T]) -> Stream[T]: ...
@overload
def stream_from_source(source: Source, *, model: str = "", output_type: Any) -> Stream[Any]: ...
def stream_from_source(source: Source, *, model: str = "", output_type: Any = None) -> Stream[Any]:
    """A stream of the events that ``source`` gives. This call does not start it.

    Args:
        source: A function that returns an async generator of batches of events.
        model: The name that the stream shows. Default: none.
        output_type: What the text of the last assistant message is a value of. None
            (default): a text.

    Raises:
        UsageError: ``output_type`` cannot be a type.

    >>> from nbstream import events as ev
    >>> async def source():
    ...     yield [ev.StreamStart(), ev.TextStart(0), ev.TextDelta(0, "Hello.")]
    ...     yield [ev.TextEnd(0), ev.StreamEnd("stop")]
    >>> stream_from_source(source).get_final_text()
    'Hello.'
    """
    return Stream(Run(source, model=model, output_type=output_type))
