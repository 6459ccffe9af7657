"""Streams with every kind of part and every end, for the clients to read."""

from collections.abc import Iterator
from typing import Any

import nbstream
from nbstream import events as ev
from nbstream.errors import RateLimitError
from nbstream.messages import (
    BuiltinToolCallPart,
    BuiltinToolResultPart,
    Citation,
    FilePart,
    Message,
    RefusalPart,
    TextPart,
    ThinkingPart,
    ToolCallPart,
)
from nbstream.testing import ScriptedModel

PAGES = {
    "results": [
        {"url": "https://a.example/sky", "title": "Sky"},
        {"url": "https://b.example", "title": "B"},
    ]
}
CITED = "\U0001f600 Blue, because light scatters."
EVERYTHING = nbstream.assistant_message(
    ThinkingPart("Hm, let me see.", signature="c2ln"),
    BuiltinToolCallPart("ws_1", "web_search", '{"query": "sky"}'),
    BuiltinToolResultPart("ws_1", "web_search", PAGES),
    TextPart(
        CITED,
        (
            Citation("https://a.example/sky", "Sky", "blue", start=2, end=6),
            Citation("javascript:alert(1)", "Trap"),
            Citation(None, "report.pdf", "scatters"),
        ),
    ),
    "Half a pair: \ud83d, and much text. " * 20,
    FilePart("image/gif", b"GIF89a", filename="a.gif"),
    FilePart("image/png", url="https://a.example/b.png"),
    RefusalPart("Not that."),
    ToolCallPart("c1", "weather", '{"city": "Bern", "days": [1, 2]}'),
    ToolCallPart("c1", "weather", '{"city": "Brig"}'),
    ToolCallPart("c2", "weather", '{"__proto__": {"polluted": true}}'),
    ToolCallPart("c3", "weather", '{"city": '),
)


def add(a: int, b: int) -> dict[str, int]:
    """Add."""
    return {"sum": a + b}


def pages(count: int) -> Iterator[str]:
    """Read pages."""
    yield "1 of 2"
    yield f"{count} pages"


def fail() -> None:
    """Fail."""
    raise ValueError("no such file")


REPLIES: list[Message | str] = [
    nbstream.assistant_message(
        "I add.",
        ToolCallPart("c1", "add", '{"a": 1, "b": 2}'),
        ToolCallPart("c2", "pages", '{"count": 2}'),
    ),
    nbstream.assistant_message(ToolCallPart("c1", "fail", "{}")),
    nbstream.assistant_message(ThinkingPart("So it is."), "Three."),
]


def agent() -> Any:
    """A run of three replies, with results, an error and an id that comes twice."""
    run = nbstream.Agent(ScriptedModel(*REPLIES), tools=[add, pages, fail])
    return run.run_stream_sync("1 + 2?")


HELPER: list[Message | str] = [
    nbstream.assistant_message(ThinkingPart("Hm."), ToolCallPart("c1", "add", '{"a": 1, "b": 2}')),
    "Three, says the helper.",
]


def nested() -> Any:
    """A run whose first call is another agent, which calls a tool of the same id."""
    helper = nbstream.Agent(ScriptedModel(*HELPER), tools=[add], name="helper")
    asks = ToolCallPart("c1", "helper", '{"prompt": "1 + 2?"}')
    outer = nbstream.Agent(
        ScriptedModel(nbstream.assistant_message(asks), "Three."), tools=[helper]
    )
    return outer.run_stream_sync("1 + 2?")


def retried() -> Any:
    """An answer that begins again after some of it has come."""
    first = [ev.StreamStart(), ev.TextStart(0), ev.TextDelta(0, "Lost"), ev.Retry(2, "cut off")]
    again = [
        ev.StreamStart(),
        ev.TextStart(0),
        ev.TextDelta(0, "Kept."),
        ev.TextEnd(0),
        ev.StreamEnd("stop"),
    ]
    return nbstream.stream(ScriptedModel([*first, *again]), "hi")


def failing() -> Any:
    """An answer that a provider's error ends."""
    return nbstream.stream(ScriptedModel(RateLimitError("Too many.", status=429)), "hi")


def cancelled() -> Any:
    """An answer that was cancelled in its middle."""
    stream = nbstream.stream(ScriptedModel("x" * 1000, delay=0.01), "hi")
    for _ in stream.text_stream:
        stream.cancel()
    return stream


def everything() -> Any:
    """An answer with every kind of part."""
    return nbstream.stream(ScriptedModel(EVERYTHING), "hi")
