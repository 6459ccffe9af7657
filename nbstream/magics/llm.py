"""``%%llm``: the cell is the prompt, the answer is the cell's value.

Two ways to wait for the same turn: blocking the kernel's main thread, which
works everywhere, and awaiting on it, which leaves the kernel free for other
pages and widgets. ``awaiting`` picks.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from IPython.core.magic import no_var_expand

from nbstream.magics.cell import Turn

if TYPE_CHECKING:
    from nbstream.streams import Stream


@no_var_expand
def llm(line: str, cell: str) -> Stream:
    """Ask a model and stream its answer into this cell.

        %%llm [-m MODEL] [-s SYSTEM] [-o NAME] [-t TEMPERATURE]
        the prompt, as it stands

    The finished stream is the cell's value: ``_``, ``Out[n]`` and NAME, with
    ``.text .message .usage .output .finish_reason``. Stop ends it early and the
    cell succeeds; an interrupt or a failure ends the cell, and what had come is
    bound all the same.
    """
    turn = Turn(line, cell)
    try:
        turn.begin().finish()
        return turn.end()
    except KeyboardInterrupt:
        raise turn.interrupted() from None


@no_var_expand
async def llm_awaited(line: str, cell: str) -> Stream:
    """What ``%%llm`` becomes where the kernel can do other things meanwhile."""
    turn = Turn(line, cell)
    try:
        await turn.begin().ended()
        return turn.end()
    except (asyncio.CancelledError, KeyboardInterrupt):  # ipykernel cancels a cell that awaits
        raise turn.interrupted() from None
