"""``TerminalProgress``: one line in a terminal that is drawn again while the map runs."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

from nbstream.display.sanitize import printable
from nbstream.progress import words

if TYPE_CHECKING:
    from nbstream.many import PromptMap

_WIDTH = 24  # characters of the bar
_CLEAR = "\r\x1b[2K"
_INTERVAL = 0.1  # seconds


class TerminalProgress:
    """Draws a map on standard error, so that what the program prints stays clean."""

    is_painted = True

    def __init__(self, job: PromptMap[Any]) -> None:
        self._job = job
        self._next = 0.0
        self._ended = False

    def paint(self) -> None:
        """Draw the present state over the last one."""
        now = time.monotonic()
        if not self._ended and now >= self._next:
            self._next = now + _INTERVAL
            self._write(f"{_CLEAR}{self._line()}")

    def finish(self) -> None:
        """Draw the end, once."""
        if not self._ended:
            self._ended = True
            self._write(f"{_CLEAR}{self._line()}\n")

    def _line(self) -> str:
        now = self._job.totals
        filled = round(_WIDTH * now.ended / max(1, now.total))
        bar = "█" * filled + "░" * (_WIDTH - filled)
        line = f"{bar} {' · '.join(words.facts(self._job))}"
        width = _columns()
        return line if len(line) < width else f"{line[: width - 2]}…"

    def _write(self, text: str) -> None:
        # Not ``printable`` over the whole text: that would name the escape characters.
        head = _CLEAR if text.startswith(_CLEAR) else ""
        end = "\n" if text.endswith("\n") else ""
        shown = printable(text.removeprefix(head).removesuffix(end), sys.stderr.encoding)
        sys.stderr.write(f"{head}{shown}{end}")
        sys.stderr.flush()


def _columns() -> int:
    import shutil

    return shutil.get_terminal_size().columns
