"""A server before aimock that gives the same bytes to the same question, whoever asks.

So a library and nbstream's own client get the same response, ids and all.
"""

import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

PROMPTS = (
    "say hello",
    "think first",
    "the weather",
    "count the tokens",
    "agent: one tool",
    "agent: text",
    "agent: nested",
)
ANSWERED = ('"tool_result"', '"role":"tool"', "function_call_output", "functionResponse")
STREAMS = ('"stream":true', "streamGenerateContent")


class Repeating:
    """The server, while this is open."""

    def __init__(self, upstream: str) -> None:
        self._upstream = upstream
        self._answers: dict[Any, tuple[int, str, bytes]] = {}
        self._lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, kind, answer = outer.answer(self.path, body)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def answer(self, path: str, body: bytes) -> tuple[int, str, bytes]:
        """The status, the type and the body for a request; asked once of aimock."""
        text = body.decode().replace('": ', '":').replace(", ", ",")
        marks = [one in text or one in path for one in (*PROMPTS, *ANSWERED, *STREAMS)]
        path = path.partition("?")[0] if "beta" in path else path
        with self._lock:
            key = (path, *marks)
            if key not in self._answers:
                headers = {"Content-Type": "application/json", "Authorization": "Bearer test-key"}
                request = urllib.request.Request(self._upstream + path, body, headers)
                with urllib.request.urlopen(request, timeout=60) as found:
                    kind = found.headers["Content-Type"]
                    self._answers[key] = (found.status, kind, found.read())
            return self._answers[key]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
