"""One turn of ``%%llm``: begun, drawn, bound, and ended well or not.

Knows IPython's namespaces and how a cell fails. Refuses to know how one waits
for the end: a cell may block on it or await it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from IPython import get_ipython
from IPython.core.error import UsageError as ShellUsageError

from nbstream.errors import NBStreamError, UsageError
from nbstream.magics.line import parse
from nbstream.streams import display, stream

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbstream.magics.line import Asked
    from nbstream.streams import Stream


class Turn:
    """A question that was sent and whose answer is being drawn.

    Raises:
        ShellUsageError: what was asked for cannot be done; one line, no traceback.
    """

    def __init__(self, line: str, cell: str) -> None:
        from nbstream.widget.show import draw

        shell = get_ipython()
        assert shell is not None
        try:
            asked = parse(line)
            self.answer = _ask(asked, cell)
        except UsageError as error:
            raise ShellUsageError(_one_line(error)) from None
        self._shell, self._name = shell, asked.name
        if asked.name is not None:
            shell.push({asked.name: self.answer}, interactive=False)
        self.drawing = draw(self.answer, blocking=True)

    def interrupted(self) -> BaseException:
        """The kernel was interrupted: end the answer, bind it, and give what to raise."""
        self.answer.interrupt()
        self._shell.displayhook.update_user_ns(self.answer)
        self.drawing.finish()
        # A traceback would lead through our waiting.
        text = f"KeyboardInterrupt: the answer so far is in {self._name or '_'}"
        return _short(KeyboardInterrupt(), text)

    def end(self) -> Stream:
        """The end was drawn: give the cell's value, or raise what went wrong."""
        failure = self.answer.error
        if failure is None:
            self._be_silent_once()
            return self.answer
        self._shell.displayhook.update_user_ns(self.answer)
        if isinstance(failure, NBStreamError):
            failure = _short(failure, f"{failure.title}: {failure}")
        raise failure from None

    def _be_silent_once(self) -> None:
        """The cell's own value stands in the cell already; every later time it is drawn."""
        display.silence(self.answer)

        def after_cell(*_: object) -> None:
            display.unsilence(self.answer)
            self._shell.events.unregister("post_run_cell", after_cell)

        self._shell.events.register("post_run_cell", after_cell)


def _ask(asked: Asked, prompt: str) -> Stream:
    if not prompt.strip():
        raise UsageError("%%llm: the prompt is empty.", remedy="Write it below the first line.")
    params: dict[str, Any] = {} if asked.temperature is None else {"temperature": asked.temperature}
    return stream(asked.model, prompt.strip("\n"), system=asked.system, **params)


def _short(error: BaseException, text: str) -> BaseException:
    """``error``, shown as ``text`` instead of as a traceback (an IPython hook)."""
    render: Callable[[], list[str]] = text.splitlines
    error._render_traceback_ = render  # type: ignore[attr-defined]
    return error


def _one_line(error: UsageError) -> str:
    return " ".join(str(error).split())
