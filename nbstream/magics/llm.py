"""The ``%%llm`` magic functions: the cell's text is the prompt, and the answer is its value.

The magic waits in one of two ways: it blocks the kernel's main thread, which works
everywhere, or it awaits, so that the kernel can serve other widgets meanwhile.
``transform`` chooses.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from IPython.core.magic import no_var_expand

from nbstream.magics.cell import LLMCell

if TYPE_CHECKING:
    from nbstream.streams import Stream


@no_var_expand
def llm(line: str, cell: str) -> Stream:
    """Ask a model and stream its answer into this cell.

        %%llm [-m MODEL] [-s SYSTEM] [-o NAME] [-t TEMPERATURE] [--timeout SECONDS]
        the prompt, sent unchanged

    The finished stream is the cell's value: ``_``, ``Out[n]`` and NAME, with
    ``.text .message .usage .output .finish_reason``. Stop ends the answer early and
    the cell succeeds. An interrupt or a failure ends the cell with an error; the
    partial answer is bound in both cases.
    """
    running = LLMCell(line, cell)
    try:
        running.begin().finish()
        return running.end()
    except KeyboardInterrupt:
        raise running.interrupted() from None


@no_var_expand
async def llm_awaited(line: str, cell: str) -> Stream:
    """``%%llm`` as a coroutine, for a cell that awaits instead of blocking."""
    running = LLMCell(line, cell)
    try:
        await running.begin().finish_async()
        return running.end()
    except (asyncio.CancelledError, KeyboardInterrupt):  # ipykernel cancels a cell that awaits
        raise running.interrupted() from None
