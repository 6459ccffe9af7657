"""``GeneratorCall``: one call of a tool that is a sync generator, and that may pause."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

PAUSED = object()
"""Returned in the place of a result when the generator has more to do."""


class EndedCallError(Exception):
    """The call of a generator has ended, for its time limit or with its run."""


class GeneratorCall:
    """Runs a generator to its end, or to its next value.

    It pauses where the thread that runs it also reads the run. Otherwise that thread would see
    what the generator reports only when the generator has ended, and could never stop it.
    """

    def __init__(self, generator: Generator[Any, Any, Any], report: Callable[[Any], None]) -> None:
        self._generator = generator
        self._report = report
        self._last: Any = None

    def run(self, pauses: Callable[[], bool]) -> Any:
        """What the generator returns, else the last value that it yields; or ``PAUSED``.

        Args:
            pauses: Whether to pause after the next value.
        """
        try:
            while True:
                try:
                    self._last = next(self._generator)
                except StopIteration as end:
                    return self._last if end.value is None else end.value
                self._report(self._last)
                if pauses():
                    return PAUSED
        except BaseException:
            self._generator.close()
            raise

    def close(self) -> None:
        """Close a paused generator, on a thread: its ``finally`` may take long.

        One that runs is closed where it runs, as soon as it reports something.
        """
        threading.Thread(target=self._close, name="nbstream tool", daemon=True).start()

    def _close(self) -> None:
        with suppress(BaseException):  # ValueError: it runs
            self._generator.close()
