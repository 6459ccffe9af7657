"""A value of a type while the model still writes it.

Ties the text, the grammar and the growing value together. Refuses to know
where the text comes from and how often anybody looks.
"""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from pydantic_core import from_json

from nbstream.core.json import JSONSyntaxError, Scanner
from nbstream.core.text_buffer import TextBuffer
from nbstream.errors import OutputError
from nbstream.typed.extract import Extract
from nbstream.typed.frame import HIDDEN
from nbstream.typed.output import OutputType, output_type
from nbstream.typed.shape import ARRAY
from nbstream.typed.sink import Growth
from nbstream.typed.validation_errors import Problem, problems_of

T = TypeVar("T")


class Partial(Generic[T]):
    """A value of ``of`` that grows as text is fed.

    ``partial`` is a real instance: fields appear as they arrive, a field that
    has not arrived is its default or a missing attribute (what
    ``model_construct`` leaves), strings grow, lists get longer. Numbers, dates,
    enums, tuples and the like appear when they are whole and valid; a union
    when one member is left that it can be. A value that is wrong is left out
    and noted in ``problems``; one that was shown while it grew stays. Of two
    equal keys the last counts.

    One thread feeds and reads. The work a chunk costs does not depend on what
    came before it.

    Raises:
        UsageError: pydantic can make nothing of ``of``.
    """

    def __init__(self, of: type[T] | Any) -> None:
        self._type: OutputType[T] = output_type(of)
        shape = self._type.shape
        self._growth = Growth(shape, wrapped=self._type.wrapped)
        self._scanner = Scanner(self._growth)
        arrays = self._type.wrapped and bool(shape.members(ARRAY))
        self._extract = Extract(arrays=arrays)
        self._raw = TextBuffer()
        self._failure: str | None = None

    def feed(self, chunk: str) -> bool:
        """Read more text. Returns whether ``partial`` shows more than before.

        Raises nothing: text that cannot become a value is ``final``'s to report.
        """
        self._raw.append(chunk)
        if self._failure:
            return False
        json = self._extract.feed(chunk)
        if not json:
            return False
        growth = self._growth
        growth.changed = False
        try:
            after = self._scanner.feed(json)
        except JSONSyntaxError as error:
            self._failure = f"The answer is no JSON: {error}"
            return growth.changed
        if after:
            self._extract.after(after)
        return growth.changed

    @property
    def partial(self) -> T | None:
        """The value so far; None before there is anything to show.

        It is the growing value itself: what is yielded now grows on with the
        next chunk. ``snapshot()`` gives one that stays as it is.
        """
        value: T | None = self._growth.value()
        return value

    @property
    def has_value(self) -> bool:
        """Whether there is anything to show; ``partial`` may be None because that was said."""
        return self._growth.root.has_value

    def snapshot(self) -> T | None:
        """The value so far, as one that later chunks do not change.

        Copies only what is still being written, so it costs what those lists
        and objects are long; what is complete is shared.
        """
        whole: T | None = self._growth.value()
        twin: Any = HIDDEN
        for frame in reversed(self._growth.open_path()):
            twin = whole = frame.twin(twin)
        return whole

    @property
    def complete(self) -> bool:
        """Whether the JSON is whole."""
        return self._scanner.done

    @property
    def raw(self) -> str:
        """The whole text so far."""
        return str(self._raw)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The values so far that are not what the type says."""
        return tuple(self._growth.problems)

    @property
    def repairs(self) -> tuple[str, ...]:
        """What was done to find the JSON, in words for a user."""
        bare = self._growth.root.wrapped and self._growth.root.bare
        unwrapped = ("took the value as it came, without the object around it",) if bare else ()
        return (*self._extract.repairs, *unwrapped)

    def final(self) -> T:
        """The whole value, with all of the type's validators run on the whole JSON.

        Raises:
            OutputError: the text is no JSON, is cut off, holds more than one
                value or one that is not of the type.
        """
        text = self._json()
        root = self._growth.root
        try:
            return self._type.validate(text, bare=root.bare)
        except Exception as error:  # a type's own validators may raise anything
            problems = problems_of(error)
            if root.wrapped and not root.bare:
                problems = [Problem(problem.path[1:], problem.text) for problem in problems]
            raise self._error(f"The answer is no valid {self._type.name}:", problems) from error

    def _json(self) -> str:
        if not self._extract.found:
            return self._plain()
        if self._failure:
            raise self._error(self._failure)
        if not self._scanner.done:
            raise self._error("The answer ends before its JSON does")
        if self._extract.has_more:
            raise self._error("The answer holds more than one JSON value")
        start = self._extract.start
        return self.raw[start : start + self._scanner.position]

    def _plain(self) -> str:
        """The text of an answer that is neither an object nor an array."""
        text = self.raw.strip()
        try:
            value = from_json(text)
        except ValueError:
            raise self._error("The answer holds no JSON") from None
        if isinstance(value, (dict, list)) or not self._type.wrapped:
            return text
        self._growth.root.bare = True
        return text

    def _error(self, text: str, problems: list[Problem] | None = None) -> OutputError:
        found = list(self._growth.problems) if problems is None else problems
        return OutputError(text, raw=self.raw, partial=self.partial, problems=found)
