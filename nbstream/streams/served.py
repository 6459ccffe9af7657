"""``frames()``: the events of a stream as bytes for HTTP, numbered, so that a watcher can resume.

A run that is served keeps all its events as JSON: its log forgets them. They are shared by all
watchers, and freed with the stream.
"""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING, Any, Literal

from nbstream.core.codec import event_to_dict
from nbstream.core.rows import row_to_json
from nbstream.errors import NBStreamError
from nbstream.errors.saved import error_to_dict
from nbstream.streams.async_wait import wait_until
from nbstream.streams.iterator import StreamIterator
from nbstream.streams.loop import submit
from nbstream.streams.views import all_events

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from concurrent.futures import Future

    from nbstream.streams.run import Run

KEEP_ALIVE = 15.0
"""Seconds of silence after which a sign of life is sent: proxies close what is silent."""

_NUMBER = re.compile("[0-9]{1,15}")

_RETRY = b"retry: 1000\n\n"
"""Asks a browser's EventSource to come again after a second."""

END = "end"
"""The kind of the last row, which says that nothing follows."""


class Served:
    """The rows of one run: JSON texts, each with its number from 1."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self.token = secrets.token_hex(4)
        """Tells this run's numbers from those of another run at the same address."""
        self.rows: list[tuple[str, str]] = []
        """The kind and the JSON of each event."""
        self.done = False
        self._collecting: Future[None] | None = None

    def start(self) -> None:
        """Begin to collect the events, which starts the run; without effect the second time."""
        if self._collecting is None:
            events = StreamIterator(self._run, all_events).open()
            self._collecting = submit(self._collect(events))

    async def _collect(self, events: StreamIterator[Any]) -> None:
        error: Exception | None = None
        try:
            async for event in events:
                self._add(event_to_dict(event))
                self._run.log.wake()
        except Exception as failure:  # noqa: BLE001 - the watchers get it
            error = failure
        self._add(end_row(error))
        self.done = True
        self._run.log.wake()

    def _add(self, row: dict[str, Any]) -> None:
        number = f"{self.token}:{len(self.rows) + 1}"
        self.rows.append((row["kind"], row_to_json({"event_id": number, **row})))

    def place_of(self, last_event_id: str | None) -> int:
        """How many rows a watcher has whose last one is this; 0 if it is not of this run."""
        token, _, number = (last_event_id or "").strip().partition(":")
        if token != self.token or not _NUMBER.fullmatch(number):
            return 0
        return min(int(number), len(self.rows))

    async def after(self, place: int) -> AsyncGenerator[list[tuple[int, str, str]], None]:
        """The rows after the first ``place``, all that are there; empty for a sign of life."""
        while True:
            done = self.done  # before the rows are read: none is added after it
            if place < len(self.rows):
                found = self.rows[place:]
                yield [(place + at, *row) for at, row in enumerate(found, 1)]
                place += len(found)
            elif done:
                return
            else:
                here = place

                def more(here: int = here) -> bool:
                    return self.done or len(self.rows) > here

                if not await wait_until(self._run.log, more, KEEP_ALIVE):
                    yield []


def served(run: Run) -> Served:
    """The rows of a run; made at the first call."""
    if run.served is None:
        run.served = Served(run)
    return run.served


async def frames(
    run: Run, form: Literal["sse", "ndjson"], last_event_id: str | None
) -> AsyncGenerator[bytes, None]:
    """The run as server-sent events, or as JSON lines."""
    rows = served(run)
    rows.start()
    if form == "sse":
        yield _RETRY
    async for batch in rows.after(rows.place_of(last_event_id)):
        if not batch:
            yield b":\n\n" if form == "sse" else b"\n"
        elif form == "sse":
            yield "".join(
                f"id: {rows.token}:{number}\nevent: {kind}\ndata: {row}\n\n"
                for number, kind, row in batch
            ).encode()
        else:
            yield "".join(f"{row}\n" for _, _, row in batch).encode()


def end_row(error: BaseException | None) -> dict[str, Any]:
    """The last row, with the error that ended the run early for a watcher elsewhere.

    What is not nbstream's own may hold secrets.
    """
    if error is None:
        return {"kind": END}
    if not isinstance(error, NBStreamError):
        held = {"class": "StreamError", "text": "The stream failed where it is made."}
        return {"kind": END, "error": held}
    return {"kind": END, "error": error_to_dict(error)}
