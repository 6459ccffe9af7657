"""Measures the CPU time per delta of parsing a typed answer while its JSON arrives.

Usage: `bench/partial.py [--kb 10 100 1000] [--only CLIENT ...]`: the sizes of the answers, and
which clients to measure (default: all).

A JSON answer arrives in pieces of 5 bytes, and the value so far is read after each. Three
clients are measured: nbstream's `Partial`, which gives instances of the type; the Anthropic
SDK's `messages.stream` with `parsed_snapshot()`, which gives plain dicts; and PydanticAI's
`stream_output()`, which gives instances if the partial value is valid. "as Python" is nbstream
with an answer that is not JSON but is read leniently.

nbstream reads every answer completely. The others would take hours, so they are sampled at
five places: the answer up to there arrives at once, then pieces of 5 bytes follow, and the
fastest piece counts. "all" is the time for all pieces, estimated from the samples. Times are
process time; those of the others include about 30 us to read the event.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from nbstream.typed import Partial

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

PIECE = 5
PLACES = (0.05, 0.275, 0.5, 0.725, 0.95)
SAMPLES = 12
SENTENCE = "The quick brown fox jumps over a lazy dog and writes it all down. "


class Item(BaseModel):
    """One element of the list in `Order`."""

    name: str
    price: float
    note: str
    tags: list[str]


class Order(BaseModel):
    """The type of the first test: an object with a list of objects."""

    title: str
    items: list[Item]


class Node(BaseModel):
    """The type of the second test: an object in an object, many levels deep."""

    text: str
    child: Node | None = None


class Essay(BaseModel):
    """The type of the third test: an object with one huge string."""

    text: str


class Point(BaseModel):
    """One element of the list in `Points`."""

    id: int
    label: str
    done: bool


class Points(BaseModel):
    """The type of the fourth test: many small objects; 10,000 of them are 1 MB."""

    points: list[Point]


def order(size: int) -> Any:
    """The value of an `Order` as a dict, of about `size` bytes of JSON."""
    row = {"name": "Green tea", "price": 4.25, "note": SENTENCE * 3, "tags": ["tea", "green"]}
    return {"title": "Order", "items": [row] * (size // len(json.dumps(row)))}


def deep(size: int) -> Any:
    """The value of a `Node` as a dict, of about `size` bytes of JSON, 60 levels deep."""
    depth, value = 60, None
    for _ in range(depth):
        value = {
            "text": (SENTENCE * (size // depth // len(SENTENCE) + 1))[: size // depth],
            "child": value,
        }
    return value


def essay(size: int) -> Any:
    """The value of an `Essay` as a dict, of about `size` bytes of JSON."""
    return {"text": SENTENCE * (size // len(SENTENCE))}


def points(size: int) -> Any:
    """The value of a `Points` as a dict, of about `size` bytes of JSON: 100 for each point."""
    label = SENTENCE[:48]
    return {
        "points": [{"id": 10_000 + at, "label": label, "done": True} for at in range(size // 100)]
    }


SHAPES: dict[str, tuple[type[BaseModel], Callable[[int], Any]]] = {
    "list of objects": (Order, order),
    "deep object": (Node, deep),
    "one huge string": (Essay, essay),
    "small objects": (Points, points),
}


def nbstream(of: type[BaseModel], text: str) -> list[float]:
    """The mean seconds that nbstream's `Partial` takes per piece, for each tenth of the answer."""
    pieces = [text[at : at + PIECE] for at in range(0, len(text), PIECE)]
    partial, tenth, times = Partial(of), len(pieces) // 10, []
    for part in range(10):
        began = time.process_time()
        for piece in pieces[part * tenth : (part + 1) * tenth]:
            partial.feed(piece)
            _ = partial.partial
        times.append((time.process_time() - began) / tenth)
    for piece in pieces[10 * tenth :]:
        partial.feed(piece)
    assert partial.final() == partial.partial
    return times


def as_python(of: type[BaseModel], value: Any) -> list[float]:
    """As `nbstream`, with the answer written as Python writes it: single quotes, `True`."""
    return nbstream(of, str(value))


def sampled(run: Callable[[list[str]], list[float]], text: str) -> list[float]:
    """The seconds of the fastest piece at each of `PLACES`; `run` measures every piece it gets."""
    found = []
    for place in PLACES:
        at = int(len(text) * place)
        tail = [text[at + n * PIECE : at + (n + 1) * PIECE] for n in range(SAMPLES)]
        found.append(min(run([text[:at], *tail])[1:]))
    return found


def anthropic(of: type[BaseModel], text: str) -> list[float]:
    """The seconds per piece of the Anthropic SDK: `parsed_snapshot()` at each text event."""
    del of
    import anthropic
    import httpx2

    def body(pieces: list[str]) -> bytes:
        message = {"id": "m", "type": "message", "role": "assistant", "content": [], "model": "m"}
        usage = {"input_tokens": 1, "output_tokens": 1}
        stop = {"stop_reason": None, "stop_sequence": None, "usage": usage}
        rows: list[Any] = [
            {"type": "message_start", "message": {**message, **stop}},
            {
                "type": "content_block_start",
                "index": 0,
                "content_block": {"type": "text", "text": ""},
            },
        ]
        rows += [
            {
                "type": "content_block_delta",
                "index": 0,
                "delta": {"type": "text_delta", "text": piece},
            }
            for piece in pieces
        ]
        return "".join(
            f"event: {row['type']}\ndata: {json.dumps(row)}\n\n" for row in rows
        ).encode()

    def run(pieces: list[str]) -> list[float]:
        def answer(_: Any) -> Any:
            head = {"content-type": "text/event-stream"}
            return httpx2.Response(200, headers=head, content=body(pieces))

        client = anthropic.Anthropic(
            api_key="x", http_client=httpx2.Client(transport=httpx2.MockTransport(answer))
        )
        prompt: Any = [{"role": "user", "content": "hi"}]
        times = []
        with client.messages.stream(model="m", max_tokens=1, messages=prompt) as stream:
            began = time.process_time()
            for event in stream:
                if event.type == "text":
                    event.parsed_snapshot()
                    times.append(time.process_time() - began)
                    began = time.process_time()
        return times

    return sampled(run, text)


def pydantic_ai(of: type[BaseModel], text: str) -> list[float]:
    """The seconds per piece of PydanticAI's `stream_output()`, with a model held in memory."""
    from pydantic_ai import Agent
    from pydantic_ai.models.function import DeltaToolCall, FunctionModel

    async def read(pieces: list[str]) -> list[float]:
        times: list[float] = []
        clock = [time.process_time()]

        async def answer(_: Any, info: Any) -> AsyncIterator[dict[int, DeltaToolCall]]:
            name = info.output_tools[0].name
            yield {0: DeltaToolCall(name=name, json_args="", tool_call_id="c")}
            for piece in pieces:
                clock[0] = time.process_time()
                yield {0: DeltaToolCall(json_args=piece)}
                # The next piece is requested: this one has been parsed, validated and yielded.
                times.append(time.process_time() - clock[0])

        agent = Agent(FunctionModel(stream_function=answer), output_type=of, retries=0)
        try:
            async with agent.run_stream("hi") as stream:
                async for _ in stream.stream_output(debounce_by=None):
                    pass
        except Exception as error:  # PydanticAI raises at the end, because the answer is incomplete
            if len(times) < SAMPLES:
                raise RuntimeError("PydanticAI did not read all pieces") from error
        return times

    return sampled(lambda pieces: asyncio.run(read(pieces)), text)


PYTHON = "nbstream, as Python"
CLIENTS: dict[str, Callable[[type[BaseModel], str], list[float]]] = {
    "nbstream Partial": nbstream,
    PYTHON: nbstream,
    "anthropic parsed_snapshot": anthropic,
    "pydantic-ai stream_output": pydantic_ai,
}


def main() -> None:
    """Measure every type of answer at every size and print the times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kb", type=int, nargs="*", default=[10, 100, 1000])
    parser.add_argument("--only", choices=CLIENTS, nargs="*", default=list(CLIENTS))
    args = parser.parse_args()
    for shape, (of, make) in SHAPES.items():
        for kilobytes in args.kb:
            value = make(kilobytes * 1000)
            text = json.dumps(value)
            print(f"\n{shape}, {len(text):,} bytes, {len(text) // PIECE:,} pieces")
            for name in args.only:
                times = as_python(of, value) if name == PYTHON else CLIENTS[name](of, text)
                first, last = times[0] * 1e6, times[-1] * 1e6
                whole = sum(times) / len(times) * len(text) / PIECE
                print(
                    f"  {name:26} first tenth {first:10,.1f} us   last {last:10,.1f} us"
                    f"   {last / first:5.1f} x   all {whole:8,.2f} s",
                    flush=True,
                )


if __name__ == "__main__":
    main()
