"""Runs in a process of its own: serves streams with FastAPI and uvicorn on a free port.

It prints the port. ``/NAME`` serves one stream as server-sent events, ``/NAME.ndjson`` as lines;
``?watcher=ID`` breaks the first two connections of that watcher.
"""

import socket
from collections.abc import AsyncIterator

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

import nbstream
from nbstream.messages import FilePart, ThinkingPart, ToolCallPart
from nbstream.testing import ScriptedModel

ANSWER = nbstream.assistant_message(
    ThinkingPart("Hm, let me see.", signature="s"),
    "Half a pair: \ud83d, and much text. " * 20,
    ToolCallPart("c1", "weather", '{"city": "Bern"}'),
    FilePart("image/gif", b"GIF89a"),
)


def add(a: int, b: int) -> int:
    """Add."""
    return a + b


CALL = nbstream.assistant_message(ToolCallPart("c1", "add", '{"a": 1, "b": 2}'))
STREAMS = {
    "answer": nbstream.stream(ScriptedModel(ANSWER, delay=0.002), "hi"),
    "live": nbstream.stream(ScriptedModel(ANSWER, delay=0.005), "hi"),
    "agent": nbstream.Agent(ScriptedModel(CALL, "Three."), tools=[add]).run_stream_sync("1 + 2?"),
    "failing": nbstream.stream(
        ScriptedModel(nbstream.errors.RateLimitError("Too many.", status=429)), "hi"
    ),
    "bug": nbstream.from_stream(1 / zero for zero in [0]),
    "endless": nbstream.stream(ScriptedModel("x" * 100_000, delay=0.01), "hi"),
}
asked: dict[str, list[str]] = {}
cuts: dict[str, int] = {}
CUTS, CUT_AFTER = 2, 3000
app = FastAPI()


@app.get("/{name}")
async def serve(name: str, request: Request) -> StreamingResponse:
    name, _, form = name.partition(".")
    last = request.headers.get("last-event-id")
    if "forgetful" in request.query_params:
        last = None  # as a route that does not pass the header
    asked.setdefault(name, []).append(last or "")
    stream = STREAMS[name]
    frames: AsyncIterator[bytes] = stream.ndjson(last) if form else stream.sse(last)
    kind = "application/x-ndjson" if form else "text/event-stream"
    watcher = request.query_params.get("watcher", "")
    cuts[watcher] = cuts.get(watcher, 0) + 1
    if watcher and cuts[watcher] <= CUTS:
        frames = cutting(frames)
    return StreamingResponse(frames, media_type=kind)


async def cutting(frames: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The first bytes, until the connection is cut, mostly in the middle of a frame."""
    left = CUT_AFTER
    async for frame in frames:
        yield frame[:left]
        left -= len(frame)
        if left <= 0:
            raise ConnectionResetError


@app.get("/state/{name}")
async def state(name: str) -> JSONResponse:
    stream = STREAMS[name]
    message = nbstream.messages.messages_to_json(stream.messages)
    return JSONResponse(
        {"messages": message, "asked": asked.get(name, []), "reason": stream.finish_reason}
    )


@app.get("/status/{code}")
async def status(code: int) -> Response:
    """What a route that serves no stream answers."""
    return Response(status_code=code)


if __name__ == "__main__":
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        free.listen()
        print(free.getsockname()[1], flush=True)
        uvicorn.Server(uvicorn.Config(app, log_level="critical")).run(sockets=[free])
