"""What is raised when an answer is not what was asked for.

Knows how such an error reads and what it carries. Refuses to know how the
answer was read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.errors.types import StreamError

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_SHOWN = 5


class OutputError(StreamError):
    """The answer is whole, and not of the type that was asked for.

    ``raw`` is the model's whole text; ``partial`` the best value of the type
    that could be made of it, None if none; ``problems`` are the values that are
    wrong, each with its place (``path``, ``text``).
    """

    default_remedy = "The model's words are in this error's `raw`, the best value in `partial`."

    def __init__(self, text: str, *, raw: str, partial: Any, problems: Sequence[Any] = ()) -> None:
        rows = [f"  {problem}" for problem in problems[:_MOST_SHOWN]]
        if len(problems) > _MOST_SHOWN:
            rows.append(f"  and {len(problems) - _MOST_SHOWN} more")
        super().__init__("\n".join([text, *rows]))
        self.raw = raw
        self.partial = partial
        self.problems = tuple(problems)
