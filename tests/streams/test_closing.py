"""Closing a stream whose connection will not close."""

import asyncio
import time
from collections.abc import AsyncGenerator, Iterable

import pytest

from nbstream import AsyncStream, Stream
from nbstream.core.events import Event, StreamStart
from nbstream.streams.run import Run
from tests.harness.background import run_async

PROMISED = Run.CLOSING_TIMEOUT  # the real value; conftest gives tests more time
STUBBORN = 20.0


async def stubborn() -> AsyncGenerator[Iterable[Event], None]:
    try:
        yield (StreamStart(),)
        await asyncio.sleep(3600)
    finally:
        await asyncio.sleep(STUBBORN)


@pytest.fixture(autouse=True)
def _real_time_limit(_patience: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Run, "CLOSING_TIMEOUT", PROMISED)


def test_closing_takes_at_most_a_second() -> None:
    stream = Stream(Run(stubborn, model="stubborn"))
    next(iter(stream))
    began = time.monotonic()
    stream.close()
    assert 1 <= time.monotonic() - began < STUBBORN / 2


def test_async_closing_takes_at_most_a_second() -> None:
    async def main() -> float:
        stream = AsyncStream(Run(stubborn, model="stubborn"))
        await anext(aiter(stream))
        began = time.monotonic()
        await stream.close()
        return time.monotonic() - began

    assert 1 <= run_async(main()) < STUBBORN / 2
