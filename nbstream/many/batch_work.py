"""``BatchWork``: answers the prompts of a map by batches, which a provider answers within a day.

The id of each batch is in the cassette before anything waits for it. So the same map waits for the
same batch after an interrupt or a crash, and sends only what no batch has.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from nbstream.errors import NBStreamError, NotFoundError, ProviderError, StreamError
from nbstream.many.limits import Limits
from nbstream.many.result import MapResult
from nbstream.many.work import FirstError, Work
from nbstream.request.batches import BatchAnswer, custom_id
from nbstream.streams import spending_hook

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.many.batch_rows import BatchRows
    from nbstream.many.prompts import Prompts
    from nbstream.request.batches import BatchClient, BatchState, UnsentRequest

_FIRST_WAIT = 5.0  # seconds between the first two polls
_GROWTH = 1.5
_CREATING = 10.0  # seconds that a stopped map waits for the id of a batch it has just sent


@dataclass(slots=True)
class _Batch:
    """A batch at the provider."""

    id: str
    rows: dict[int, int]
    """The number of each request in the batch, and that of its prompt."""
    done: int = 0
    failed: int = 0
    """What the provider counted so far."""


class BatchWork(Work):
    """The batches of one map; ``interval`` is the longest wait between two polls, in seconds."""

    _repeats = False

    def __init__(
        self,
        prompts: Prompts,
        rows: BatchRows,
        client: BatchClient,
        *,
        interval: float,
        **more: Any,
    ) -> None:
        super().__init__(
            prompts,
            rows.make_stream,
            concurrency=1,
            retries=0,
            limits=Limits(None, None),
            **more,
        )
        self._rows, self._client, self._interval = rows, client, interval
        self._open: list[_Batch] = []
        self._is_discarded = self._is_over = False

    @property
    def batches(self) -> tuple[str, ...]:
        return tuple(one.id for one in self._open)

    @property
    def open_batches(self) -> int:
        return 0 if self._is_discarded else len(self._open)

    async def cancel_batches(self) -> None:
        self._is_discarded = True
        if self._is_over:
            await self._cancel_all()

    async def run(self) -> None:
        self.totals.begin()
        try:
            try:
                await self._run()
            except asyncio.CancelledError:
                pass
            except NBStreamError as error:
                self._fail(error)
            if self._is_discarded:  # also if a request failed at the same moment
                await self._cancel_all()
        finally:
            self._is_over = True
            for batch in self._open:  # what the provider has counted is not here
                self._count(batch, 0, 0)
            self.totals.end()

    async def _run(self) -> None:
        missing = await asyncio.to_thread(self._rows.missing)
        for index in range(len(self.results)):
            if index not in missing:
                await self._answer(index)
        await self._send(await self._join(missing))
        wait = min(_FIRST_WAIT, self._interval)
        while self._open:
            for batch in [*self._open]:
                await self._look(batch)
            if self._open:
                await asyncio.sleep(wait)
                wait = min(wait * _GROWTH, self._interval)

    async def _join(self, missing: dict[int, str]) -> dict[int, str]:
        """Find the prompts that earlier batches have; returns the others."""
        indices: defaultdict[str, deque[int]] = defaultdict(deque)
        for index, mark in missing.items():
            indices[mark].append(index)
        cassette = self._rows.cassette
        for known in await asyncio.to_thread(cassette.open_batches, self._rows.model):
            rows = {
                number: indices[mark].popleft() for number, mark in known.missing if indices[mark]
            }
            if rows:
                self._open.append(_Batch(known.id, rows))
        if self._open:
            await asyncio.to_thread(self._client.open)
        return {index: missing[index] for left in indices.values() for index in left}

    async def _send(self, marks: dict[int, str]) -> None:
        """Send the prompts in as many batches as they need."""
        if not marks:
            return
        spending_hook.check()
        written = await asyncio.to_thread(self._rows.write, sorted(marks), self._client)
        requests: dict[int, UnsentRequest] = {}
        for index, one in written.items():
            if isinstance(one, NBStreamError):
                self._end(index, MapResult(index, self._prompts.text(index), error=one))
            else:
                requests[index] = one
        parts = await asyncio.to_thread(self._client.batches, list(requests.values()))
        left = iter(requests)
        for lines in parts:
            rows = {number: next(left) for number in range(len(lines))}
            creating = asyncio.ensure_future(
                self._create(lines, rows, [marks[index] for index in rows.values()], requests)
            )
            try:
                await asyncio.shield(creating)
            except asyncio.CancelledError:
                # Otherwise a batch runs, and is paid for, whose id nobody knows.
                await asyncio.wait({creating}, timeout=_CREATING)
                if creating.done() and (error := creating.exception()) is not None:
                    self._fail(error)
                raise

    async def _create(
        self,
        lines: Sequence[bytes],
        rows: dict[int, int],
        marks: Sequence[str],
        requests: dict[int, UnsentRequest],
    ) -> None:
        batch_id = await self._client.create(lines, [requests[index] for index in rows.values()])
        self._open.append(_Batch(batch_id, rows))
        await asyncio.to_thread(self._rows.cassette.add_batch, batch_id, self._rows.model, marks)
        self._changed()

    async def _look(self, batch: _Batch) -> None:
        """Ask for the state of a batch, and receive its answers if it has ended."""
        try:
            state = await self._client.state(batch.id)
        except NotFoundError as error:
            error.remedy = (
                f"The batch {batch.id} is in the cassette, but not in this account. Use the key"
                " that it was made with, or another cassette=, also if it was deleted."
            )
            raise
        # Batches that were joined may have requests that this map does not ask.
        self._count(batch, min(state.done, len(batch.rows)), state.failed)
        if state.ended:
            await self._receive(batch, state)

    def _count(self, batch: _Batch, done: int, failed: int) -> None:
        """Show what the provider has counted, until the answers themselves are counted."""
        failed = min(failed, len(batch.rows) - done)
        self.totals.done += done - batch.done
        self.totals.failed += failed - batch.failed
        batch.done, batch.failed = done, failed
        self._changed()

    async def _receive(self, batch: _Batch, state: BatchState) -> None:
        """Take the answers of a batch that has ended, each into the cassette."""
        try:
            found = await self._client.answers(state)
        except NotFoundError:
            gone = ProviderError("The provider keeps the answers of this batch no longer.")
            found, state = {}, replace(state, error=gone)
        self._count(batch, 0, 0)
        for number, index in batch.rows.items():
            answer = found.pop(custom_id(number), None)
            self._rows.answers[index] = answer or BatchAnswer(error=_unanswered(state))
            await self._answer(index)
        await asyncio.to_thread(self._rows.cassette.batch_received, batch.id, list(batch.rows))
        self._open.remove(batch)

    def _end(self, index: int, result: MapResult, *, cancelled: bool = False) -> None:
        # The other answers of the batch are paid for, so they are received before it ends.
        with suppress(FirstError):
            super()._end(index, result, cancelled=cancelled)
            return
        self.error = self.error or result.error

    async def _cancel_all(self) -> None:
        for batch in self._open:
            try:
                await self._client.cancel(batch.id)
            except NBStreamError as error:
                self._fail(error)

    def _fail(self, error: BaseException) -> None:
        if isinstance(error, StreamError):
            self._client.describe(error)
        self.error = error.with_traceback(None)


def _unanswered(state: BatchState) -> StreamError:
    """The error of a prompt of which the results say nothing."""
    if state.error is not None:
        return type(state.error)(state.error.text)
    return ProviderError("The batch ended without an answer to this prompt.")
