"""What becomes of a cell that begins with ``%%llm``, before it runs.

It is awaited where that is better than blocking.

From 7.4 on, ipykernel hears widgets while a cell awaits. A second page on the
notebook can then fetch the widget in the middle of an answer, and sliders go on
working. Older kernels hear no more while a cell awaits than while it blocks,
and cannot interrupt it as well; there the magic blocks. (What 7.4 itself gets wrong
is had as well: a cell that awaits, of whatever kind, and is interrupted within its
last moments now and then never gets its reply.)

And a cell that is nothing but its first line is given an empty prompt. IPython
would refuse it, without a word on how it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

MAGIC, AWAITED = "llm", "_llm_awaited"

# What IPython makes of a cell that begins with %%llm.
_BLOCKING = f"get_ipython().run_cell_magic('{MAGIC}',"
_AWAITING = f"await get_ipython().run_cell_magic('{AWAITED}',"
_NO_BODY, _EMPTY_BODY = ", '')\n", ", '\\n')\n"


class MagicCells:
    """An input transformer (IPython's ``input_transformers_post``)."""

    def __init__(self, shell: InteractiveShell, *, awaits: bool) -> None:
        self._shell = shell
        self._awaits = awaits

    def __call__(self, lines: list[str]) -> list[str]:
        """The cell as it is to run."""
        if not lines or not lines[0].startswith(_BLOCKING):
            return lines
        call = lines[0]
        if call.endswith(_NO_BODY):
            call = call.removesuffix(_NO_BODY) + _EMPTY_BODY
        if self._may_await():
            call = call.replace(_BLOCKING, _AWAITING, 1)
        return [call, *lines[1:]]

    def _may_await(self) -> bool:
        # Not within another magic (``%%capture``): that runs its cell on the spot
        # and cannot await it. A cell that runs has an execution result already.
        nested = self._shell.displayhook.exec_result is not None
        return self._awaits and self._shell.autoawait and not nested
