"""The magics of IPython: ``%%llm`` asks a model in a cell, ``%llm`` in a line or sets things up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbstream.magics.names import AWAITED, MAGIC
from nbstream.magics.transform import MagicCells, ask_questions

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def load(shell: InteractiveShell) -> None:
    """Register the magics with IPython."""
    from nbstream.display.host import receives_comms_while_awaiting
    from nbstream.magics import completion
    from nbstream.magics.line import llm_line
    from nbstream.magics.llm import llm, llm_awaited

    unload(shell)
    register = shell.magics_manager.register_function
    register(llm, magic_kind="cell", magic_name=MAGIC)
    register(llm_line, magic_kind="line", magic_name=MAGIC)
    awaits = receives_comms_while_awaiting()
    if awaits:
        register(llm_awaited, magic_kind="cell", magic_name=AWAITED)
    shell.input_transformers_post.append(MagicCells(shell, awaits=awaits))
    shell.input_transformers_cleanup.append(ask_questions)
    completion.register(shell)


def unload(shell: InteractiveShell) -> None:
    """Remove the magics from IPython."""
    from nbstream.magics import completion

    for name in (MAGIC, AWAITED):
        shell.magics_manager.magics["cell"].pop(name, None)
        shell.magics_manager.magics["line"].pop(name, None)
    transformers = shell.input_transformers_post
    transformers[:] = [one for one in transformers if not isinstance(one, MagicCells)]
    if ask_questions in shell.input_transformers_cleanup:
        shell.input_transformers_cleanup.remove(ask_questions)
    completion.unregister(shell)
