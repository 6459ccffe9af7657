"""``ReadableStream``: the reading methods that ``Stream`` and ``AsyncStream`` share.

Every method here returns at once; the iterator or the awaitable that it returns waits.
``seconds`` checks a time that a caller gave.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, TypeVar, cast, overload

from nbstream.core.message import TextPart
from nbstream.core.shown import shown
from nbstream.errors import OutputError, UsageError
from nbstream.streams.iterator import StreamIterator
from nbstream.streams.output_views import ItemsView, OutputView, StateView
from nbstream.streams.state import OutputT
from nbstream.streams.stream_frames import StreamFrames
from nbstream.streams.views import (
    CumulativeText,
    all_events,
    no_values,
    state_view,
    text_view,
)

if TYPE_CHECKING:
    from collections.abc import Generator

    from nbstream.core.events import Event
    from nbstream.core.message import Message
    from nbstream.streams.views import View
    from nbstream.typed import OutputState
    from nbstream.typed.partial_output import PartialOutput

if TYPE_CHECKING:

    class _OnlyAny:
        """Matches a stream of ``Any`` alone. Else mypy takes the first overload for that."""

    T = TypeVar("T")

_DEBOUNCE = 0.1  # seconds, as in PydanticAI: about as often as an eye can follow


class ReadableStream(StreamFrames[OutputT]):
    """A stream whose events, text, values and messages can be iterated, and which can be awaited.

    Each iterator reads the whole stream, at its own pace, however many there are.
    """

    def __iter__(self) -> StreamIterator[Event]:
        return StreamIterator(self._run, all_events)

    def __aiter__(self) -> StreamIterator[Event]:
        return StreamIterator(self._run, all_events)

    def __await__(self) -> Generator[Any, None, Message]:
        return self._final_message().__await__()

    async def _final_message(self) -> Message:
        async for _ in self._until_end():
            pass
        return self._run.final_message()

    def _until_end(self) -> StreamIterator[Event]:
        """An iterator that yields nothing and ends with the stream."""
        return StreamIterator(self._run, no_values)

    @property
    def text_stream(self) -> StreamIterator[str]:
        """The pieces of the answer's text, as ``stream_text(delta=True)``. New at each access.

        >>> for piece in nbstream.stream(ScriptedModel("Hello, world."), "hi").text_stream:
        ...     print(piece, end="|")
        Hello|, wor|ld.|
        """
        return self.stream_text(delta=True)

    def stream_text(
        self, *, delta: bool = False, debounce_by: float | None = None
    ) -> StreamIterator[str]:
        """The answer's text each time it has changed: all of it so far, or what is new.

        In a run of several messages it is the text of the last reply, and begins again with
        the next one; the pieces of all replies follow each other with ``delta=True``.
        After a ``Retry`` event the text begins again, too. The text so far is then ``""``
        or shorter than before; with ``delta=True`` the pieces of the new attempt
        follow those of the old one, so a reader that joins them must also look for
        ``Retry`` events.

        Args:
            delta: Give only what is new. Default: the whole text so far.
            debounce_by: Collect changes for that many seconds before they are given as
                one. None (default): give each change that the reader keeps up with.

        Raises:
            UsageError: ``debounce_by`` is not a number of seconds, 0 or more.
            StreamError: at the end of the iteration, if the stream failed.

        >>> list(nbstream.stream(ScriptedModel("Hello, world."), "hi").stream_text())[-1]
        'Hello, world.'
        """
        pause = seconds(debounce_by, "debounce_by=")
        return StreamIterator(self._run, text_view(delta=delta, joined=pause is not None), pause)

    # Without bounds and constraints: mypy disregards those of the type of ``self``.
    @overload
    def stream_output(
        self: ReadableStream[_OnlyAny], *, debounce_by: float | None = ...
    ) -> StreamIterator[Any]: ...
    @overload
    def stream_output(  # type: ignore[overload-overlap] # it has no missing fields
        self: ReadableStream[str], *, debounce_by: float | None = ...
    ) -> StreamIterator[str]: ...
    @overload
    def stream_output(  # type: ignore[overload-overlap] # it has no missing fields
        self: ReadableStream[list[str]], *, debounce_by: float | None = ...
    ) -> StreamIterator[list[str]]: ...
    @overload
    def stream_output(  # type: ignore[overload-overlap] # it has no missing fields
        self: ReadableStream[list[int]], *, debounce_by: float | None = ...
    ) -> StreamIterator[list[int]]: ...
    @overload
    def stream_output(  # type: ignore[overload-overlap] # it has no missing fields
        self: ReadableStream[list[float]], *, debounce_by: float | None = ...
    ) -> StreamIterator[list[float]]: ...
    @overload
    def stream_output(  # type: ignore[overload-overlap] # only its last item does
        self: ReadableStream[list[T]], *, debounce_by: float | None = ...
    ) -> StreamIterator[list[PartialOutput[T]]]: ...
    @overload
    def stream_output(
        self, *, debounce_by: float | None = ...
    ) -> StreamIterator[PartialOutput[OutputT]]: ...
    def stream_output(self, *, debounce_by: float | None = _DEBOUNCE) -> StreamIterator[Any]:
        """The output each time it has changed: a value of the ``output_type``, or the text.

        Values grow and are independent of each other; the last one is whole and
        validated. Each is an instance of the type, and fields that have not arrived are
        unset. A type checker sees a ``PartialOutput``, because fields may be missing;
        ``nbstream.output.peek`` reads them. After a ``Retry`` event the values begin again.

        Args:
            debounce_by: As in ``stream_text``. Default: 0.1 seconds.

        Raises:
            UsageError: ``debounce_by`` is not a number of seconds, 0 or more.
            StreamError: at the end of the iteration, if the stream failed.
            OutputError: at the end, if the answer is not of the type.

        >>> model = ScriptedModel("[1, 2, 3]")
        >>> list(nbstream.stream(model, "Count.", output_type=list[int]).stream_output())[-1]
        [1, 2, 3]
        """
        return StreamIterator(self._run, self._output_view(), seconds(debounce_by, "debounce_by="))

    @overload
    def stream_items(
        self: ReadableStream[list[T]], *, debounce_by: float | None = ...
    ) -> StreamIterator[T]: ...
    @overload
    def stream_items(self, *path: str, debounce_by: float | None = ...) -> StreamIterator[Any]: ...
    def stream_items(self, *path: str, debounce_by: float | None = None) -> StreamIterator[Any]:
        """Each item of a list of the output, once, as soon as it is whole.

        An item that is not valid is left out, and one that was cut off does not come. After a
        ``Retry`` event the items begin again.

        Args:
            path: The names that lead to the list, such as ``"items"``; none if the output
                itself is the list.
            debounce_by: As in ``stream_text``. None (default): give each item at once.

        Raises:
            UsageError: the ``output_type`` has no such list, or there is no ``output_type``;
                or ``debounce_by`` is not a number of seconds, 0 or more.
            StreamError: at the end of the iteration, if the stream failed.
            OutputError: at the end, if the answer is not of the type.

        >>> model = ScriptedModel('{"squares": [1, 4, 9]}')
        >>> stream = nbstream.stream(model, "Count.", output_type=dict[str, list[int]])
        >>> for number in stream.stream_items("squares"):
        ...     print(number)
        1
        4
        9
        """
        output = self._typed_output("stream_items()").of_items(path)
        return StreamIterator(self._run, ItemsView(output), seconds(debounce_by, "debounce_by="))

    def stream_output_state(
        self, *, debounce_by: float | None = _DEBOUNCE
    ) -> StreamIterator[OutputState[OutputT]]:
        """``output_state`` each time it has changed: the value, and what of it is whole.

        Args:
            debounce_by: As in ``stream_text``. Default: 0.1 seconds.

        Raises:
            UsageError: there is no ``output_type``; or ``debounce_by`` is not a number of
                seconds, 0 or more.
            StreamError: at the end of the iteration, if the stream failed.
            OutputError: at the end, if the answer is not of the type.

        >>> model = ScriptedModel('{"a": 1, "b": 2}', delay=0.01)
        >>> stream = nbstream.stream(model, "Count.", output_type=dict[str, int])
        >>> for state in stream.stream_output_state(debounce_by=None):
        ...     shown = state.of("a"), state.of("b")  # such as ("whole", "growing")
        >>> shown
        ('whole', 'whole')
        """
        view = StateView(self._typed_output("stream_output_state()"))
        return StreamIterator(self._run, view, seconds(debounce_by, "debounce_by="))

    def stream_responses(self, *, debounce_by: float | None = _DEBOUNCE) -> StreamIterator[Message]:
        """The message so far, each time it has changed. After a ``Retry`` it begins again.

        Args:
            debounce_by: As in ``stream_text``. Default: 0.1 seconds.

        Raises:
            UsageError: ``debounce_by`` is not a number of seconds, 0 or more.
            StreamError: at the end of the iteration, if the stream failed.

        >>> stream = nbstream.stream(ScriptedModel("Hello, world."), "hi")
        >>> [message.finish_reason for message in stream.stream_responses()][-1]
        'stop'
        """
        view = state_view(lambda: self.message)
        return StreamIterator(self._run, view, seconds(debounce_by, "debounce_by="))

    stream_response = stream_responses  # PydanticAI's newer name

    def _output_view(self) -> View[OutputT]:
        if self._run.output is not None:
            return OutputView(self._run.output)
        return cast("View[OutputT]", CumulativeText())

    def _final_output(self) -> OutputT:
        self._run.final_message()  # raises for a cancelled stream
        if self._run.result is not None:
            return cast("OutputT", self._run.result.output)
        typed = self._run.output
        return cast("OutputT", self.text if typed is None else typed.final())

    def _final_text(self) -> str:
        """The text of the finished message; raises if it has no text part."""
        message = self._run.final_message()
        if any(isinstance(part, TextPart) for part in message.parts):
            return message.text
        held = ", ".join(dict.fromkeys(part.kind for part in message.parts)) or "no part"
        error = OutputError(f"The answer has no text. Its parts: {held}.", raw="", partial=None)
        error.remedy = "Read `.message` of the stream, or of this error, for what it holds."
        error.message = message
        self._run.exchange.describe(error)
        raise error


def seconds(given: Any, name: str) -> float | None:
    """Check that ``given`` is a number of seconds, 0 or more, or None; ``name`` is for the error.

    Raises:
        UsageError: it is neither.
    """
    number = isinstance(given, (int, float)) and not isinstance(given, bool)
    if given is None or (number and 0 <= given <= sys.float_info.max):
        return cast("float | None", given)
    raise UsageError(
        f"{name} takes a number of seconds, 0 or more, not {shown(given)}.",
        remedy="Pass a number such as 0.1, or None.",
    )
