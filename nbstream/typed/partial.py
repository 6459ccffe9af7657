"""``Partial``: parses a model's JSON while it arrives into a value of a Python type."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from pydantic_core import from_json

from nbstream.core.json import JSONSyntaxError, Scanner
from nbstream.core.surrogates import pair_escapes
from nbstream.core.text_buffer import TextBuffer
from nbstream.errors import OutputError
from nbstream.typed.frame import HIDDEN
from nbstream.typed.json_finder import JSONFinder
from nbstream.typed.output import OutputType, output_type
from nbstream.typed.shape import ARRAY
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

    Not thread-safe. The cost of a chunk does not depend on the text before it.

    Raises:
        UsageError: pydantic does not support the type ``of``.

    >>> reader = Partial(list[int])
    >>> reader.feed('{"result": [1, 2, 3')
    True
    >>> reader.partial
    [1, 2]
    """

    def __init__(self, of: type[T] | Any) -> None:
        self._type: OutputType[T] = output_type(of)
        shape = self._type.shape
        self._sink = ValueSink(shape, wrapped=self._type.wrapped)
        self._scanner = Scanner(self._sink)
        arrays = self._type.wrapped and bool(shape.members(ARRAY))
        self._finder = JSONFinder(arrays=arrays)
        self._raw = TextBuffer()
        self._failure: str | None = None

    def feed(self, chunk: str) -> bool:
        """Parse more text. Returns whether ``partial`` changed.

        Never raises: ``final`` reports text that is not valid JSON.
        """
        self._raw.append(chunk)
        if self._failure:
            return False
        json = self._finder.feed(chunk)
        if not json:
            return False
        sink = self._sink
        sink.changed = False
        try:
            after = self._scanner.feed(json)
        except JSONSyntaxError as error:
            self._failure = f"The answer is not JSON: {error}"
            return sink.changed
        if after:
            self._finder.after(after)
        return sink.changed

    @property
    def partial(self) -> T | None:
        """The value so far; None before there is anything to show.

        This is the object that later chunks modify. ``snapshot()`` gives a copy.
        """
        value: T | None = self._sink.value()
        return value

    @property
    def has_value(self) -> bool:
        """Whether there is a value to show; ``partial`` may be None for JSON's ``null``."""
        return self._sink.root.has_value

    def snapshot(self) -> T | None:
        """The value so far, as an object that later chunks do not modify.

        Copies only the lists and objects that are still open; complete values are shared.
        """
        value: T | None = self._sink.value()
        copy: Any = HIDDEN
        for frame in reversed(self._sink.open_path()):
            copy = value = frame.copy_with(copy)
        return value

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
        """What was left out to find the JSON in the text, in words for the user."""
        bare = self._sink.root.wrapped and self._sink.root.bare
        unwrapped = ("took the value without the object that should be around it",) if bare else ()
        return (*self._finder.repairs, *unwrapped)

    def final(self) -> T:
        """The complete value. Runs all validators of the type on the complete JSON.

        Raises:
            OutputError: the text is not JSON, ends too early, holds more than one value, or
                holds one that is not of the type.
        """
        text = pair_escapes(self._json())
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
        if not self._finder.found:
            return self._plain()
        if self._failure:
            raise self._error(self._failure)
        if not self._scanner.done:
            raise self._error("The answer ends before its JSON is complete.")
        if self._finder.has_more:
            raise self._error("The answer contains more than one JSON value.")
        start = self._finder.start
        return self.raw[start : start + self._scanner.position]

    def _plain(self) -> str:
        """The text of an answer that is neither an object nor an array."""
        text = self.raw.strip()
        try:
            value = from_json(text)
        except ValueError:
            raise self._error("The answer contains no JSON.") from None
        if isinstance(value, (dict, list)) or not self._type.wrapped:
            return text
        self._sink.root.bare = True
        return text

    def _error(self, text: str, problems: list[Problem] | None = None) -> OutputError:
        noted = list(self._sink.problems) if problems is None else problems
        return OutputError(text, raw=self.raw, partial=self.partial, problems=noted)
