"""One turn of ``%%llm``: begun, drawn, bound, and ended well or not.

Knows IPython's namespaces and how a cell fails. Refuses to know how one waits
for the end: a cell may block on it or await it.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from IPython import get_ipython
from IPython.core.error import UsageError as ShellUsageError

from nbstream.display.interrupts import bind, held, interrupted, short
from nbstream.errors import NBStreamError, UsageError
from nbstream.magics.options import parse
from nbstream.request import stream
from nbstream.streams import draw_hook

if TYPE_CHECKING:
    from nbstream.magics.options import Asked
    from nbstream.streams import Stream
    from nbstream.widget.show import Drawing


class Turn:
    """A question; once ``begin`` has sent it, its answer is being drawn."""

    def __init__(self, line: str, cell: str) -> None:
        self._line, self._cell = line, cell
        self._shell: Any = get_ipython()
        self._name: str | None = None
        self._answer: Stream | None = None
        self._drawing: Drawing | None = None

    def begin(self) -> Drawing:
        """Ask, bind the answer to its name and begin to draw it.

        An interrupt waits until all that is done: the first time what draws is
        imported here, and nobody could use the half of it.

        Raises:
            ShellUsageError: what was asked for cannot be done; one line, no traceback.
        """
        with held():
            answer = self._ask()
            from nbstream.widget.show import draw

            self._drawing = draw(answer, blocking=True)
            return self._drawing

    def interrupted(self) -> BaseException:
        """The kernel was interrupted: end the answer, bind it, and give what to raise."""
        with suppress(KeyboardInterrupt):
            with held():
                answer = self._ask()
                answer.interrupt()
                bind(answer)
            if self._drawing is not None:
                self._drawing.finish()
        return interrupted(self._name or "_")

    def end(self) -> Stream:
        """The end was drawn: give the cell's value, or raise what went wrong."""
        answer = self._answer
        assert answer is not None
        failure = answer.error
        if failure is None:
            self._be_silent_once(answer)
            return answer
        bind(answer)
        if isinstance(failure, NBStreamError):
            failure = short(failure, f"{failure.title}: {failure}")
        raise failure from None

    def _ask(self) -> Stream:
        """The answer, not begun, and bound to its name; the same each time."""
        if self._answer is None:
            try:
                asked = parse(self._line)
                self._answer = _stream(asked, self._cell)
            except UsageError as error:
                raise ShellUsageError(_one_line(error)) from None
            self._name = asked.name
        if self._name is not None:
            self._shell.push({self._name: self._answer}, interactive=False)
        return self._answer

    def _be_silent_once(self, answer: Stream) -> None:
        """The cell's own value stands in the cell already; every later time it is drawn."""
        draw_hook.skip_next(answer)

        def after_cell(*_: object) -> None:
            draw_hook.unskip(answer)
            self._shell.events.unregister("post_run_cell", after_cell)

        self._shell.events.register("post_run_cell", after_cell)


def _stream(asked: Asked, prompt: str) -> Stream:
    if not prompt.strip():
        raise UsageError("%%llm: the prompt is empty.", remedy="Write it below the first line.")
    params: dict[str, Any] = {} if asked.temperature is None else {"temperature": asked.temperature}
    return stream(asked.model, prompt.strip("\n"), system=asked.system, **params)


def _one_line(error: UsageError) -> str:
    return " ".join(str(error).split())
