"""Converts pydantic's validation errors to ``Problem`` values, which users read."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import ValidationError

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """A value that failed validation: its path of keys and indices, and pydantic's message.

    >>> stream = nbstream.stream(ScriptedModel('[1, "x"]'), "Count.", output_type=list[int])
    >>> stream.wait()
    True
    >>> [problem.path for problem in stream.output_state.problems]
    [(1,)]
    """

    path: Path
    text: str

    def __str__(self) -> str:
        path = ".".join(map(str, self.path))
        return f"{path}: {self.text}" if path else self.text


def problems_of(error: Exception, path: Path = ()) -> list[Problem]:
    """Convert ``error``, raised for the value at ``path``, to ``Problem`` values.

    A type's own validators may raise other errors than pydantic's.
    """
    if not isinstance(error, ValidationError):
        return [Problem(path, f"{type(error).__name__}: {error}")]
    rows = error.errors(include_url=False, include_input=False, include_context=False)
    return [Problem((*path, *row["loc"]), row["msg"]) for row in rows]
