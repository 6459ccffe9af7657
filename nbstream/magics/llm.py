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
from nbstream.magics.options import manual

if TYPE_CHECKING:
    from nbstream.streams import Stream


@no_var_expand
def llm(line: str, cell: str) -> Stream:
    """Ask a model and stream its answer into this cell."""
    running = LLMCell(line, cell)
    try:
        if drawing := running.begin():
            drawing.finish()
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
        return running.end()
    except (asyncio.CancelledError, KeyboardInterrupt):  # ipykernel cancels a cell that awaits
        raise running.interrupted() from None


_MANUAL = """Ask a model and stream its answer into this cell.

    %%llm [options]
    the prompt

The answer is the cell's value: _, Out[n], _llm and NAME, with .text .output .message .usage
.finish_reason. Stop ends it early, and the cell succeeds. An interrupt or a failure ends the cell
with an error; the partial answer is in _ in both cases.

{{ value }} in the prompt is replaced: a DataFrame by a table, an image or a figure by itself, an
earlier answer by its text, anything else by str(value). Other braces are sent as they are.

Options (a backslash at the end of the line continues them on the next):
@OPTIONS@

Examples:

    %%llm -m anthropic/claude-sonnet-4-5 -o summary
    Summarise this in three sentences: {{ text }}

    %%llm --schema "[name: str, age: int]" -o people
    Who is mentioned in this text, and how old are they? {{ text }}

    %%llm -a chart.png -a figure --thinking high
    What do these two have in common?

    %%llm --bg -o draft
    Write a long story.
"""
llm.__doc__ = _MANUAL.replace("@OPTIONS@", manual())
