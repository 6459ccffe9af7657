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

_WAKE = 0.01  # seconds


@no_var_expand
def llm(line: str, cell: str) -> Stream:
    """Ask a model and stream its answer into this cell."""
    running = LLMCell(line, cell)
    try:
        if drawing := running.begin():
            drawing.finish()
        for event in running.waits():
            event.wait()
        return running.end()
    except KeyboardInterrupt:
        raise running.interrupted() from None


@no_var_expand
async def llm_awaited(line: str, cell: str) -> Stream:
    """``%%llm`` as a coroutine, for a cell that awaits instead of blocking."""
    running = LLMCell(line, cell)
    try:
        if drawing := running.begin():
            await drawing.finish_async()
        for event in running.waits():
            while not event.is_set():  # noqa: ASYNC110 - the loop wakes and sees an interrupt
                await asyncio.sleep(_WAKE)
        return running.end()
    except (asyncio.CancelledError, KeyboardInterrupt):  # ipykernel cancels a cell that awaits
        raise running.interrupted() from None
