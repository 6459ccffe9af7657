"""``to_redis()``: writes the events of a stream to Redis, where any machine can watch it."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import deque
from concurrent.futures import TimeoutError as WaitTimeoutError
from contextlib import suppress
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from nbstream.core.codec import event_to_dict
from nbstream.core.redact import hide_address
from nbstream.core.rows import row_to_json
from nbstream.core.shown import shown
from nbstream.errors import ConnectionFailedError, StreamError, UsageError
from nbstream.redis_streams.connection import Place, own_errors, place
from nbstream.streams.async_wait import wait_until
from nbstream.streams.loop import on_private_loop, submit
from nbstream.streams.served import end_row

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from nbstream.streams.readable import ReadableStream
    from nbstream.streams.run import Run

_log = logging.getLogger("nbstream")

_FIRST_ATTEMPTS = 3  # until the name is taken: a wrong address should be told soon
_ATTEMPTS = 30  # with pauses of up to 4 seconds: about two minutes without Redis
_LONGEST_PAUSE = 4.0  # seconds
_MOST_ROWS = 500  # in one transaction


def to_redis(
    stream: ReadableStream[Any],
    url: str,
    name: str,
    *,
    keep: float = 3600.0,
    keep_rows: int = 10_000,
    lease: float = 15.0,
) -> Publication:
    """Publish a stream or an agent's run to Redis, under a name. Starts it. Returns at once.

    ``nbstream.from_redis()`` watches it, on any machine. Needs the extra ``redis``.

    Args:
        stream: The stream. It stays as it is: read it here as well.
        url: The address of Redis, such as ``redis://USER:PASSWORD@HOST:6379/0``.
        name: What watchers call it. Publishing under the same name again replaces an ended stream.
        keep: Seconds that Redis keeps the stream after its last event. Default: an hour.
        keep_rows: How many events Redis keeps; a snapshot takes the place of older ones, so that
            memory is bounded and a late watcher lacks nothing. Default: 10,000.
        lease: Seconds without a sign of life after which watchers take this process for dead.
            Default: 15.

    If Redis goes away for a while, the events wait here. If it stays away for two minutes, or
    refuses, or is not there at the beginning, the publication fails, and the stream goes on: see
    ``Publication.wait()``.

    Raises:
        UsageError: the address or the name is none, a number is not positive, or the package
            ``redis`` is not installed.

    >>> stream = nbstream.stream(ScriptedModel("Hello."), "hi")
    >>> published = nbstream.to_redis(stream, "redis://127.0.0.1:9", "answers/1")
    >>> published.name
    'answers/1'
    """
    url = hide_address(url)  # a verbose traceback prints the variables of every frame
    where = place(url, name, "to_redis()")
    if not hasattr(stream, "_run"):
        raise UsageError(
            f"to_redis() takes a stream, not {shown(stream)}.",
            remedy="Other libraries' streams become one with nbstream.from_stream().",
        )
    if min(keep, keep_rows, lease) <= 0:
        raise UsageError("keep=, keep_rows= and lease= take numbers above 0.")
    return Publication(stream._run, where, keep=keep, keep_rows=keep_rows, lease=lease)


class Publication:
    """A stream that is being published, as ``to_redis()`` returns it.

    ``await publication`` is ``publication.wait()`` for coroutines.

    >>> stream = nbstream.stream(ScriptedModel("Hello."), "hi")
    >>> published = nbstream.to_redis(stream, "redis://127.0.0.1:9", "answers/1")
    >>> try:
    ...     published.wait()
    ... except nbstream.errors.ConnectionFailedError as error:
    ...     print(error.text)
    Redis at 127.0.0.1:9 cannot be reached (ConnectionError).
    """

    def __init__(
        self, run: Run, where: Place, *, keep: float, keep_rows: int, lease: float
    ) -> None:
        self._run, self._where = run, where
        self._keep, self._keep_rows, self._lease = keep, keep_rows, lease
        self._token = secrets.token_hex(4)
        self._sign = f"{self._token}:{lease}"
        """What the lease holds: whose it is, and its length in seconds."""
        self._written = 0
        """The number of the last row in Redis."""
        self._oldest = 0
        """The number of the row before the oldest one in Redis."""
        self._kept: deque[tuple[int, str]] = deque()
        """The rows that Redis should have, for a Redis that has lost them."""
        self._snapshot: str | None = None
        run.uses.retain()
        self._reader = run.log.reader()
        run.start()
        self._future = submit(self._publish())

    @property
    def name(self) -> str:
        """The name that watchers use."""
        return self._where.name

    @property
    def is_complete(self) -> bool:
        """Whether everything is in Redis, or the publication has failed."""
        return self._future.done()

    def wait(self, timeout: float | None = None) -> bool:
        """Block until everything is in Redis; False if ``timeout`` seconds passed first.

        An error of the stream is not raised here: watchers get it, and readers of the stream.

        Raises:
            UsageError: the name is in use by another process; or this is nbstream's own loop.
            ConnectionFailedError: Redis cannot be reached.
            ProtocolError: Redis refuses, such as a wrong password.
        """
        if on_private_loop():
            raise UsageError("wait() would wait for itself here: await the publication.")
        with suppress(WaitTimeoutError):
            self._future.result(timeout)
        return self._future.done()

    def __await__(self) -> Generator[Any, None, None]:
        return asyncio.wrap_future(self._future).__await__()

    def __repr__(self) -> str:
        state = "complete" if self.is_complete else "running"
        return f"<publication of {self.name!r}, {state}>"

    async def _publish(self) -> None:
        beating: asyncio.Task[None] | None = None
        try:
            with own_errors(self._where):
                client = self._where.client()
            try:
                await self._persist(client, self._take_name, _FIRST_ATTEMPTS)
                beating = asyncio.create_task(self._beat(client))
                await self._write_all(client)
            finally:
                if beating is not None:
                    beating.cancel()
                await client.aclose()
        except Exception as error:
            error.__cause__ = error.__context__ = None  # the client's, which knows the password
            _log.error("%r is not published: %s", self.name, error)
            raise
        finally:
            self._reader.close()
            self._kept.clear()
            self._snapshot = None

    async def _persist(self, client: Any, step: Any, attempts: int = _ATTEMPTS) -> None:
        """Do a step, and again after a failure of the connection."""
        for attempt in range(attempts):
            try:
                with own_errors(self._where):
                    await step(client)
                    return
            except ConnectionFailedError:
                if attempt + 1 == attempts:
                    raise
            await asyncio.sleep(min(0.1 * 2**attempt, _LONGEST_PAUSE))

    async def _take_name(self, client: Any) -> None:
        rows, snapshot, lease = self._where.keys
        if not await client.set(lease, self._sign, nx=True, px=self._milliseconds(self._lease)):
            holder = await client.get(lease)
            if holder is not None and holder.decode(errors="replace") != self._sign:
                raise UsageError(
                    f"A stream named {self.name!r} is being published already.",
                    remedy="Choose another name; after a crash, wait until its lease has ended.",
                )
        await client.delete(rows, snapshot)

    async def _beat(self, client: Any) -> None:
        """Show every third of a lease that this process lives."""
        rows, snapshot, lease = self._where.keys
        while True:
            await asyncio.sleep(self._lease / 3)
            with suppress(StreamError), own_errors(self._where):
                pipe = client.pipeline(transaction=False)
                pipe.set(lease, self._sign, px=self._milliseconds(self._lease))
                for key in (rows, snapshot):
                    pipe.pexpire(key, self._milliseconds(self._keep + self._lease))
                await pipe.execute()

    async def _write_all(self, client: Any) -> None:
        log = self._run.log
        finished = False
        while not finished:
            await wait_until(log, lambda: self._reader.is_ready)
            finished = log.finished  # before the events are taken: none comes after it
            with log.locked() as transcript:
                events = self._reader.take()
                is_long = self._written + len(events) - self._oldest > self._keep_rows
                fold = list(transcript.events()) if is_long else None
            await self._write(client, self._rows([event_to_dict(event) for event in events]))
            if fold is not None:
                await self._write_snapshot(client, [event_to_dict(event) for event in fold])
        await self._write(client, self._rows([end_row(log.error)]))
        await self._persist(client, self._end)

    def _rows(self, rows: Sequence[dict[str, Any]]) -> list[tuple[int, str]]:
        """Events as JSON, each with its number."""
        numbered = enumerate(rows, self._written + 1)
        return [
            (number, row_to_json({"event_id": f"{self._token}:{number}", **row}))
            for number, row in numbered
        ]

    async def _write(self, client: Any, rows: list[tuple[int, str]]) -> None:
        """Write rows, each once: an earlier attempt may have written some.

        A Redis that was started again, which the client may not notice, gets the older ones too.
        """
        rows_key, snapshot_key, _ = self._where.keys
        for at in range(0, len(rows), _MOST_ROWS):
            part = rows[at : at + _MOST_ROWS]
            self._kept.extend(part)

            async def step(client: Any) -> None:
                newest = await client.xrevrange(rows_key, count=1)
                known = int(newest[0][0].partition(b"-")[0]) if newest else 0
                pipe = client.pipeline(transaction=True)
                if known < self._written and self._snapshot is not None:
                    pipe.set(snapshot_key, self._snapshot)  # Redis was started again
                missing = [*takewhile(lambda one: one[0] > known, reversed(self._kept))]
                for number, row in reversed(missing):
                    pipe.xadd(rows_key, {"row": row}, id=f"{number}-0")
                for key in (rows_key, snapshot_key):
                    pipe.pexpire(key, self._milliseconds(self._keep + self._lease))
                await pipe.execute()

            await self._persist(client, step)
            self._written = part[-1][0]

    async def _write_snapshot(self, client: Any, fold: list[dict[str, Any]]) -> None:
        """Let a snapshot stand for all rows so far, of which the newest stay for who reads now."""
        rows_key, snapshot_key, _ = self._where.keys
        held = [{"event_id": f"{self._token}:0", **row} for row in fold]
        self._snapshot = row_to_json({"last": self._written, "rows": held})
        self._oldest = max(self._oldest, self._written - self._keep_rows // 2)
        while self._kept and self._kept[0][0] <= self._oldest:
            self._kept.popleft()

        async def step(client: Any) -> None:
            pipe = client.pipeline(transaction=True)
            pipe.set(snapshot_key, self._snapshot)
            pipe.pexpire(snapshot_key, self._milliseconds(self._keep + self._lease))
            pipe.xtrim(rows_key, minid=f"{self._oldest + 1}-0", approximate=False)
            await pipe.execute()

        await self._persist(client, step)

    async def _end(self, client: Any) -> None:
        rows, snapshot, lease = self._where.keys
        pipe = client.pipeline(transaction=True)
        for key in (rows, snapshot):
            pipe.pexpire(key, self._milliseconds(self._keep))
        pipe.delete(lease)
        await pipe.execute()

    @staticmethod
    def _milliseconds(seconds: float) -> int:
        return max(1, int(seconds * 1000))
