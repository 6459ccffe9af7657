"""What is wrong with a value, and where.

Knows pydantic's errors and makes short rows of them. Refuses to know what is
done about them.
"""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import ValidationError

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """A value that is not what its type says: keys and indices down to it, and pydantic's words."""

    path: Path
    text: str

    def __str__(self) -> str:
        where = ".".join(map(str, self.path))
        return f"{where}: {self.text}" if where else self.text


def problems_of(error: Exception, path: Path = ()) -> list[Problem]:
    """The problems that an error tells of a value at ``path``.

    What a type's own validators raise is not always pydantic's.
    """
    if not isinstance(error, ValidationError):
        return [Problem(path, f"{type(error).__name__}: {error}")]
    rows = error.errors(include_url=False, include_input=False, include_context=False)
    return [Problem((*path, *row["loc"]), row["msg"]) for row in rows]
