"""Compares the CPU of an agent's run with PydanticAI's, 100 calls of a tool: `make bench-agent`.

Prints the median of several rounds in milliseconds of process time. Both take turns, so that other
load on the machine affects both. Models are functions: no HTTP.
"""

from __future__ import annotations

import asyncio
import gc
import statistics
import time

import nbstream
from nbstream.testing import ScriptedModel
from tests.agent.conversations import add
from tests.agent.peer import steps as theirs
from tests.agent.scripts import calls

ROUNDS = 7


async def ours() -> float:
    """The seconds of CPU that nbstream's agent takes."""
    replies = [calls(("add", '{"a": 1, "b": 2}'), first=at) for at in range(100)]
    agent = nbstream.Agent(ScriptedModel(*replies, "Done."), tools=[add], max_steps=200)
    begun = time.process_time()
    async for _ in agent.run_stream_events("Go."):
        pass
    return time.process_time() - begun


def main() -> None:
    """Measure both, and print the medians and their ratio."""
    times: dict[str, list[float]] = {"nbstream": [], "PydanticAI": []}
    asyncio.run(ours())  # a first time, for what is imported
    for _ in range(ROUNDS):
        for name, run in (("nbstream", ours), ("PydanticAI", theirs)):
            gc.collect()
            times[name].append(asyncio.run(run()) * 1000)
    medians = {name: statistics.median(rows) for name, rows in times.items()}
    print(f"100 steps, {ROUNDS} rounds")
    for name, middle in medians.items():
        print(f"  {name:12} {middle:8.1f} ms   {middle / medians['nbstream']:6.2f} x nbstream")


if __name__ == "__main__":
    main()
