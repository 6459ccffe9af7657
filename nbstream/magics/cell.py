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
    from nbstream.magics.request import Request
    from nbstream.streams import Stream
    from nbstream.widget.show import Drawing


class LLMCell:
    """One execution of a ``%%llm`` cell; ``begin`` sends the prompt and starts the drawing."""

    def __init__(self, line: str, cell: str) -> None:
        self._line, self._cell = joined(line, cell)
        self._shell: Any = get_ipython()
        self._request: Request | None = None
        self._answer: Stream | None = None
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
            request = self._prepare()
        except UsageError as error:
            raise ShellUsageError(str(error)) from None
        with defer_interrupt():
            answer = self._bind(request)
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
        request = self._request
        if request is None:
            text = "KeyboardInterrupt: nothing was sent"
            return without_traceback(KeyboardInterrupt(), text)
        with suppress(KeyboardInterrupt):
            with defer_interrupt():
                answer = self._bind(request)
                answer.interrupt()
                set_last_result(answer)
            if self._drawing is not None:
                self._drawing.finish()
            if request.turn is not None:
                answer.wait()
                request.turn.keep(answer)
        return interrupt_error(request.options.name or "_")

    def end(self) -> Stream:
        """Return the cell's value once the end is drawn, or raise the stream's error."""
        answer, request = self._answer, self._request
        assert answer is not None
        assert request is not None
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

    def _prepare(self) -> Request:
        """The parsed cell, with the values of the prompt."""
        options = parse(self._line)
        if not self._cell.strip():
            raise UsageError(f"{NAME}: the prompt is empty.", remedy="Write it below the options.")
        from nbstream.magics.request import Request

        self._request = Request.made(options, self._cell, self._shell.user_ns)
        return self._request

    def _bind(self, request: Request) -> Stream:
        """Make the stream, not started, and bind it to its names; the same object on each call."""
        if self._answer is None:
            self._answer = request.stream
            session.began(self._answer)
        self._shell.push({LAST: self._answer}, interactive=False)  # %who does not list it
        if request.options.name is not None:
            self._shell.push({request.options.name: self._answer})
        return self._answer

    def _skip_first_display(self, answer: Stream) -> None:
        """Keep IPython from drawing the cell's value again: the cell shows it already.

        A later cell that displays the answer draws it.
        """
        draw_hook.skip_next(answer)

        def after_cell(*_: object) -> None:
            draw_hook.unskip(answer)
            self._shell.events.unregister("post_execute", after_cell)

        self._shell.events.register("post_execute", after_cell)
