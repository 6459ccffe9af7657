"""Several readers of one run of an agent: all levels at once, and what they cost in memory."""

import gc
import threading
import tracemalloc
from collections.abc import Callable
from typing import Any

from tests.agent.scripts import agent_of, calls


def double(n: int) -> int:
    """Twice the number."""
    return 2 * n


def replies() -> list[Any]:
    return [calls(("double", '{"n": 2}'), text="Let me see."), "It is 4."]


def kinds(events: Any) -> list[str]:
    """The kinds of events, without deltas: who comes later gets fewer of them."""
    return [event.kind for event in events if "delta" not in event.kind]


def together(*jobs: Callable[[], Any]) -> list[Any]:
    """What each job returns, all at the same time."""
    found: dict[int, Any] = {}

    def run(at: int) -> None:
        found[at] = jobs[at]()

    threads = [threading.Thread(target=run, args=(at,)) for at in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [found[at] for at in range(len(jobs))]


def test_all_levels_read_one_run_at_once_and_see_the_same() -> None:
    alone = kinds(agent_of(*replies(), tools=[double]).run_stream_events("?"))
    handled: list[str] = []

    async def handler(_: Any, events: Any) -> None:
        handled.extend(kinds([event async for event in events]))

    agent = agent_of(*replies(), tools=[double])
    with agent.iter("?", event_stream_handler=handler) as run:
        stream = run.stream
        nodes, events, text, again, responses = together(
            lambda: [type(node).__name__ for node in run],
            lambda: kinds(stream),
            lambda: "".join(stream.stream_text(delta=True)),
            lambda: kinds(stream),
            lambda: [*stream.stream_responses(debounce_by=None)][-1].text,
        )
    assert nodes[-1] == "End"
    assert events == again == alone == [*handled, "agent_run_result"]
    assert text == "Let me see.It is 4."
    assert responses == run.result.output == "It is 4."  # type: ignore[union-attr]


def peak(readers: int) -> int:
    """The most bytes that a run of 20 steps held, with so many readers."""

    def much() -> str:
        return "x" * 5_000

    rows = [calls(("much", "{}"), first=at, text="y" * 5_000) for at in range(20)]
    stream = agent_of(*rows, "Done.", tools=[much], max_steps=50).run_stream("?")
    gc.collect()
    tracemalloc.start()
    try:
        with stream:
            together(*[lambda: sum(1 for _ in stream)] * readers)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_readers_share_one_log() -> None:
    """A copy for each reader would be twenty times as much."""
    peak(1)  # what is imported
    assert peak(20) < 4 * peak(1)
