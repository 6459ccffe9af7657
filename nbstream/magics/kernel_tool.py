"""``-T kernel``: a tool that runs Python in this kernel, after the user's approval of each cell.

What the code prints, displays and raises appears in the cell, as that of any code does, and goes
to the model: text, pictures, and the last lines of an error. Pictures appear in the call's card.
"""

from __future__ import annotations

import threading
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

from IPython import get_ipython
from pydantic import Field

from nbstream.agent import tool
from nbstream.agent.results import ResultError
from nbstream.core.headless import current_kernel
from nbstream.core.message import FilePart, TextPart
from nbstream.magics.kernel_output import Recording, recorded
from nbstream.values import describe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbstream.agent import FunctionTool

Code = Annotated[
    str,
    Field(
        description="Python source. IPython's magics work too.",
        json_schema_extra={"contentMediaType": "text/x-python"},
    ),
]
Content = list[TextPart | FilePart] | str
_FRAMES = 3  # of a traceback, for the model


def kernel_tool() -> FunctionTool:
    """The tool; it remembers the cell that runs now, whose output it writes to."""
    shell: Any = get_ipython()
    kernel = current_kernel()
    parent = kernel.get_parent() if kernel is not None else None

    @tool(requires_approval=True, sequential=True)
    def run_python(code: Code) -> Any:
        """Run Python code in the user's notebook, with its variables.

        Variables stay for later calls and for the user. The value of the last line, what is
        printed, figures and errors are returned. The user sees the code first, and may change
        or refuse it.
        """
        if threading.current_thread() is not threading.main_thread():
            return _run_later(shell, code, parent)
        return _run_async(shell, code) if _awaits(shell, code) else _run(shell, code)

    return run_python


async def _run_later(shell: Any, code: str, parent: Any) -> Any:
    """Run the code on the kernel's loop: its cell has ended."""
    with _output_to(shell, parent):
        return await _run_async(shell, code) if _awaits(shell, code) else _run(shell, code)


def _awaits(shell: Any, code: str) -> bool:
    """Whether the code awaits at its top level, as a cell may."""
    try:
        transformed = shell.transform_cell(code)
    except Exception:  # noqa: BLE001 - running it says what is wrong
        return False
    return bool(shell.should_run_async(code, transformed_cell=transformed))


def _run(shell: Any, code: str) -> Content:
    """Run the code as a cell without a number, and return what it shows."""
    with recorded(shell) as found:
        result = shell.run_cell(code, store_history=False)
    return _content(result, found)


async def _run_async(shell: Any, code: str) -> Content:
    """``_run`` for code that awaits: the kernel's loop runs already."""
    with recorded(shell) as found:
        try:
            result = await shell.run_cell_async(
                code, store_history=False, transformed_cell=shell.transform_cell(code)
            )
        finally:
            shell.events.trigger("post_execute")  # shows figures; ``run_cell`` does it itself
    return _content(result, found)


def _content(result: Any, found: Recording) -> Content:
    """What the model gets of a cell that has ended.

    Raises:
        ResultError: the code raised.
        KeyboardInterrupt: the user interrupted it.
    """
    error = result.error_before_exec or result.error_in_exec
    if isinstance(error, KeyboardInterrupt):
        found.release()
        raise error
    if error is not None:
        found.parts.append(TextPart(_told(error)))
        raise ResultError(found.joined())
    if found.value is not None and not found.has_value:
        found.parts += describe(found.value)
    return found.joined() or "The code ran, and showed nothing."


@contextmanager
def _output_to(shell: Any, parent: Any) -> Iterator[None]:
    """Let output belong to an earlier cell."""
    if not parent or not hasattr(shell, "set_parent"):
        yield
        return
    before = shell.get_parent()
    shell.set_parent(parent)
    try:
        yield
    finally:
        shell.set_parent(before)


def _told(error: BaseException) -> str:
    """The last frames of an error, and its words."""
    frames = [
        one for one in traceback.extract_tb(error.__traceback__) if "IPython" not in one.filename
    ]
    rows = [f"  line {one.lineno}, in {one.name}: {one.line or ''}\n" for one in frames[-_FRAMES:]]
    return "".join([*rows, *traceback.format_exception_only(error)])
