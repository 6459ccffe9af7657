"""``Partial``: parses a model's JSON while it arrives into a value of a Python type."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, Generic, TypeVar, cast

from pydantic_core import from_json

from nbstream.core.json import JSONSyntaxError, LenientScanner, Scanner, completed, repaired
from nbstream.core.surrogates import pair_escapes
from nbstream.core.text_buffer import TextBuffer
from nbstream.errors import OutputError
from nbstream.typed.frame import HIDDEN
from nbstream.typed.json_finder import JSONFinder
from nbstream.typed.kinds import ARRAY, STRING
from nbstream.typed.output import OutputType, output_type
from nbstream.typed.output_state import OpenValue, OutputState
from nbstream.typed.root_value import WRAPPER_KEY
from nbstream.typed.sink import ValueSink
from nbstream.typed.validation_errors import Problem, problems_of

T = TypeVar("T")


class Partial(Generic[T]):
    """Parses JSON that arrives in pieces; its value of type ``of`` grows with each piece.

    ``partial`` is a real instance. Fields appear as they arrive; a field that has not arrived
    is its default or a missing attribute, as after ``model_construct``. Strings and lists
    grow. Numbers, dates, enums, tuples and the like appear when complete and valid; a union
    appears when only one member is still possible. An invalid value is left out and noted
    in ``problems``, but one that was already shown while it grew stays. Of duplicate keys
    the last one wins.

    ``items`` lists the whole items so far of the list at ``items_path``, a path of names.

    What models write in place of JSON, such as single quotes or a trailing comma, is read, and
    told in ``repairs``. With ``strict=True`` it is an error.

    Not thread-safe. The cost of a chunk does not depend on the text before it.

    Raises:
        UsageError: pydantic does not support the type ``of``.

    >>> reader = Partial(list[int])
    >>> reader.feed('{"result": [1, 2, 3')
    True
    >>> reader.partial
    [1, 2]
    """

    def __init__(
        self,
        of: type[T] | Any,
        *,
        strict: bool = False,
        items_path: tuple[str, ...] | None = None,
    ) -> None:
        self._type: OutputType[T] = output_type(of)
        self._items_path = items_path
        self._strict = strict
        self._raw = TextBuffer()
        self._begin(find_json_only=strict)

    def _begin(self, *, find_json_only: bool) -> None:
        """Make the parser of the text from its start."""
        shape = self._type.shape
        wrapped = self._type.wrapped
        self._sink = sink = ValueSink(shape, wrapped=wrapped, items_path=self._items_path)
        self._scanner = Scanner(sink) if self._strict else LenientScanner(sink, self._since)
        arrays = wrapped and bool(shape.members(ARRAY))
        self._finder = JSONFinder(arrays=arrays, strict=find_json_only)
        self._failure: str | None = None
        self._took_words = False  # the whole text is the value
        self._undecided = self._type.takes_words and not self._strict
        self._begins_as_words = False

    def feed(self, chunk: str) -> bool:
        """Parse more text. Returns whether ``partial`` changed.

        Never raises: ``final`` reports text that is not valid JSON.
        """
        self._raw.append(chunk)
        if self._failure:
            return False
        text = chunk if self._finder.found else self._find(chunk)
        if not text:
            return self._is_words
        sink = self._sink
        sink.changed = False
        try:
            after = self._scanner.feed(text)
        except JSONSyntaxError as error:
            if self._finder.unsure:  # it was prose in brackets
                self._begin_again()
                return True
            self._failure = f"The answer is not JSON: {error}"
            return sink.changed
        if after:
            self._finder.after(after)
        return sink.changed

    def _find(self, chunk: str) -> str:
        """Look for the JSON. Returns the part of ``chunk`` that belongs to it."""
        if self._undecided:
            self._look_for_words(chunk)
        return self._finder.feed(chunk)

    def _begin_again(self) -> None:
        """Parse the text again, and look in it only for what begins as JSON does."""
        text = self.raw
        self._raw = TextBuffer()
        self._begin(find_json_only=True)
        self.feed(text)

    @property
    def _is_words(self) -> bool:
        """Whether the text so far is the value itself: the type may be a text, and no JSON came."""
        return self._begins_as_words and not self._finder.found

    def _look_for_words(self, chunk: str) -> None:
        """Decide by the first character whether the text so far is the value."""
        if start := chunk.strip():
            self._undecided = False
            self._begins_as_words = start[0] not in '{["`\ufeff'

    def _since(self, position: int) -> str:
        """The text since a position of the scanner."""
        return self._raw.since(self._finder.start + position)

    def end(self) -> bool:
        """Signal the end of a complete answer. Returns whether ``partial`` is complete now.

        Closing brackets that are missing there are added, unless the type is read strictly.
        """
        scanner = self._scanner
        if scanner.done or self._failure or not self._finder.found:
            return False
        return isinstance(scanner, LenientScanner) and scanner.close_brackets()

    @property
    def partial(self) -> T | None:
        """The value so far; None before there is anything to show.

        This is the object that later chunks modify. ``snapshot()`` gives a copy.
        """
        value: T | None = self._sink.value()
        if self._begins_as_words and not self._finder.found:
            value = cast("T", self.raw.lstrip())
        return value

    @property
    def has_value(self) -> bool:
        """Whether there is a value to show; ``partial`` may be None for JSON's ``null``."""
        return self._sink.root.has_value or self._is_words

    def snapshot(self) -> T | None:
        """The value so far, as an object that later chunks do not modify.

        Copies only the lists and objects that are still open; complete values are shared.
        """
        value: Any = self.partial
        copy: Any = HIDDEN
        for frame in reversed(self._sink.open_path()):
            copy = value = frame.copy_with(copy)
        return cast("T | None", value)

    def state(self) -> OutputState[T]:
        """The value so far, as a snapshot, and the state of each value in it."""
        value, done = self.snapshot(), self._scanner.done
        if done or not self._finder.found:
            path = () if self._is_words else None
            return OutputState(value, path, is_whole=done, problems=self.problems)
        names, frames = self._sink.path(inside=self._scanner.inside_value)
        rows: list[OpenValue] = []
        hides = False
        for frame in frames:
            row = frame.open_value()
            hides = hides or frame.is_waiting
            if hides and (frame.is_waiting or frame.shown is not HIDDEN):
                row = replace(row, hidden=frame.copy_with(HIDDEN))
            rows.append(row)
        return OutputState(value, tuple(names), problems=self.problems, open_values=tuple(rows))

    @property
    def items(self) -> list[Any]:
        """The whole items so far of the list at ``items_path``. Another list after a restart."""
        return self._sink.items

    @property
    def complete(self) -> bool:
        """Whether the JSON is complete."""
        return self._scanner.done

    @property
    def raw(self) -> str:
        """All text so far."""
        return str(self._raw)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The values that failed validation so far."""
        return tuple(self._sink.problems)

    @property
    def repairs(self) -> tuple[str, ...]:
        """What was corrected and left out to read the text as JSON, as text for a user."""
        if self._is_words or self._took_words:
            return ()
        bare = self._sink.root.wrapped and self._sink.root.bare
        unwrapped = (f'read a value without {{"{WRAPPER_KEY}": ...}} around it',) if bare else ()
        return (*self._finder.repairs, *self._corrections, *unwrapped)

    @property
    def _corrections(self) -> list[str]:
        """What was corrected in the JSON itself."""
        return self._scanner.repairs if isinstance(self._scanner, LenientScanner) else []

    def json_text(self) -> tuple[str, bool]:
        """The answer's JSON as it was read, completed; and whether what is written differs."""
        if not self._finder.found or self._took_words:
            return "", False
        text = self.raw[self._finder.start :]
        if self._scanner.done and not self._failure:
            text = text[: self._scanner.position]
            return (repaired(text), True) if self._corrections else (text, False)
        return completed(text), bool(self._corrections)

    def final(self) -> T:
        """The complete value. Runs all validators of the type on the complete JSON.

        Raises:
            OutputError: the text is not JSON, ends too early, holds more than one value, or
                holds one that is not of the type.
        """
        finder = self._finder
        if finder.unsure and (self._failure or not self._scanner.done or finder.has_more):
            self._begin_again()
            finder = self._finder
        if not finder.found:
            return self._plain()
        try:
            return self._validated(self._json())
        except OutputError:
            if not (self._type.takes_words and finder.in_prose) or self._strict:
                raise
            self._took_words = self._sink.root.bare = True
            return self._validated(json.dumps(self.raw.strip()))

    def _validated(self, text: str) -> T:
        """The value of a complete JSON text."""
        text = pair_escapes(text)
        root = self._sink.root
        try:
            return self._type.validate(text, bare=root.bare)
        except Exception as error:  # a type's own validators may raise anything
            problems = problems_of(error)
            if root.wrapped and not root.bare:
                problems = [Problem(problem.path[1:], problem.text) for problem in problems]
            raise self._error(f"The answer is not a valid {self._type.name}:", problems) from error

    def _json(self) -> str:
        """The text of the complete JSON in the answer."""
        if self._failure:
            raise self._error(self._failure)
        if not self._scanner.done:
            raise self._error("The answer ends before its JSON is complete.")
        if self._finder.has_more:
            raise self._error("The answer contains more than one JSON value.")
        start = self._finder.start
        text = self.raw[start : start + self._scanner.position]
        try:
            return repaired(text) if self._corrections else text
        except JSONSyntaxError as error:
            raise self._error(f"The answer is not JSON: {error}") from None

    def _plain(self) -> T:
        """The value of an answer that is neither an object nor an array."""
        text = self.raw.strip()
        try:
            value = from_json(text)
        except ValueError:
            value = None if self._strict or not self._type.wrapped else text
            if not value or not self._type.shape.members(STRING):
                raise self._error("The answer contains no JSON.") from None
            text = json.dumps(text)
        self._sink.root.bare = self._type.wrapped and not isinstance(value, (dict, list))
        try:
            return self._validated(text)
        except OutputError:  # words that are JSON, such as a number
            if self._strict or not self._type.takes_words:
                raise
            self._took_words = True
            return self._validated(json.dumps(text))

    def _error(self, text: str, problems: list[Problem] | None = None) -> OutputError:
        noted = list(self._sink.problems) if problems is None else problems
        return OutputError(text, raw=self.raw, partial=self.partial, problems=noted)
