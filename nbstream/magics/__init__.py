"""The magics of IPython: ``%%llm`` asks a model in a cell, ``%llm`` in a line or sets things up."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def load(shell: InteractiveShell) -> None:
    """Register the magics with IPython. Loading twice is the same as once.

    Where another extension has a ``%%llm``, that one is put aside with a warning until
    ``unload``. ``%%nbstream`` is the same magic under a name of its own.
    """
    from nbstream.display.host import receives_comms_while_awaiting
    from nbstream.magics import completion, registration
    from nbstream.magics.map_spending import MapAccounts
    from nbstream.magics.transform import MagicCells, ask_questions
    from nbstream.streams.spending_hook import set_accounts

    unload(shell)
    set_accounts(MapAccounts(shell))
    awaits = receives_comms_while_awaiting()
    registration.register(shell, awaits=awaits)
    shell.input_transformers_post.append(MagicCells(shell, awaits=awaits))
    shell.input_transformers_cleanup.append(ask_questions)
    completion.register(shell)


def unload(shell: InteractiveShell) -> None:
    """Remove the magics from IPython, and bring back what was there before."""
    from nbstream.magics import completion, registration
    from nbstream.magics.transform import MagicCells, ask_questions
    from nbstream.streams.spending_hook import set_accounts

    set_accounts(None)
    registration.unregister(shell)
    transformers = shell.input_transformers_post
    transformers[:] = [one for one in transformers if not isinstance(one, MagicCells)]
    if ask_questions in shell.input_transformers_cleanup:
        shell.input_transformers_cleanup.remove(ask_questions)
    completion.unregister(shell)
