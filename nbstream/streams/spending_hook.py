"""Tells the session's accounts what a map spends, and asks them before each of its requests.

``%load_ext`` sets them. Without them nothing is counted, and there is no budget of the session.
"""

from __future__ import annotations

from typing import Any, Protocol


class Accounts(Protocol):
    """Counts what is spent in a session."""

    def began(self, job: Any) -> None:
        """Count what a map spends that starts now, in the cell that runs."""
        ...

    def check(self) -> None:
        """Check before a request, on any thread.

        Raises:
            UsageLimitError: the session's budget is spent.
        """
        ...


_accounts: Accounts | None = None


def set_accounts(accounts: Accounts | None) -> None:
    """Set the session's accounts; None if it has none any more."""
    global _accounts  # noqa: PLW0603 - one session a process
    _accounts = accounts


def began(job: Any) -> None:
    """Count what a map spends that starts now."""
    if _accounts is not None:
        _accounts.began(job)


def check() -> None:
    """Raise before a request if the session's budget is spent."""
    if _accounts is not None:
        _accounts.check()
