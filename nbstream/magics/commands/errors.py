"""``%llm explain`` and ``fix``: ask the model about the last exception."""

from __future__ import annotations

import ast
import linecache
import sys
import traceback
from typing import TYPE_CHECKING, Any

from IPython import get_ipython

from nbstream.core.redact import redact
from nbstream.errors import UsageError
from nbstream.magics.llm import llm
from nbstream.providers.key_sources import known_keys

if TYPE_CHECKING:
    from types import TracebackType

    from nbstream.streams import Stream

_MOST_LINES = 60  # of the traceback
_MOST_CODE = 20_000  # characters

_EXPLAIN = "Explain this error and how to mend it, briefly."
_FIX = (
    "Mend the code. Answer with the whole corrected code in one fenced block, and after it one"
    " sentence about what was wrong."
)


def explain() -> Stream[Any]:
    """Ask the model what the last exception means.

    Raises:
        UsageError: there was none.
    """
    return llm("--raw", _prompt(_EXPLAIN))


def fix() -> Stream[Any]:
    """Ask the model to mend the code that raised last, and put it into a new cell, not run.

    Raises:
        UsageError: there was no exception.
    """
    answer = llm("--raw", _prompt(_FIX))
    if answer.codes:
        shell: Any = get_ipython()
        shell.set_next_input(next(filter(_is_python, answer.codes), answer.codes[0]))
    return answer


def _is_python(code: str) -> bool:
    """Whether a code block can be a cell: a model may quote the error in a block too."""
    shell: Any = get_ipython()
    try:
        compile(shell.transform_cell(code), "<answer>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except (SyntaxError, ValueError):
        return False
    return True


def _prompt(task: str) -> str:
    """The task, the code of the cell that raised, and the traceback without variables' values.

    Keys that are known are left out.
    """
    error = getattr(sys, "last_value", None)
    if error is None:
        raise UsageError("There was no exception yet.", remedy="Run the cell that fails first.")
    place = _first_cell(error)
    lines = "".join(traceback.format_exception(type(error), error, place)).splitlines()
    cut = ["..."] if len(lines) > _MOST_LINES else []
    text = "\n".join([*lines[:1], *cut, *lines[-_MOST_LINES:]] if cut else lines)
    code = _code(error)
    shown = f"The code:\n\n```python\n{code}\n```\n\n" if code else ""
    return redact(f"{task}\n\n{shown}The error:\n\n```\n{text}\n```", known_keys())


def _code(error: BaseException) -> str:
    """The source of the cell in which the exception began; empty if it is not known."""
    if isinstance(error, SyntaxError) and error.filename:
        name: str | None = error.filename
    else:
        name = _cell_file(error.__traceback__)
    return "".join(linecache.getlines(name or ""))[:_MOST_CODE].rstrip()


def _first_cell(error: BaseException) -> TracebackType | None:
    """The traceback from its first cell on: without IPython's own frames, which run the cells.

    None for a cell that could not be compiled: only IPython's frames lead to that error.
    """
    found = error.__traceback__
    while found is not None and not _is_cell(found):
        found = found.tb_next
    return found or (None if isinstance(error, SyntaxError) else error.__traceback__)


def _cell_file(place: TracebackType | None) -> str | None:
    """The file name that IPython gave to the last cell in a traceback."""
    found = None
    while place is not None:
        if _is_cell(place):
            found = place.tb_frame.f_code.co_filename
        place = place.tb_next
    return found


def _is_cell(place: TracebackType) -> bool:
    """Whether this frame of a traceback is a cell's code."""
    shell: Any = get_ipython()
    name = place.tb_frame.f_code.co_filename
    cells = getattr(shell.compile, "_filename_map", {})
    return name in cells or "ipykernel_" in name or name.startswith("<ipython-input")
