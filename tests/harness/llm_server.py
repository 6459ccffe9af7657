"""An HTTP server for tests that imitates Chat Completions and Anthropic's Messages API.

The name of a model says what it answers and how fast; see ``llm_scripts``. ``hush`` ends the answer
of a model that would go on. One thread with its own event loop. Bodies are chunked and each
connection carries one request. The server notices when the client closes, so that a test can ask
whether an interrupt closed it.
"""

import asyncio
import contextlib
import json
import ssl
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Self

from tests.harness import llm_messages, llm_wire
from tests.harness.closing import Closing
from tests.harness.llm_scripts import Script, script_of
from tests.harness.patience import HANG

TICK = 0.004  # seconds; several deltas go out at once where the pace asks for it
MODELS = ("gpt-5.2", "gpt-5.2-mini", "whisper-2")
"""What it says its models are; it answers to any script's name all the same."""
BACKLOG = 1024  # hundreds of clients may connect at once; a refused one retries after a second


@dataclass
class Request:
    """One request and what became of it. Times are of time.monotonic()."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    received: float
    sent: int = 0
    """Deltas written so far."""
    sent_at: list[float] = field(default_factory=list, repr=False)
    """When each delta was written, of time.time()."""
    finished: float | None = None
    """When the script was through."""
    disconnected: float | None = None
    """When the client went away before that."""
    hushed: bool = False
    """Whether the test has heard enough of a model that talks."""
    over: threading.Event = field(default_factory=threading.Event, repr=False)

    @property
    def model(self) -> str:
        """The model's name, which is its script."""
        return str(self.body.get("model", ""))

    def wait(self, timeout: float = HANG) -> Self:
        """Wait until it is finished or the client has closed."""
        assert self.over.wait(timeout), f"still open after {timeout} s: {self!r}"
        return self


class LLMServer(Closing):
    """The server. `requests` lists what it was asked, in order of arrival."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Request] = []
        self._arrived = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self._call(
            asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=BACKLOG, ssl=tls)
        )
        self.port: int = self._server.sockets[0].getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"

    @property
    def env(self) -> dict[str, str]:
        """Variables by which `openai-chat/...` models reach this server."""
        return {"OPENAI_BASE_URL": f"{self.url}/v1", "OPENAI_API_KEY": "test-key-0123456789"}

    @property
    def messages_env(self) -> dict[str, str]:
        """Variables by which `anthropic/...` models reach this server."""
        return {"ANTHROPIC_BASE_URL": self.url, "ANTHROPIC_API_KEY": "test-key-0123456789"}

    def of(self, model: str) -> list[Request]:
        """All requests for a model so far."""
        return [request for request in self.requests if request.model == model]

    def wait_for(self, model: str, count: int = 1, timeout: float = HANG) -> Request:
        """Wait for the count-th request for a model, and return it."""
        with self._arrived:
            there = self._arrived.wait_for(lambda: len(self.of(model)) >= count, timeout)
        assert there, f"no request {count} for {model} within {timeout} s"
        return self.of(model)[count - 1]

    def hush(self, model: str) -> str:
        """End a `talk` model's answer in order; returns all that it said."""
        request = self.of(model)[-1]
        request.hushed = True
        request.wait()
        return "".join(script_of(model).text[: request.sent])

    def close(self) -> None:
        """End every connection and the thread."""
        self._call(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _close(self) -> None:
        self._server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _call(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection, and note whether the client closed it early."""
        try:
            request = await _read(reader)
            with self._arrived:
                self.requests.append(request)
                self._arrived.notify_all()
            answer = asyncio.create_task(_answer(request, writer))
            # The client sends nothing more, so an empty read means that it closed.
            gone = asyncio.create_task(reader.read())
            await asyncio.wait({answer, gone}, return_when=asyncio.FIRST_COMPLETED)
            lost = not answer.done() or isinstance(answer.exception(), ConnectionError)
            if lost:
                request.disconnected = time.monotonic()
            else:
                request.finished = time.monotonic()
            for task in (answer, gone):
                task.cancel()
            await asyncio.gather(answer, gone, return_exceptions=True)
            request.over.set()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # a connection that was opened and not used
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError, asyncio.CancelledError):
                await writer.wait_closed()


async def _read(reader: asyncio.StreamReader) -> Request:
    """Read one HTTP request."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.strip().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    path = first.split()[1]
    return Request(path, headers, json.loads(body) if body else {}, time.monotonic())


async def _answer(request: Request, writer: asyncio.StreamWriter) -> None:
    """Write the answer of the model that the request names."""
    if request.path.split("?")[0].endswith("/messages"):
        await _messages(request, writer)
        return
    if request.path.split("?")[0].endswith("/models"):
        await _whole(writer, 200, {"data": [{"id": name} for name in MODELS]})
        return
    known = request.path.split("?")[0].endswith("/chat/completions")
    script = script_of(request.model) if known else Script(status=404)
    if script.status != 200:
        extra = ["Retry-After: 1"] if script.status == 429 else []
        key = request.headers.get("authorization", "").removeprefix("Bearer ")
        await _whole(writer, script.status, llm_wire.error(script.status, key), extra)
        return
    await asyncio.sleep(script.delay)
    if request.body.get("stream"):
        await _stream(request, script, writer)
    else:
        await _whole(writer, 200, llm_wire.completion(request.model, script))


async def _messages(request: Request, writer: asyncio.StreamWriter) -> None:
    """Stream an answer of the Messages API."""
    turns = [one for one in request.body["messages"] if one["role"] == "assistant"]
    script = script_of(request.model, len(turns))
    if script.status != 200:
        await _whole(writer, script.status, llm_messages.error(script.status))
        return
    _head(writer, 200, "text/event-stream", "Transfer-Encoding: chunked", "request-id: req_test")
    rows = llm_messages.events(request.model, script)
    for row in rows[: -2 if script.end == "cut" else None]:
        _chunk(writer, llm_messages.sse(row))
        await writer.drain()
    if script.end != "cut":
        writer.write(b"0\r\n\r\n")
        await writer.drain()


async def _whole(
    writer: asyncio.StreamWriter, status: int, value: dict[str, Any], extra: Iterable[str] = ()
) -> None:
    """Write a JSON response that is not streamed."""
    body = json.dumps(value).encode()
    _head(writer, status, "application/json", f"Content-Length: {len(body)}", *extra)
    writer.write(body)
    await writer.drain()


async def _stream(request: Request, script: Script, writer: asyncio.StreamWriter) -> None:
    """Stream an answer of Chat Completions, to the end that its script has."""
    model = request.model
    _head(writer, 200, "text/event-stream", "Transfer-Encoding: chunked")
    _chunk(writer, llm_wire.sse(llm_wire.chunk(model, {"role": "assistant", "content": ""})))
    await _paced(request, script, writer)
    match script.end:
        case "cut":
            return  # without the chunk that ends a chunked body
        case "hang":
            await asyncio.Event().wait()
        case "malformed":
            _chunk(writer, llm_wire.MALFORMED)
        case "stop":
            _chunk(writer, llm_wire.sse(llm_wire.chunk(model, {}, "stop")))
            if (request.body.get("stream_options") or {}).get("include_usage"):
                _chunk(writer, llm_wire.sse(llm_wire.usage_chunk(model, script)))
            _chunk(writer, llm_wire.DONE)
    writer.write(b"0\r\n\r\n")
    await writer.drain()


async def _paced(request: Request, script: Script, writer: asyncio.StreamWriter) -> None:
    """Write the script's deltas at its rate, until it ends or a test has called ``hush``."""
    deltas = [
        llm_wire.sse(llm_wire.chunk(request.model, {name: text})) for name, text in script.deltas
    ]
    began = time.monotonic()
    while request.sent < len(deltas) and not (script.hushable and request.hushed):
        due = min(len(deltas), script.due(time.monotonic() - began))
        if due > request.sent:
            request.sent_at += [time.time()] * (due - request.sent)
            # One chunk for each event, as servers do; readers must not depend on the cuts.
            for data in deltas[request.sent : due]:
                _chunk(writer, data)
            request.sent = due
            await writer.drain()
        if due < len(deltas):
            await asyncio.sleep(max(TICK, began + due / script.rate - time.monotonic()))


def _head(writer: asyncio.StreamWriter, status: int, kind: str, *lines: str) -> None:
    head = [f"HTTP/1.1 {status} Scripted", f"Content-Type: {kind}", "Connection: close"]
    head += ["x-request-id: req_test", *lines, "", ""]
    writer.write("\r\n".join(head).encode())


def _chunk(writer: asyncio.StreamWriter, data: bytes) -> None:
    writer.write(b"%x\r\n%b\r\n" % (len(data), data))
