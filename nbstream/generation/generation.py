"""``Generation``: what ``generate()`` returns, to ``await`` or to call ``result()`` on.

It waits for the whole result; everything else it leaves to its stream.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

from nbstream.core.events import Event
from nbstream.errors.tracebacks import TRACEBACK_END
from nbstream.generation.result import generated
from nbstream.streams import Stream
from nbstream.streams.awaited_call import refuse_await

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from nbstream.core.events import Progress
    from nbstream.core.message import Message
    from nbstream.generation.result import Generated
    from nbstream.providers.media import Kind
    from nbstream.streams.iterator import StreamIterator
    from nbstream.streams.run import Run

E = TypeVar("E", bound=Event)


class Generation(Coroutine[Any, Any, "Generated"]):
    """What ``generate()`` returns: ``await`` it, or call ``result()``.

    It is a coroutine, for ``asyncio.run`` and ``create_task``, but may be awaited any
    number of times, or not at all.

    It starts when it is first awaited, waited for, iterated or drawn. Iterating
    it (``for`` or ``async for``) gives the events: ``Progress`` while a video
    is made, ``FileEvent`` with ``partial`` for a picture's drafts. ``cancel()``
    stops it; so does cancelling the task that awaits it, unless another task
    awaits it too.

    >>> image = nbstream.messages.FilePart("image/gif", b"...")
    >>> model = ScriptedModel(nbstream.assistant_message(image))
    >>> generation = nbstream.generate(model, "A red bicycle.")
    >>> generation.result().files == [image], generation.is_complete
    (True, True)
    """

    def __init__(self, run: Run, kind: Kind) -> None:
        self._run = run
        self._kind = kind
        self._awaited = 0
        self._waits: WeakKeyDictionary[object, Coroutine[Any, Any, Generated]]
        self._waits = WeakKeyDictionary()

    @property
    def stream(self) -> Stream:
        """The generation as a stream, with all that a ``Stream`` offers."""
        return Stream(self._run)

    @property
    def progress(self) -> Progress | None:
        """The latest report on how far it is; None until there is one."""
        return self._run.log.transcript.progress

    @property
    def message(self) -> Message:
        """The message so far, drafts included."""
        return self._run.log.message()

    @property
    def is_complete(self) -> bool:
        """Whether it has ended: whole, failed or cancelled."""
        return self._run.log.finished

    @property
    def elapsed(self) -> float:
        """Seconds since the start, up to the end if it has ended. 0.0 before the start."""
        return self._run.elapsed

    def start(self) -> None:
        """Start, unless it was started. Returns at once; it goes on until ``cancel()``.

        >>> generation = nbstream.generate(ScriptedModel("No."), "A red bicycle.")
        >>> generation.start()
        >>> generation.stream.wait()
        True
        """
        self.stream.start()

    def on(self, kind: type[E], callback: Callable[[E], object]) -> Callable[[], None]:
        """Call ``callback`` with each event of a class; see ``Stream.on``.

        >>> seen = []
        >>> generation = nbstream.generate(ScriptedModel("No."), "A red bicycle.")
        >>> end = generation.on(nbstream.events.StreamEnd, seen.append)
        >>> generation.stream.wait(), len(seen)
        (True, 1)
        """
        return self.stream.on(kind, callback)

    def __await__(self) -> Generator[None, None, Generated]:
        return self._wait().__await__()

    def send(self, value: Any) -> Any:
        """Run the waiting coroutine of the current task; see ``collections.abc.Coroutine``."""
        return self._coroutine().send(value)

    def throw(self, *error: Any) -> Any:
        """Raise in the waiting coroutine of the current task, as its cancellation does."""
        return self._coroutine().throw(*error)

    def close(self) -> None:
        """Close the waiting coroutine of the current task. ``cancel()`` stops the model."""
        self._coroutine().close()

    def _coroutine(self) -> Coroutine[Any, Any, Generated]:
        """The coroutine of the current task that waits for the result; made at the first call."""
        # All tasks have the same object, and each needs a coroutine of its own.
        try:
            waiter: object = asyncio.current_task() or self
        except RuntimeError:  # no loop is running: the coroutine is run by hand
            waiter = self
        if waiter not in self._waits:
            self._waits[waiter] = self._wait()
        return self._waits[waiter]

    async def _wait(self) -> Generated:
        """Wait for the result. If the only task that waits is cancelled, so is the run."""
        self._awaited += 1
        try:
            message = await self.stream
        except asyncio.CancelledError:
            if self._awaited == 1:
                self._run.cancel()
            raise
        finally:
            self._awaited -= 1
        return generated(message, self._kind)

    def result(self, timeout: float | None = None) -> Generated:
        """Block until it is there. It goes on if ``timeout`` seconds pass first.

        Args:
            timeout: Seconds to wait. None (default): without limit.

        >>> image = nbstream.messages.FilePart("image/gif", b"...")
        >>> model = ScriptedModel(nbstream.assistant_message(image))
        >>> nbstream.generate(model, "A red bicycle.").result(timeout=60).files == [image]
        True

        Raises:
            StreamError: it failed.
            CancelledStreamError: ``cancel()`` was called; ``message`` has the drafts.
            TimeoutError: it was not there in time.
            UsageError: called in ``await``, where ``await`` alone is enough.
        """
        refuse_await("result", "`await generation`.")
        if not self.stream.wait(timeout):
            raise TimeoutError(f"The result was not ready within {timeout:g} s.")
        with TRACEBACK_END:
            self._run.raise_failure()
            return generated(self._run.final_message(), self._kind)

    def cancel(self) -> None:
        """Stop it: close the connection, and end the provider's job if it allows that.

        Returns at once; the generation ends a moment later.

        >>> generation = nbstream.generate(ScriptedModel("No."), "A red bicycle.")
        >>> generation.cancel()
        >>> generation.stream.wait()
        True
        """
        self._run.cancel()

    def __iter__(self) -> StreamIterator[Event]:
        return iter(self.stream)

    def __aiter__(self) -> StreamIterator[Event]:
        return aiter(self.stream)

    def __repr__(self) -> str:
        return repr(self.stream).replace("Stream", "Generation", 1)

    def _ipython_display_(self) -> None:
        self.stream._ipython_display_()

    def _display_(self) -> object:
        return self.stream._display_()
