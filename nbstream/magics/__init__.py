"""The ``%%llm`` cell magic of IPython: parses the options, asks the model and shows the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbstream.magics.transform import AWAITED, MAGIC, MagicCells

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def load(shell: InteractiveShell) -> None:
    """Register the ``%%llm`` magic with IPython."""
    from nbstream.display.host import receives_comms_while_awaiting
    from nbstream.magics.llm import llm, llm_awaited

    unload(shell)
    register = shell.magics_manager.register_function
    register(llm, magic_kind="cell", magic_name=MAGIC)
    awaits = receives_comms_while_awaiting()
    if awaits:
        register(llm_awaited, magic_kind="cell", magic_name=AWAITED)
    shell.input_transformers_post.append(MagicCells(shell, awaits=awaits))


def unload(shell: InteractiveShell) -> None:
    """Remove the ``%%llm`` magic from IPython."""
    for name in (MAGIC, AWAITED):
        shell.magics_manager.magics["cell"].pop(name, None)
    transformers = shell.input_transformers_post
    transformers[:] = [one for one in transformers if not isinstance(one, MagicCells)]
