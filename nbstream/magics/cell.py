"""Executes one ``%%llm`` cell: sends the prompt, draws the answer and binds it to a variable.

The caller (``llm``) waits for the end, blocking or awaiting, and returns or raises what this gives.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from IPython import get_ipython
from IPython.core.error import UsageError as ShellUsageError

from nbstream.display.interrupts import (
    defer_interrupt,
    interrupt_error,
    set_last_result,
    without_traceback,
)
from nbstream.errors import NBStreamError, UsageError
from nbstream.magics.first_line import joined
from nbstream.magics.names import LAST
from nbstream.magics.nearest import add_nearest
from nbstream.magics.options import NAME, parse
from nbstream.magics.session import session
from nbstream.streams import draw_hook

if TYPE_CHECKING:
    from nbstream.magics.request import Request, Values
    from nbstream.streams import Stream
    from nbstream.widget.show import Drawing


class LLMCell:
    """One execution of a ``%%llm`` cell; ``begin`` sends the prompt and starts the drawing."""

    def __init__(self, line: str, cell: str) -> None:
        self._line, self._cell = joined(line, cell)
        self._shell: Any = get_ipython()
        self._request: Request | None = None
        self._values: Values | None = None
        self._drawing: Drawing | None = None
        self._waits = True

    def begin(self) -> Drawing | None:
        """Send the prompt, bind the answer to its name and start to draw it.

        Returns what to wait for; None if the answer goes on in the background.

        Values in the prompt are evaluated first, which can be interrupted. After that an
        interrupt is deferred: the first call imports the drawing code, and a half-done
        import could not be used later.

        Raises:
            ShellUsageError: bad options, a bad value in the prompt, or an unusable model.
        """
        try:
            self._evaluate()
            with defer_interrupt():
                return self._begin()
        except UsageError as error:
            raise ShellUsageError(str(error)) from None

    def _begin(self) -> Drawing | None:
        """``begin`` after the evaluation."""
        request = self._bind()
        answer = request.stream
        from nbstream.widget.show import draw, draw_in_background

        if request.options.background and draw_in_background(answer):
            self._waits = False
            if request.turn is not None:
                request.turn.keep_later(answer)
            return None
        self._drawing = draw(answer, blocking=True, widget=not request.options.no_widget)
        return self._drawing

    def interrupted(self) -> BaseException:
        """Handle the kernel's interrupt: cancel and bind the answer; return what to raise."""
        if self._values is None:
            text = "KeyboardInterrupt: nothing was sent"
            return without_traceback(KeyboardInterrupt(), text)
        with suppress(KeyboardInterrupt):
            with defer_interrupt():
                request = self._bind()
                answer = request.stream
                answer.interrupt()
                set_last_result(answer)
            if self._drawing is not None:
                self._drawing.finish()
            if request.turn is not None:
                answer.wait()
                request.turn.keep(answer)
        return interrupt_error(self._values.options.name or "_")

    def end(self) -> Stream:
        """Return the cell's value once the end is drawn, or raise the stream's error."""
        request = self._request
        assert request is not None
        answer = request.stream
        if self._waits and request.turn is not None:
            request.turn.keep(answer)
        failure = self._failure(answer) if self._waits else None
        if failure is None:
            self._skip_first_display(answer)
            return answer
        set_last_result(answer)
        if isinstance(failure, NBStreamError):
            add_nearest(failure, answer.model)
            failure = without_traceback(failure, f"{failure.title}: {failure}")
        raise failure from None

    def _failure(self, answer: Stream) -> BaseException | None:
        """Why the cell fails: the stream's error, or that a whole answer is not of its type."""
        if answer.error is not None or answer.finish_reason == "cancelled":
            return answer.error
        assert self._request is not None
        if self._request.options.schema is not None:
            try:
                answer.get_output()
            except NBStreamError as error:
                return error
        return None

    def _evaluate(self) -> None:
        """Parse the cell, and evaluate the values in it."""
        options = parse(self._line)
        if not self._cell.strip():
            raise UsageError(f"{NAME}: the prompt is empty.", remedy="Write it below the options.")
        from nbstream.magics.request import Values

        self._values = Values.evaluated(options, self._cell, self._shell.user_ns)

    def _bind(self) -> Request:
        """Make the stream, not started, and bind it to its names; the same one on each call."""
        from nbstream.magics.request import Request

        assert self._values is not None
        if self._request is None:
            self._request = Request.made(self._values, self._shell.user_ns)
            session.began(self._request.stream)
        answer, name = self._request.stream, self._values.options.name
        self._shell.push({LAST: answer}, interactive=False)  # %who does not list it
        if name is not None:
            self._shell.push({name: answer})
        return self._request

    def _skip_first_display(self, answer: Stream) -> None:
        """Keep IPython from drawing the cell's value again: the cell shows it already.

        A later cell that displays the answer draws it.
        """
        draw_hook.skip_next(answer)

        def after_cell(*_: object) -> None:
            draw_hook.unskip(answer)
            self._shell.events.unregister("post_execute", after_cell)

        self._shell.events.register("post_execute", after_cell)
