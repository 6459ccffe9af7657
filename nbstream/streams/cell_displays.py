"""Shows what a function displays on a thread of its own in the cell that made the run.

ipykernel 7 does so by the thread's context. ipykernel 6 has one current cell for all threads, which
may be a later one; only what is printed goes to the right cell there.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


class Cell:
    """The cell that runs when this is made, as far as ipykernel 6 has to be told of it."""

    def __init__(self) -> None:
        get_ipython = getattr(sys.modules.get("IPython"), "get_ipython", None)
        publisher: Any = getattr(get_ipython(), "display_pub", None) if get_ipython else None
        by_context = hasattr(publisher, "_parent_header")  # ipykernel 7
        known = hasattr(publisher, "register_hook") and not by_context
        self._publisher = publisher if known else None
        self._header = dict(publisher.parent_header) if known else {}

    @contextmanager
    def shows(self) -> Iterator[None]:
        """Let the cell show what this thread displays inside ``with``."""
        publisher = self._publisher
        if publisher is None:
            yield
            return

        def to_cell(message: dict[str, Any]) -> dict[str, Any]:
            return {**message, "parent_header": self._header}

        publisher.register_hook(to_cell)
        try:
            yield
        finally:
            publisher.unregister_hook(to_cell)
