"""``in_step``: makes a stream's model wait until its readers have read what it has sent."""

import asyncio
import time
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from typing import Any

import nbstream
from nbstream.core.events import Event
from tests.harness.patience import HANG


def in_step(stream: nbstream.Stream[Any]) -> nbstream.Stream[Any]:
    """The stream, whose readers see each state of the answer, however busy the machine is.

    Each event waits until every reader has taken the one before, also where a network has brought
    both at once.
    """
    run = stream._run
    source, log = run._source, run.log

    async def waiting() -> AsyncGenerator[Iterable[Event], None]:
        async with aclosing(source()) as batches:
            async for batch in batches:
                for event in batch:
                    yield [event]
                    until = time.monotonic() + HANG
                    while any(reader.is_ready for reader in [*log._readers]):
                        assert time.monotonic() < until, "a reader has stopped reading"
                        await asyncio.sleep(0.001)

    run._source = waiting
    return stream
