"""``MapState``: the results and the counts of a map so far. Nothing here waits."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Generic

from nbstream.errors import IncompleteResponseError
from nbstream.errors.tracebacks import TRACEBACK_END
from nbstream.many.frame import frame_of
from nbstream.many.totals import Totals
from nbstream.streams import fork
from nbstream.streams.state import OutputT

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable
    from decimal import Decimal

    from nbstream.core.message import Usage
    from nbstream.many.prompts import Prompts
    from nbstream.many.result import MapResult
    from nbstream.many.work import Work
    from nbstream.streams import Stream, progress_hook


class MapState(Generic[OutputT]):
    """The state of a map: growing while it runs, final afterwards."""

    def __init__(
        self,
        prompts: Prompts,
        *,
        model: str,
        output_type: Any,
        progress: bool,
        work: Callable[[Totals, Callable[[], None]], Work],
    ) -> None:
        self.model = model
        """The model, as ``provider/model``."""
        self._prompts, self._kind = prompts, output_type
        self._totals = Totals(len(prompts))
        self._changed = threading.Condition(threading.RLock())
        self._listeners: list[Callable[[], None]] = []
        self._work = work(self._totals, self._note)
        self._progress = progress
        self._drawing: progress_hook.Drawing | None = None
        self._started = self._finished = self._cancelled = self._retained = False
        self._interrupted = False
        self._waiting = 0
        self._task: asyncio.Task[None] | None = None
        fork.register(self)

    def after_fork(self) -> None:
        """End the map in a forked process, where nothing runs it; replace its lock."""
        self._changed = threading.Condition(threading.RLock())
        self._listeners, self._drawing = [], None
        if self._started and not self._finished:
            self._finished = True
            self._work.error = IncompleteResponseError(
                "This process was forked while the map was running, so only the parent process"
                " gets the rest.",
                remedy="Fork after the map has ended, or start it in the new process.",
            )

    @property
    def results(self) -> list[MapResult]:
        """The results so far, in the order of the prompts. Never waits."""
        return [one for one in self._work.results if one is not None]

    @property
    def outputs(self) -> list[OutputT | None]:
        """The answers so far, one for each prompt; None for one that has none."""
        return [None if one is None else one.output for one in self._work.results]

    @property
    def df(self) -> Any:
        """The results so far as a DataFrame, with a row for each prompt. Never waits.

        Of a map of a DataFrame: its rows, in its library, with the answers as columns. The fields
        of an ``output_type`` are columns; any other answer is the column ``answer``. The column
        ``error`` says why a row has no answer.

        >>> job = nbstream.map(["one"], ScriptedModel("1"))
        >>> job.wait()
        True
        >>> job.df["answer"].tolist()
        ['1']
        """
        with TRACEBACK_END:
            return frame_of(self._prompts, self._work.results, self._kind)

    @property
    def totals(self) -> Totals:
        """Counts: total, done, failed, replayed, sent, usage, cost, rate, seconds_left."""
        return self._totals

    @property
    def usage(self) -> Usage:
        """The tokens of all answers that were sent for, also of those that failed."""
        return self._totals.usage

    @property
    def cost(self) -> Decimal | None:
        """The price of these tokens in US dollars; None if that of one is not known."""
        return self._totals.cost if self._totals.is_priced else None

    @property
    def running(self) -> dict[int, Stream[Any]]:
        """The streams that run now, by the number of their prompt."""
        return dict(self._work.running)

    @property
    def batches(self) -> tuple[str, ...]:
        """The ids of the batches that it waits for at the provider, with ``batch=True``."""
        return self._work.batches

    @property
    def open_batches(self) -> int:
        """How many of them go on at the provider, also after ``stop()``; 0 after ``cancel()``."""
        return self._work.open_batches

    @property
    def error(self) -> BaseException | None:
        """What ended it early: a limit, or the first error with ``on_error="raise"``."""
        return self._work.error

    @property
    def is_started(self) -> bool:
        """Whether it was started."""
        return self._started

    @property
    def is_complete(self) -> bool:
        """Whether it has ended, early or not."""
        return self._finished

    @property
    def is_cancelled(self) -> bool:
        """Whether it was stopped or interrupted before its end."""
        return self._cancelled

    @property
    def is_read(self) -> bool:
        """Whether code waits for it now."""
        return self._waiting > 0

    @property
    def is_drawn_by_start(self) -> bool:
        """Whether ``start()`` draws it where it is called: it has not begun, and shall be drawn."""
        return self._progress and not self._started

    @property
    def is_interrupted(self) -> bool:
        """Whether an interrupt ended it."""
        return self._interrupted

    def prompt(self, index: int) -> str:
        """The prompt of that number, as text."""
        return self._prompts.text(index)

    def result(self, index: int) -> MapResult | None:
        """The result of the prompt of that number; None while it has none."""
        return self._work.results[index]

    @property
    def pause(self) -> float:
        """Seconds until the provider takes requests again, after a 429; 0 if it does."""
        return self._work.pause

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` (quick, from any thread) after each change.

        Returns the function that ends it.
        """
        with self._changed:
            self._listeners = [*self._listeners, listener]

        def stop() -> None:
            with self._changed:
                self._listeners = [one for one in self._listeners if one is not listener]

        return stop

    def _note(self) -> None:
        """Wake all who wait."""
        with self._changed:
            self._changed.notify_all()
            listeners = self._listeners
        for one in listeners:
            one()
