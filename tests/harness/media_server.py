"""An HTTP server for tests that acts as providers of image and video models.

It records each request. Words in the prompt make it fail; see `_fail_as_asked`. The answers are in
`media_endpoints`.
"""

import json
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from tests.harness import media_endpoints
from tests.harness.media_endpoints import KEY, Job


@dataclass
class Request:
    """One request, as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes = field(repr=False)
    at: float

    @property
    def json(self) -> Any:
        """Its body, parsed."""
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, list[Message]]:
        """The parts of a form body, by name."""
        head = f"Content-Type: {self.headers['content-type']}\r\n\r\n".encode()
        parts: dict[str, list[Message]] = {}
        for part in BytesParser().parsebytes(head + self.body).get_payload():
            assert isinstance(part, Message)
            name = part.get_param("name", header="content-disposition")
            parts.setdefault(str(name), []).append(part)
        return parts

    @property
    def prompt(self) -> str:
        """The prompt, from where this endpoint has it."""
        if "multipart" in self.headers.get("content-type", ""):
            return str(self.form["prompt"][0].get_payload())
        row = self.json
        if "instances" in row:
            return str(row["instances"][0]["prompt"])
        if "contents" in row:
            return str(row["contents"][-1]["parts"][0]["text"])
        if "messages" in row:
            return json.dumps(row["messages"][-1]["content"])
        return str(row["prompt"])


class MediaServer:
    """The server. `requests` grows in order of arrival; `jobs` are by id."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.jobs: dict[str, Job] = {}
        self.flaky = 0
        """How many of the next questions about a job are answered with 503."""
        self.closing = threading.Event()
        """Set at the end, so that no answer is slower than that."""
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"

    def of(self, method: str, path: str) -> list[Request]:
        """The requests of that method to paths that match."""
        return [r for r in self.requests if r.method == method and re.search(path, r.path)]

    def close(self) -> None:
        """End it."""
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class Exchange(BaseHTTPRequestHandler):
    """One request and its answer."""

    protocol_version = "HTTP/1.1"
    media: MediaServer
    asked: Request

    def handle_any(self) -> None:
        """Record the request and let its endpoint answer."""
        length = int(self.headers.get("Content-Length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(length)
        self.asked = Request(self.command, self.path, headers, body, time.monotonic())
        self.media.requests.append(self.asked)
        path = self.path.partition("?")[0]
        for method, pattern, answer in media_endpoints.ENDPOINTS:
            if method == self.command and (found := re.fullmatch(pattern, path)):
                if not self._fail_as_asked():
                    answer(self, *found.groups())
                return
        self.row({"error": {"message": f"Nothing is at {path}."}}, 404)

    do_GET = do_POST = do_DELETE = handle_any  # noqa: N815 - the names that it looks for

    def log_message(self, *_: Any) -> None:
        """Keep quiet."""

    def _fail_as_asked(self) -> bool:
        """The failure that the prompt asks for, before anything is answered."""
        key = self.asked.headers.get("authorization", "").removeprefix("Bearer ")
        key = key or self.asked.headers.get("x-goog-api-key", "")
        if key != KEY:
            self.row({"error": {"message": f"Incorrect API key provided: {key}."}}, 401)
            return True
        if self.command != "POST":
            return False
        prompt = self.asked.prompt
        if "forbidden" in prompt:
            error = {"message": "Your request was rejected.", "code": "moderation_blocked"}
            self.row({"error": error}, 400)
        elif "slow" in prompt:
            self.media.closing.wait(media_endpoints.A_LONG_TIME)
            self.row({})
        else:
            return False
        return True

    def row(self, value: Any, status: int = 200) -> None:
        """Answer with JSON."""
        self.whole(json.dumps(value).encode(), "application/json", status)

    def whole(self, data: bytes, kind: str, status: int = 200, *, promised: int = 0) -> None:
        """Answer with bytes; `promised` is a Content-Length that is not true."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(promised or len(data)))
        self.send_header("x-request-id", "req_media")
        self.end_headers()
        self.wfile.write(data)
        self.close_connection = bool(promised)

    def events(self, rows: Iterator[Any]) -> None:
        """Answer with server-sent events; a string is a comment."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        for row in rows:
            line = f": {row}" if isinstance(row, str) else f"data: {json.dumps(row)}"
            self.wfile.write(f"{line}\n\n".encode())
            self.wfile.flush()
        self.close_connection = True


def _handler(server: MediaServer) -> type[Exchange]:
    return type("Exchange", (Exchange,), {"media": server})
