"""``from_redis()``: watches a stream that another process publishes with ``to_redis()``."""

from __future__ import annotations

import asyncio
import re
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from nbstream.core.codec import event_from_dict
from nbstream.core.events import StreamStart
from nbstream.core.redact import hide_address
from nbstream.core.rows import row_from_json
from nbstream.errors import (
    ConnectionFailedError,
    IncompleteResponseError,
    ProtocolError,
    StreamError,
)
from nbstream.errors.saved import error_from_dict
from nbstream.redis_streams.connection import BLOCK, Place, own_errors, place
from nbstream.streams.http_exchange import Exchange
from nbstream.streams.run import Run
from nbstream.streams.served import END
from nbstream.streams.stream import Stream

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from nbstream.core.events import Event

_MOST_ROWS = 500  # in one answer of Redis
_GAPS = 3  # how often a snapshot may replace the first rows between two requests
_SECONDS = re.compile(r"[0-9]{1,15}(\.[0-9]{1,20})?(e-?[0-9]{1,2})?", re.ASCII)
_LONGEST_LEASE = 3600.0  # seconds: a lease of longer is believed to be this long
_LONGEST_PAUSE = 4.0  # seconds before a further attempt


def from_redis(
    url: str, name: str, *, wait: float = 30.0, retries: int = 5, output_type: Any = None
) -> Stream[Any]:
    """A stream that another process publishes, as a stream here. It does not connect yet.

    Any number of watchers may come, early or late, on any machine. A late one gets everything, or
    a snapshot and what follows. Needs the extra ``redis``.

    >>> stream = nbstream.from_redis("redis://127.0.0.1:6379", "answers/1")
    >>> stream.is_started
    False

    Args:
        url: The address of Redis; its password is never shown.
        name: The name that the stream was published under.
        wait: Seconds to wait for a stream that is not there yet. Default: 30.
        retries: How often in a row a connection that failed is made again. Default: 5.
        output_type: What the text of the answer is a value of. None (default): a text.

    What ended the stream where it is made ends it here. If the process that makes it dies, an
    ``IncompleteResponseError`` ends it.

    Raises:
        UsageError: the address or the name is none, the package ``redis`` is not installed, or
            ``output_type`` cannot be a type.
    """
    url = hide_address(url)  # a verbose traceback prints the variables of every frame
    where = place(url, name, "from_redis()")
    watch = _Watch(where, wait, retries)
    run = Run(watch, exchange=Exchange(secrets=where.secrets), output_type=output_type)
    watch.run = run
    return Stream(run)


class _Watch:
    """The source of a run that watches another one through Redis."""

    def __init__(self, where: Place, wait: float, retries: int) -> None:
        self._where, self._wait, self._retries = where, wait, retries
        self._token = ""
        """Tells the watched run from another one that gets its name."""
        self._last = 0
        """The number of the last row that came."""
        self._gaps = 0
        self._grace = 5.0 + BLOCK  # seconds without a lease; of a lease of 15 seconds
        self._ended = False
        self._end: StreamError | None = None
        """The error that ended the stream where it is made."""
        self.run: Run

    async def __call__(self) -> AsyncGenerator[list[Event], None]:
        failures = 0
        with own_errors(self._where):
            client = self._where.client()
        try:
            while not self._ended:
                before = self._last
                try:
                    async with aclosing(self._batches(client)) as batches:
                        async for batch in batches:
                            yield batch
                except ConnectionFailedError:
                    failures = 1 if self._last != before else failures + 1
                    if failures > self._retries:
                        raise
                    await asyncio.sleep(min(0.1 * 2**failures, _LONGEST_PAUSE))
        finally:
            await client.aclose()
        if self._end is not None:
            raise self._end

    async def _batches(self, client: Any) -> AsyncGenerator[list[Event], None]:
        """The events after the last one that came, until the end or a failure."""
        rows_key, snapshot_key, lease_key = self._where.keys
        missing = 0.0  # seconds without a lease, nor rows
        while not self._ended:
            with own_errors(self._where):
                if not self._last and (held := await client.get(snapshot_key)) is not None:
                    yield self._snapshot(held)
                # Asked before the rows are read: the last rows are there before the lease ends.
                alive = self._is_alive(await client.get(lease_key))
                found = await client.xread(
                    {rows_key: f"{self._last}-0"}, _MOST_ROWS, int(BLOCK * 1000)
                )
            rows = found[0][1] if found else []
            if alive or rows:
                missing = 0.0
            if rows:
                yield self._read(rows)
            elif not alive:
                missing += BLOCK
                if missing >= (self._grace if self._last else self._wait):
                    raise self._gone()

    def _is_alive(self, lease: bytes | None) -> bool:
        """Whether the process that makes the stream lives, by its lease."""
        if lease is None:
            return False
        token, _, seconds = lease.decode(errors="replace").partition(":")
        if self._token and token != self._token:
            raise self._replaced()
        # A Redis that was started again has no lease until the next sign of life.
        if not _SECONDS.fullmatch(seconds):
            raise self._not_ours()
        self._grace = min(float(seconds), _LONGEST_LEASE) / 3 + BLOCK
        return True

    def _snapshot(self, held: bytes) -> list[Event]:
        """The events of a snapshot, which stand for all rows up to its last one."""
        try:
            snapshot = row_from_json(held)
            rows, last = [*snapshot["rows"]], snapshot["last"]
        except (ValueError, KeyError, TypeError):
            raise self._not_ours() from None
        if type(last) is not int or last < 1:
            raise self._not_ours()
        events = [self._event(row) for row in rows]
        self._last = last
        return [event for event in events if event is not None]

    def _read(self, rows: list[tuple[bytes, dict[bytes, bytes]]]) -> list[Event]:
        """The events of some rows; without those from one on that cannot be read.

        That one is asked for again, as the first row then, and ends the stream.
        """
        found: list[Event] = []
        for row_id, fields in rows:
            number = int(row_id.partition(b"-")[0])
            if number != self._last + 1:
                if found:
                    break
                self._gaps += 1
                if not self._last and self._gaps < _GAPS:
                    return []  # a snapshot has just taken the place of the first rows
                raise IncompleteResponseError(
                    "Redis has lost events that this watcher needs.",
                    remedy="Watch again: that begins with a snapshot. If it happens often, publish "
                    "with a larger keep_rows=, or give Redis more memory.",
                )
            try:
                event = self._event(fields.get(b"row", b""))
            except ProtocolError:
                if found:
                    break
                raise
            self._last = number
            if event is not None:
                found.append(event)
        return found

    def _event(self, given: bytes | dict[str, Any]) -> Event | None:
        """The event of one row, or of its JSON; None of the last row, which has no event."""
        try:
            row = row_from_json(given) if isinstance(given, bytes) else given
            token, kind = str(row["event_id"]).partition(":")[0], row["kind"]
            event = None if kind == END else event_from_dict(row)
        except (ValueError, KeyError, TypeError):
            raise self._not_ours() from None
        if self._token and token != self._token:
            raise self._replaced()
        self._token = token
        if event is None:
            self._ended = True
            if error := row.get("error"):
                self._end = error_from_dict(error)
        if isinstance(event, StreamStart) and event.model and not self.run.model:
            self.run.model = "/".join(filter(None, (event.provider, event.model)))
        return event

    def _not_ours(self) -> ProtocolError:
        return ProtocolError(
            f"{self._where.name!r} in Redis is something else than a stream of nbstream."
        )

    def _replaced(self) -> ProtocolError:
        return ProtocolError(
            f"Another stream is published as {self._where.name!r} now.",
            remedy="Watch again, or give each stream a name of its own.",
        )

    def _gone(self) -> IncompleteResponseError:
        if self._last:
            return IncompleteResponseError(
                "The process that makes the stream has stopped: it gives no sign of life.",
                remedy="Make the stream again there.",
            )
        return IncompleteResponseError(
            f"{self._where} has no stream named {self._where.name!r}; waited {self._wait:g} s.",
            remedy="Check the name, and whether to_redis() was called.",
        )
