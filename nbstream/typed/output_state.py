"""``OutputState``: which values of a typed answer are pending, growing or whole."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

if TYPE_CHECKING:
    from nbstream.typed.validation_errors import Problem

T = TypeVar("T")
Path = tuple[str | int, ...]
State = Literal["pending", "growing", "whole"]

_ABSENT: Any = object()


@dataclasses.dataclass(frozen=True, slots=True)
class OpenValue:
    """An object or list that is still written.

    ``fields``: the names that its type declares. ``arrived``: those that have a value, as opposed
    to a default; None if it has no defaults. ``hidden``: the value itself, if it is not in the
    answer because an object waits for a field.
    """

    fields: tuple[str, ...] = ()
    arrived: frozenset[str] | None = None
    hidden: Any = None


@dataclasses.dataclass(frozen=True, slots=True)
class OutputState(Generic[T]):
    """A typed answer so far, and the state of each value in it.

    ``value`` is the answer so far, as ``stream.output``. ``path`` is where the model writes:
    the names and indices from the root to that value; None before the answer begins, and when it
    is whole. ``problems`` lists the values that are not of their type.

    A value is ``"pending"`` before it begins, ``"growing"`` while it is written, and ``"whole"``
    when nothing more of it comes. A field's default is pending until its object is whole. After
    a cancellation or a failure, what was growing stays so.

    >>> model = ScriptedModel('{"a": [1, 2, 3')
    >>> stream = nbstream.stream(model, "Count.", output_type=dict[str, list[int]])
    >>> stream.wait()
    True
    >>> state = stream.output_state
    >>> state.value, state.path, state.of("a"), state.of("a", 1), state.of("b")
    ({'a': [1, 2]}, ('a', 2), 'growing', 'whole', 'pending')
    """

    value: T | None
    path: Path | None
    is_whole: bool = False
    problems: tuple[Problem, ...] = ()
    open_values: tuple[OpenValue, ...] = ()
    """The objects and lists along ``path``, from the root."""

    def of(self, *path: str | int) -> State:
        """The state of the value at ``path``: names of fields, keys and indices from the root.

        Takes time in proportion to the length of ``path``.
        """
        if self.path is not None and self.path[: len(path)] == path:
            return "growing"
        if not self._has_begun(path):
            return "pending"
        return "whole"

    def _has_begun(self, path: Path) -> bool:
        """Whether the value at ``path``, which is not growing, has come."""
        if self.path is None and not self.is_whole:
            return False
        value, known = self._nearest(path)
        for depth, step in enumerate(path[known:], known):
            if self._is_default(path, depth) or (value := _child(value, step)) is _ABSENT:
                # A value that is not valid is left out, but it has come.
                return any(problem.path[: len(path)] == path for problem in self.problems)
        return True

    def _nearest(self, path: Path) -> tuple[Any, int]:
        """The value from which ``path`` goes on, and how many of its steps lead there."""
        value, known = self.value, 0
        for depth, row in enumerate(self.open_values[: len(path)]):
            if path[:depth] != (self.path or ())[:depth]:
                break
            if row.hidden is not None:
                value, known = row.hidden, depth
        return value, known

    def _is_default(self, path: Path, depth: int) -> bool:
        """Whether the step at ``depth`` leads from an open object to a field that is a default."""
        if self.path is None or depth >= len(self.open_values) or path[:depth] != self.path[:depth]:
            return False
        arrived = self.open_values[depth].arrived
        return arrived is not None and path[depth] not in arrived

    def states(self) -> dict[Path, State]:
        """The states by path: of the values along ``path`` and of all beside them.

        What is inside a whole value is whole, and is not listed.

        >>> model = ScriptedModel('{"a": 1, "b": 2')
        >>> stream = nbstream.stream(model, "Count.", output_type=dict[str, int])
        >>> stream.wait()
        True
        >>> stream.output_state.states()
        {(): 'growing', ('a',): 'whole', ('b',): 'growing'}
        """
        found: dict[Path, State] = {(): self.of()}
        value: Any = self.value
        for depth, row in enumerate(self.open_values):
            assert self.path is not None
            at = self.path[:depth]
            value = value if row.hidden is None else row.hidden
            steps = dict.fromkeys([*_steps(value), *row.fields, *self.path[depth : depth + 1]])
            found |= {(*at, step): self.of(*at, step) for step in steps}
            if depth < len(self.path):
                value = _child(value, self.path[depth])
        return found


def _child(value: Any, step: str | int) -> Any:
    """The field, item or key ``step`` of a value; ``_ABSENT`` if there is none."""
    if isinstance(value, Mapping):
        return value.get(step, _ABSENT)
    if isinstance(value, Sequence) and not isinstance(value, str):
        inside = isinstance(step, int) and 0 <= step < len(value)
        return value[step] if isinstance(step, int) and inside else _ABSENT
    if hasattr(type(value), "__pydantic_root_model__") and type(value).__pydantic_root_model__:
        return _child(value.root, step)
    return getattr(value, step, _ABSENT) if isinstance(step, str) else _ABSENT


def _steps(value: Any) -> list[Any]:
    """The keys of a dict, the indices of a list; nothing of an object, whose type lists them."""
    if isinstance(value, Mapping):
        return list(value)
    return list(range(len(value))) if isinstance(value, list) else []
