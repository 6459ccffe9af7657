"""``%llm insert`` and ``stop``: a code block into a new cell, and an end of background answers."""

from __future__ import annotations

from typing import Any

from IPython import get_ipython

from nbstream.errors import UsageError
from nbstream.magics.session import last_answer, session


def insert(number: str = "1") -> None:
    """Put a code block of the last answer into a new cell below. It is not run.

    Raises:
        UsageError: there is no answer, or no such block.
    """
    shell: Any = get_ipython()
    answer = last_answer(shell.user_ns)
    if answer is None:
        raise UsageError("There is no answer yet.", remedy="Run a %%llm cell first.")
    blocks = answer.codes
    if not number.isdecimal() or not 0 < int(number) <= len(blocks):
        have = f"it has {len(blocks)}" if blocks else "it has none"
        raise UsageError(
            f"The last answer has no code block {number}: {have}.",
            remedy="Ask for code in a fenced block, or name another number.",
        )
    shell.set_next_input(blocks[int(number) - 1])


def stop() -> None:
    """Stop all answers that stream in the background."""
    count = session.stop()
    print(f"Stopped {count} answer{'' if count == 1 else 's'}.")  # noqa: T201
