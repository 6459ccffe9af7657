"""An answer as a value of a type, so far and at the end.

Knows how much of a log's text has been read, and reads on from there when
somebody asks, so that a stream nobody asks costs nothing and one that is asked
at every delta costs no more as it grows. Refuses to know JSON and types: those
are ``typed``'s; and who waits for more.
"""

from __future__ import annotations

import pickle
import threading
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Self, TypeVar, cast

from nbstream.core.message import RefusalPart
from nbstream.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from nbstream.core.events import Event
    from nbstream.core.log import Log
    from nbstream.core.message import Message
    from nbstream.core.text_buffer import TextBuffer

T = TypeVar("T")

_STEP = 4096  # at 1 MB a value of its own for each 256 characters; up to 4 kB for each one
_WITHOUT_END = (None, "error", "cancelled")
_WITHOUT_VALUE = (*_WITHOUT_END, "tool_call", "content_filter")


class Grown(NamedTuple, Generic[T]):
    """A value so far: how often it had grown, by how many characters, and what it was.

    ``version`` is 0 and ``value`` None before there is any.
    """

    version: int
    length: int
    value: T | None


class Output(Generic[T]):
    """What the text in ``log`` amounts to as a value of ``of``. Safe in any thread.

    All readers share it. ``sign`` is called with an error before it is raised.

    Raises:
        UsageError: ``of`` cannot be a type.
    """

    def __init__(
        self, log: Log, of: Any, sign: Callable[[OutputError], None] | None = None
    ) -> None:
        from nbstream.typed import Partial  # dear to import, and few streams have a type

        self._log = log
        self._new: Callable[[], Partial[T]] = lambda: Partial(of)
        self._sign = sign
        self._lock = threading.RLock()  # a type's validators are anybody's code
        self._version = 0
        self._shown: Grown[T] = Grown(0, 0, None)
        self._result: tuple[T] | OutputError | None = None
        self._begin()

    def after_fork(self) -> None:
        """Go on in a forked process, which lacks the thread that may have had the lock."""
        self._lock = threading.RLock()

    def _begin(self) -> None:
        self._partial = self._new()
        self._texts: list[TextBuffer] = []
        self._lengths: list[int] = []

    @property
    def repairs(self) -> tuple[str, ...]:
        """What was done so far to find the JSON in the text, in words for a user."""
        with self._lock:
            self._read()
            return self._partial.repairs

    def value(self) -> T | None:
        """The value so far, as ``after`` has it; the final one once the answer has ended.

        An answer that was broken off has no final value, only what had come.

        Raises:
            OutputError: it has ended and is none of the type.
        """
        if self.is_whole:
            return self.final()
        with self._lock:
            if self._log.finished:
                return self._latest().value
            return (self._after(self._shown) or self._shown).value

    @property
    def ended(self) -> bool:
        """Whether the run has ended, in whatever way."""
        return self._log.finished

    @property
    def is_whole(self) -> bool:
        """Whether the run has ended and the answer was neither cancelled nor cut by a failure."""
        return self.ended and self._log.transcript.finish_reason not in _WITHOUT_END

    def latest(self) -> Grown[T]:
        """The value so far. Later text does not change what was given out."""
        with self._lock:
            return self._latest()

    def after(self, seen: Grown[T]) -> Grown[T] | None:
        """``latest``, if it is worth another look.

        That is when it has grown by a ``_STEP``-th of the text: a value of its own
        is a copy of what is open, and to copy a long list for each few letters of
        an answer would cost more the longer it is.
        """
        with self._lock:
            return self._after(seen)

    def final(self) -> T:
        """The whole value, validated.

        Raises:
            OutputError: the answer is none of the type.
        """
        with self._lock:
            if self._result is None:
                self._result = self._finish()
            if isinstance(self._result, tuple):
                return self._result[0]
            raise self._result.with_traceback(None)

    def _after(self, seen: Grown[T]) -> Grown[T] | None:
        self._read()
        length = sum(self._lengths)
        small = 0 <= (length - seen.length) * _STEP < length
        return None if self._version == seen.version or small else self._latest()

    def _latest(self) -> Grown[T]:
        self._read()
        if self._shown.version != self._version:
            value = self._partial.snapshot()
            self._shown = Grown(self._version, sum(self._lengths), value)
        return self._shown

    def _read(self) -> None:
        """Take in what is new. Another text than before, or an earlier one, is read anew."""
        with self._log.locked() as transcript:
            texts = transcript.texts
            known = list(zip(self._texts, self._lengths, texts, strict=False))
            replaced = len(known) < len(self._texts) or any(a is not b for a, _, b in known)
            if replaced or any(len(text) > length for _, length, text in known[:-1]):
                self._begin()
                self._shown = Grown(self._version, 0, None)
            done = [*self._lengths, *[0] * (len(texts) - len(self._lengths))]
            pieces = [text.since(n) for text, n in zip(texts, done, strict=True) if len(text) > n]
            self._texts, self._lengths = texts, [len(text) for text in texts]
        for piece in pieces:
            self._version += self._partial.feed(piece)

    def _finish(self) -> tuple[T] | OutputError:
        self._read()
        try:
            return (self._partial.final(),)
        except OutputError as failure:
            failure.partial = self._latest().value
            failure.message = message = self._log.message()
            _explain(failure, message)
            if self._sign is not None:
                self._sign(failure)
            return failure


def _explain(error: OutputError, message: Message) -> None:
    """Say what the message knows of why it is no value."""
    refusals = [part.text for part in message.parts if isinstance(part, RefusalPart)]
    if refusals:
        error.text = f"The model refused: {refusals[0]}"
    elif calls := message.tool_calls:
        error.text = f"The model called {calls[0].tool_name} and gave no answer yet"
        error.remedy = "Answer its calls with tool_message(call, result), and ask again."
    elif message.finish_reason == "length":
        error.text = f"The limit on the answer's length was reached. {error.text}"
        error.remedy = "Allow more tokens. What had come is in `partial` and `raw`."
    elif message.finish_reason == "content_filter":
        error.text = f"The provider's filter stopped the answer. {error.text}"
    error.args = (error.text,)


class MessageParser:
    """Reads the text of a message as a value of ``of``: what ``Message.parsed_output`` calls.

    It refers to no stream, so that a message that is kept does not keep its stream.
    """

    def __init__(self, of: Any) -> None:
        self._of = of

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        # A message can be saved even if the type cannot; its parsed_output is then None.
        try:
            pickle.dumps(self._of)
        except Exception:  # noqa: BLE001 - pickle and the type's own hooks raise anything
            return type(None), ()
        return type(self), (self._of,)

    def __call__(self, message: Message) -> Any:
        """The value; None if the message is not a complete answer in text.

        Raises:
            OutputError: the text is not a value of the type.
        """
        if message.finish_reason in _WITHOUT_VALUE or not message.text:
            return None
        from nbstream.typed import Partial  # slow to import, and few streams have a type

        partial: Partial[Any] = Partial(self._of)
        partial.feed(message.text)
        try:
            return partial.final()
        except OutputError as failure:
            failure.message = message
            _explain(failure, message)
            raise


class OutputView(Generic[T]):
    """The values of an output as a view: each time it has grown, and the final one.

    The final value comes by itself unless it equals the last one before it.
    """

    def __init__(self, output: Output[T]) -> None:
        self._output = output
        self._seen: Grown[T] = Grown(0, 0, None)
        self._ended = False

    def __call__(self, events: Sequence[Event]) -> Iterator[T]:
        """At most one value for a batch.

        Raises:
            OutputError: the answer has ended and is none of the type.
        """
        if self._ended:
            return
        self._ended = self._output.ended
        if not self._ended:
            yield from self._show(self._output.after(self._seen) if events else None)
        elif not self._output.is_whole:
            yield from self._show(self._output.latest())
        else:
            try:
                final = self._output.final()
            except OutputError:
                yield from self._show(self._output.latest())
                raise
            if self._seen.version == 0 or not _same(self._seen.value, final):
                yield final

    def _show(self, grown: Grown[T] | None) -> Iterator[T]:
        if grown is not None and grown.version != self._seen.version:
            self._seen = grown
            yield cast("T", grown.value)


def _same(one: object, other: object) -> bool:
    try:
        return type(one) is type(other) and bool(one == other)
    except Exception:  # noqa: BLE001 - a user's own type may have no equality, or an array's
        return False
