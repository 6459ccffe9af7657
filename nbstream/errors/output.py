"""``OutputError``: the answer is not of the type that was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.errors.types import StreamError

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_SHOWN = 5


class OutputError(StreamError):
    """The answer is complete, but not of the type that was asked for.

    ``raw`` is the model's whole text. ``partial`` is the best value of the type that could be
    made of it; None if there is none. ``problems`` lists the values that are wrong, each with its
    ``path`` and a ``text``.

    >>> stream = nbstream.stream(ScriptedModel("[1, 2"), "Count.", output_type=list[int])
    >>> try:
    ...     stream.get_output()
    ... except nbstream.errors.OutputError as error:
    ...     print(error.raw, error.partial)
    [1, 2 [1]
    """

    default_remedy = (
        "The model's text is in this error's `raw`, the best value in `partial`;"
        " in a cell, `_.text` is the text."
    )

    def __init__(self, text: str, *, raw: str, partial: Any, problems: Sequence[Any] = ()) -> None:
        rows = [f"  {problem}" for problem in problems[:_MOST_SHOWN]]
        if len(problems) > _MOST_SHOWN:
            rows.append(f"  and {len(problems) - _MOST_SHOWN} more")
        super().__init__("\n".join([text, *rows]))
        self.raw = raw
        self.partial = partial
        self.problems = tuple(problems)

    def __reduce__(self) -> tuple[Any, ...]:
        # Exception.__reduce__ gives the text alone; __init__ needs more. The state has the rest.
        return _unpickled, (type(self), str(self.args[0])), self.__dict__


def _unpickled(cls: type[OutputError], text: str) -> OutputError:
    """Rebuild a pickled ``OutputError``."""
    return cls(text, raw="", partial=None)
