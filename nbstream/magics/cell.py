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
from nbstream.magics.options import parse
from nbstream.request import stream
from nbstream.streams import draw_hook

if TYPE_CHECKING:
    from nbstream.magics.options import Options
    from nbstream.streams import Stream
    from nbstream.widget.show import Drawing


class LLMCell:
    """One execution of a ``%%llm`` cell; ``begin`` sends the prompt and starts the drawing."""

    def __init__(self, line: str, cell: str) -> None:
        self._line, self._cell = line, cell
        self._shell: Any = get_ipython()
        self._name: str | None = None
        self._answer: Stream | None = None
        self._drawing: Drawing | None = None

    def begin(self) -> Drawing:
        """Send the prompt, bind the answer to its name and start to draw it.

        An interrupt is deferred until this is done: the first call imports the drawing
        code, and a half-done import could not be used later.

        Raises:
            ShellUsageError: bad options or an unusable model; shown as one line.
        """
        with defer_interrupt():
            answer = self._stream()
            from nbstream.widget.show import draw

            self._drawing = draw(answer, blocking=True)
            return self._drawing

    def interrupted(self) -> BaseException:
        """Handle the kernel's interrupt: cancel and bind the answer; return what to raise."""
        with suppress(KeyboardInterrupt):
            with defer_interrupt():
                answer = self._stream()
                answer.interrupt()
                set_last_result(answer)
            if self._drawing is not None:
                self._drawing.finish()
        return interrupt_error(self._name or "_")

    def end(self) -> Stream:
        """Return the cell's value once the end is drawn, or raise the stream's error."""
        answer = self._answer
        assert answer is not None
        failure = answer.error
        if failure is None:
            self._skip_first_display(answer)
            return answer
        set_last_result(answer)
        if isinstance(failure, NBStreamError):
            failure = without_traceback(failure, f"{failure.title}: {failure}")
        raise failure from None

    def _stream(self) -> Stream:
        """Make the stream, not started, and bind it to its name; the same object on each call."""
        if self._answer is None:
            try:
                options = parse(self._line)
                self._answer = _open_stream(options, self._cell)
            except UsageError as error:
                raise ShellUsageError(_one_line(error)) from None
            self._name = options.name
        if self._name is not None:
            self._shell.push({self._name: self._answer})
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


def _open_stream(options: Options, prompt: str) -> Stream:
    """Make the stream for a prompt and the cell's options."""
    if not prompt.strip():
        raise UsageError("%%llm: the prompt is empty.", remedy="Write it below the first line.")
    return stream(
        options.model,
        prompt.strip("\n"),
        system=options.system,
        temperature=options.temperature,
        timeout=options.timeout,
    )


def _one_line(error: UsageError) -> str:
    """The text of an error on one line."""
    return " ".join(str(error).split())
