"""Runs several requests at once and merges their events into one message.

``generate()`` uses it for more images or videos than one request can make.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from nbstream.core import events as ev
from nbstream.core.message import Usage

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable, Sequence

    Source = Callable[[], AsyncGenerator[Iterable[ev.Event], None]]

_DONE = object()
_PARALLEL = 8  # more would exceed most providers' rate limits


@dataclass(frozen=True, slots=True)
class Concurrent:
    """A source that runs several sources, eight at a time, and merges their events.

    If one fails, the others are stopped and its error is raised.
    """

    sources: Sequence[Source] = field(repr=False)

    async def __call__(self) -> AsyncGenerator[Iterable[ev.Event], None]:
        gate = asyncio.Semaphore(_PARALLEL)
        arrived: asyncio.Queue[tuple[int, Any]] = asyncio.Queue()
        tasks = [
            asyncio.create_task(_pump(number, source, arrived, gate))
            for number, source in enumerate(self.sources)
        ]
        merge, running = _Merge(len(tasks)), len(tasks)
        try:
            while running:
                number, found = await arrived.get()
                if found is _DONE:
                    running -= 1
                elif isinstance(found, Exception):
                    raise found
                elif merged := list(merge.events(number, found)):
                    yield merged
            yield merge.end()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _pump(
    number: int,
    source: Source,
    arrived: asyncio.Queue[tuple[int, Any]],
    gate: asyncio.Semaphore,
) -> None:
    """Put the events of one source, then its error or ``_DONE``, into the queue."""
    try:
        async with gate, aclosing(source()) as batches:
            async for batch in batches:
                # One by one, because a batch may fail after some of its events.
                for event in batch:
                    arrived.put_nowait((number, [event]))
    except Exception as error:  # noqa: BLE001 - whatever it is, the reader raises it
        arrived.put_nowait((number, error))
    else:
        arrived.put_nowait((number, _DONE))


class _Merge:
    """Merges the events of several answers into those of one message."""

    def __init__(self, sources: int) -> None:
        self._begun = False
        self._indices: dict[tuple[int, int], int] = {}
        self._fractions: list[float | None] = [None] * sources
        self._ends: dict[int, ev.StreamEnd] = {}

    def events(self, number: int, batch: Iterable[ev.Event]) -> Iterable[ev.Event]:
        """The events of source ``number``, as parts of the merged message."""
        for event in batch:
            match event:
                case ev.StreamStart():
                    if not self._begun:
                        self._begun = True
                        yield event
                case ev.StreamEnd():
                    self._ends[number] = event
                case ev.Retry():
                    pass  # it would void the others' parts, and its own answer had not begun
                case ev.Progress():
                    self._fractions[number] = event.fraction
                    yield ev.Progress(event.status, self._fraction())
                case ev.PartEvent():
                    place = (number, event.index)
                    index = self._indices.setdefault(place, len(self._indices))
                    yield replace(event, index=index)

    def _fraction(self) -> float | None:
        """The mean progress of all sources; None if none has reported any."""
        if all(one is None for one in self._fractions):
            return None
        return sum(one or 0.0 for one in self._fractions) / len(self._fractions)

    def end(self) -> list[ev.Event]:
        """The merged end: the first reason that is not ``stop``, and the sum of all usage."""
        ends = [self._ends[number] for number in sorted(self._ends)]
        if len(ends) < len(self._fractions):
            return []  # one broke off without its end, which the run reports
        reasons = [end.finish_reason for end in ends if end.finish_reason != "stop"]
        counts = [end.usage for end in ends if end.usage]
        usage = _sum(counts) if counts else None
        metadata = dict(ends[0].provider_metadata)
        metadata["requests"] = [end.provider_metadata for end in ends]
        return [ev.StreamEnd(reasons[0] if reasons else "stop", usage, metadata)]


def _sum(counts: Sequence[Usage]) -> Usage:
    """The sum of token counts, field by field."""
    return Usage(
        sum(one.input_tokens for one in counts),
        sum(one.output_tokens for one in counts),
        sum(one.cache_read_tokens for one in counts),
        sum(one.cache_write_tokens for one in counts),
        sum(one.reasoning_tokens for one in counts),
    )
