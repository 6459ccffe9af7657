"""Lets ``%%llm`` be awaited where that is better than blocking.

From 7.4 on, ipykernel hears widgets while a cell awaits. A second page on the
notebook can then fetch the widget in the middle of an answer, and sliders go on
working. Older kernels hear no more while a cell awaits than while it blocks,
and cannot interrupt it as well; there the magic blocks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

MAGIC, AWAITED = "llm", "_llm_awaited"

# What IPython makes of a cell that begins with %%llm.
_BLOCKING = f"get_ipython().run_cell_magic('{MAGIC}',"
_AWAITING = f"await get_ipython().run_cell_magic('{AWAITED}',"


class AwaitCells:
    """An input transformer (IPython's ``input_transformers_post``)."""

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell

    def __call__(self, lines: list[str]) -> list[str]:
        """Put ``await`` before a cell that is a ``%%llm`` of its own.

        Not within another magic (``%%capture``): that runs its cell on the spot
        and cannot await it. A cell that runs has an execution result already.
        """
        if not lines or not lines[0].startswith(_BLOCKING):
            return lines
        nested = self._shell.displayhook.exec_result is not None
        if nested or not self._shell.autoawait:
            return lines
        return [lines[0].replace(_BLOCKING, _AWAITING, 1), *lines[1:]]
