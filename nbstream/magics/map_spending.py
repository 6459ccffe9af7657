"""``MapAccounts``: what maps of the session's cells spend counts as what ``%%llm`` cells spend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.display.host import running_cell
from nbstream.magics.config import config
from nbstream.magics.session import session
from nbstream.magics.spending import Asker

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


class MapAccounts:
    """See ``streams.spending_hook``."""

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell

    def began(self, job: Any) -> None:
        """Remember a map that starts now."""
        session.spending.map_began(cell_of(self._shell, f"{len(job):,} prompts, by map()"), job)

    def check(self) -> None:
        """Check before one of its requests.

        Raises:
            UsageLimitError: the session's budget is spent.
        """
        session.spending.check_step(config.get("budget")[0])


def cell_of(shell: InteractiveShell, prompt: str) -> Asker:
    """The cell that runs, for the list of what was spent."""
    # The shell's own count may be the next cell's already.
    result = shell.displayhook.exec_result
    number = int(getattr(result, "execution_count", None) or shell.execution_count)
    return Asker(running_cell().id or f"number {number}", number, prompt)
