"""Knows: how to run a coroutine where no loop runs yet. Refuses to know: what it does.

Playwright's fixtures keep a loop running on the main thread from their first use on, and
`asyncio.run` refuses to start a second one there.
"""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def run_async(coroutine: Coroutine[Any, Any, T]) -> T:
    """What `asyncio.run` does, on a thread of its own."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()
