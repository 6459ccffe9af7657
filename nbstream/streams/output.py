"""Parses an answer's text as a value of ``output_type``: the value so far, and the final one.

A stream's text is parsed only when a value is asked for, from where parsing stopped the last
time: a stream that is not asked costs nothing, and the cost of a delta does not grow with the
answer. ``message_parser`` reads a finished message.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from nbstream.errors import OutputError
from nbstream.streams.message_parser import NOT_WHOLE, explain
from nbstream.streams.output_report import OutputReport, output_schema, report_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from nbstream.core.log import Log
    from nbstream.core.text_buffer import TextBuffer
    from nbstream.typed import OutputState, Partial

T = TypeVar("T")

_STEP = 4096  # up to 4 kB a new value for each character; at 1 MB for each 256


class PartialValue(NamedTuple, Generic[T]):
    """The value that was parsed from the text so far.

    ``version`` counts its changes, ``length`` is the number of characters it was made
    of. ``exists`` is false, and ``value`` None, while the text shows no value.
    """

    version: int
    length: int
    value: T | None
    exists: bool


NO_VALUE: PartialValue[Any] = PartialValue(0, 0, None, exists=False)


class Output(Generic[T]):
    """Parses the text in ``log`` as a value of ``of``. All readers share it, in any thread.

    ``describe`` is called with an error before it is raised, to add what it lacks. ``strict``:
    the provider lets the model write only JSON, so that nothing else is read as JSON.

    Raises:
        UsageError: ``of`` cannot be a type.
    """

    def __init__(
        self,
        log: Log,
        of: Any,
        describe: Callable[[OutputError], None] | None = None,
        *,
        strict: bool = False,
        items_path: tuple[str, ...] | None = None,
    ) -> None:
        from nbstream.typed import Partial  # slow to import, and few streams have a type

        self._log = log
        self.of, self._strict = of, strict
        self._new: Callable[[], Partial[T]] = lambda: Partial(
            of, strict=strict, items_path=items_path
        )
        self._describe = describe
        self._lock = threading.RLock()  # reentrant: validators of the type may read the stream
        self._version = 0
        self._restarted_at = 0
        """The version at which the text was replaced by another one."""
        self._last: PartialValue[T] = NO_VALUE
        self._result: tuple[T] | OutputError | None = None
        self.known_report: OutputReport | None = None
        self._begin()

    def of_items(self, path: tuple[str, ...]) -> Output[T]:
        """Another parser of the same text, which collects the items of the list at ``path``.

        Raises:
            UsageError: there is no such list in the type.
        """
        from nbstream.typed import check_items_path

        check_items_path(self.of, path)
        return Output(self._log, self.of, self._describe, strict=self._strict, items_path=path)

    def items(self) -> list[Any]:
        """The whole items so far, of a parser ``of_items``. Another list if they begin again."""
        with self._lock:
            if self.is_whole and self._result is None:
                self._result = self._finish()
            self._read()
            return self._partial.items

    def state(self) -> OutputState[T]:
        """The value so far, as ``value()``, and the state of each value in it."""
        with self._lock:
            if self.is_whole and self._result is None:
                self._result = self._finish()
            self._read()
            state = self._partial.state()
            if isinstance(self._result, tuple):
                return replace(state, value=self._result[0], is_whole=True, path=None)
            return state

    def is_behind(self, length: int) -> bool:
        """Whether the text has grown by a ``_STEP``-th since it had ``length`` characters."""
        with self._lock:
            self._read()
            now = sum(self._lengths)
            return now < length or (now > length and (now - length) * _STEP >= now)

    @property
    def length(self) -> int:
        """The number of characters that were parsed."""
        return sum(self._lengths)

    def after_fork(self) -> None:
        """Replace the lock in a forked process: a thread of the parent may have held it."""
        self._lock = threading.RLock()

    def _begin(self) -> None:
        """Reset the parser: the next text is read from its start."""
        self._partial = self._new()
        self._texts: list[TextBuffer] = []
        self._lengths: list[int] = []

    @property
    def repairs(self) -> tuple[str, ...]:
        """The corrections made so far to read the text as JSON, as text for a user."""
        with self._lock:
            self._read()
            return self._partial.repairs

    @cached_property
    def schema(self) -> Mapping[str, Any] | None:
        """The JSON schema of the type, for a display; None if it has none."""
        return output_schema(self.of)

    def report(self) -> OutputReport | None:
        """What a display tells of the answer when it has ended; None before that. Made once."""
        with self._lock:
            if self.known_report is None and self.ended:
                if self.is_whole and self._result is None:
                    self._result = self._finish()
                self._read()
                failure = self._result if isinstance(self._result, OutputError) else None
                self.known_report = report_of(self._partial, failure)
            return self.known_report

    def value(self) -> T | None:
        """The value so far, at most a ``_STEP``-th behind the text; the final one at the end.

        An answer that failed or was cancelled has no final value, only what had come.

        Raises:
            OutputError: the answer has ended and is not of the type.
        """
        if self.is_whole:
            return self.final()
        with self._lock:
            if self._log.finished:
                return self._latest().value
            return (self._newer_than(self._last) or self._last).value

    @property
    def ended(self) -> bool:
        """Whether the run has ended, in whatever way."""
        return self._log.finished

    @property
    def is_whole(self) -> bool:
        """Whether the run has ended and the answer was neither cancelled nor cut by a failure."""
        return self.ended and self._log.transcript.finish_reason not in NOT_WHOLE

    def latest(self) -> PartialValue[T]:
        """The value so far. Later text does not change what was returned."""
        with self._lock:
            return self._latest()

    def newer_than(self, seen: PartialValue[T]) -> PartialValue[T] | None:
        """``latest``, if the text has grown by a ``_STEP``-th since ``seen``; else None.

        Each value is a copy of its unfinished lists and objects. Copying them for each
        few characters would cost more the longer they are.
        """
        with self._lock:
            return self._newer_than(seen)

    def final(self) -> T:
        """The whole value, validated.

        Raises:
            OutputError: the answer is not of the type.
        """
        with self._lock:
            if self._result is None:
                self._result = self._finish()
            if isinstance(self._result, tuple):
                return self._result[0]
            raise self._result.with_traceback(None)

    def _newer_than(self, seen: PartialValue[T]) -> PartialValue[T] | None:
        """``newer_than``, under the lock."""
        self._read()
        length = sum(self._lengths)
        same_text = seen.version >= self._restarted_at
        small = same_text and (length - seen.length) * _STEP < length
        return None if self._version == seen.version or small else self._latest()

    def _latest(self) -> PartialValue[T]:
        """``latest``, under the lock."""
        self._read()
        if self._last.version != self._version:
            value, exists = self._partial.snapshot(), self._partial.has_value
            self._last = PartialValue(self._version, sum(self._lengths), value, exists)
        return self._last

    def _read(self) -> None:
        """Parse what is new. If earlier text has changed, parse everything again."""
        with self._log.locked() as transcript:
            texts = transcript.texts
            known = list(zip(self._texts, self._lengths, texts, strict=False))
            replaced = len(known) < len(self._texts) or any(a is not b for a, _, b in known)
            if replaced or any(len(text) > length for _, length, text in known[:-1]):
                self._begin()
                self._version += 1
                self._restarted_at = self._version
            done = [*self._lengths, *[0] * (len(texts) - len(self._lengths))]
            pieces = [text.since(n) for text, n in zip(texts, done, strict=True) if len(text) > n]
            self._texts, self._lengths = texts, [len(text) for text in texts]
        for piece in pieces:
            self._version += self._partial.feed(piece)

    def _finish(self) -> tuple[T] | OutputError:
        """Validate the whole text: the value in a tuple, or the error."""
        self._read()
        if self._log.transcript.finish_reason == "stop":
            self._version += self._partial.end()
        try:
            return (self._partial.final(),)
        except OutputError as failure:
            failure.partial = self._latest().value
            failure.message = message = self._log.message()
            explain(failure, message)
            if self._describe is not None:
                self._describe(failure)
            return failure
