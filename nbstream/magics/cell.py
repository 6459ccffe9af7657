"""Executes one ``%%llm`` cell: sends the prompt, draws the answer and binds it to a variable.

The caller (``llm``) waits for the end, blocking or awaiting, and returns or raises what this gives.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from IPython import get_ipython
from IPython.core.error import UsageError as ShellUsageError

from nbstream.cassette import active_cassette
from nbstream.chat import is_whole
from nbstream.display.interrupts import (
    defer_interrupt,
    interrupt_error,
    interruptible,
    set_last_result,
    without_traceback,
)
from nbstream.errors import NBStreamError, UsageError
from nbstream.magics.config import config
from nbstream.magics.first_line import joined
from nbstream.magics.map_spending import cell_of
from nbstream.magics.names import LAST
from nbstream.magics.nearest import look_for_nearest
from nbstream.magics.option_errors import with_mark
from nbstream.magics.options import NAME
from nbstream.magics.parser import parse
from nbstream.magics.session import session
from nbstream.streams import draw_hook

if TYPE_CHECKING:
    import threading

    from nbstream.magics.prepared import PreparedCell, Values
    from nbstream.streams import Stream
    from nbstream.widget.show import Drawing


class LLMCell:
    """One execution of a ``%%llm`` cell; ``begin`` sends the prompt and starts the drawing."""

    def __init__(self, line: str, cell: str) -> None:
        self._line, self._cell = joined(line, cell)
        self._shell: Any = get_ipython()
        self._prepared: PreparedCell | None = None
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
            with interruptible():
                self._evaluate()
            with defer_interrupt():
                return self._begin()
        except UsageError as error:
            raise ShellUsageError(str(with_mark(self._line, error))) from None

    def _begin(self) -> Drawing | None:
        """``begin`` after the evaluation."""
        prepared = self._bind()
        answer = prepared.stream
        from nbstream.magics.approvals import prepare_approvals
        from nbstream.widget.show import draw, draw_in_background

        widget = not prepared.options.no_widget
        prepare_approvals(answer, background=prepared.options.background, widget=widget)
        if prepared.options.background and draw_in_background(answer):
            self._waits = False
            if prepared.turn is not None:
                prepared.turn.keep(answer, reports=True)
            return None
        self._drawing = draw(answer, blocking=True, widget=widget)
        return self._drawing

    def interrupted(self) -> BaseException:
        """Handle the kernel's interrupt: cancel and bind the answer; return what to raise."""
        if self._values is None:
            text = "KeyboardInterrupt: nothing was sent"
            return without_traceback(KeyboardInterrupt(), text)
        # Neither a second interrupt nor a refused request hides where the answer is.
        with suppress(KeyboardInterrupt, UsageError):
            with defer_interrupt():
                prepared = self._bind()
                answer = prepared.stream
                answer.interrupt()
                set_last_result(answer)
            if self._drawing is not None:
                self._drawing.finish()
            if prepared.turn is not None:
                prepared.turn.keep(answer, reports=True)
        return interrupt_error(self._values.options.name or "_")

    def waits(self) -> list[threading.Event]:
        """Begin what comes after the answer; returns what to wait for before ``end``.

        A whole answer's turn of the chat is kept, and the names that a wrong model's is near are
        looked for.
        """
        prepared = self._prepared
        if prepared is None or not self._waits:
            return []
        answer, found = prepared.stream, []
        if prepared.turn is not None:
            whole = is_whole(answer)
            prepared.turn.keep(answer, reports=not whole)
            found = [prepared.turn.settled] if whole else []
        nearest = look_for_nearest(answer.error, answer.model)
        return [*found, nearest] if nearest else found

    def end(self) -> Stream:
        """Return the cell's value once the end is drawn, or raise the stream's error."""
        prepared = self._prepared
        assert prepared is not None
        answer = prepared.stream
        failure = (self._failure(answer) or self._unkept(prepared)) if self._waits else None
        if failure is None:
            self._skip_first_display(answer)
            return answer
        set_last_result(answer)
        if isinstance(failure, NBStreamError):
            failure = without_traceback(failure, f"{failure.title}: {failure}")
        raise failure from None

    def _unkept(self, prepared: PreparedCell) -> UsageError | None:
        """Why the turn of the chat could not be kept, if so."""
        error = prepared.turn.error if prepared.turn and is_whole(prepared.stream) else None
        if error is None:
            return None
        text = f"The answer is in _, but it is no turn of the chat. {error.text}"
        return UsageError(text, remedy=error.remedy)

    def _failure(self, answer: Stream) -> BaseException | None:
        """Why the cell fails: the stream's error, or that a whole answer is not of its type."""
        if answer.error is not None or answer.finish_reason == "cancelled":
            return answer.error
        assert self._prepared is not None
        if self._prepared.options.schema is not None:
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
        from nbstream.magics.prepared import Values

        self._values = Values.evaluated(options, self._cell, self._shell.user_ns)

    def _bind(self) -> PreparedCell:
        """Make the stream, not started, and bind it to its names; the same one on each call."""
        from nbstream.magics.prepared import PreparedCell

        assert self._values is not None
        if self._prepared is None:
            cassette = active_cassette()
            if cassette is None or cassette.mode != "none":  # what is only replayed costs nothing
                session.spending.check(config.get("budget")[0])
            self._prepared = PreparedCell.made(self._values)
            asker = cell_of(self._shell, self._cell.strip()[:200])
            session.spending.began(asker, self._prepared.stream, self._prepared.most)
        answer, name = self._prepared.stream, self._values.options.name
        self._shell.push({LAST: answer}, interactive=False)  # %who does not list it
        if name is not None:
            self._shell.push({name: answer})
        return self._prepared

    def _skip_first_display(self, answer: Stream) -> None:
        """Keep IPython from drawing the cell's value again: the cell shows it already.

        A later cell that displays the answer draws it.
        """
        draw_hook.skip_next(answer)

        def after_cell(*_: object) -> None:
            draw_hook.unskip(answer)
            self._shell.events.unregister("post_execute", after_cell)

        self._shell.events.register("post_execute", after_cell)
