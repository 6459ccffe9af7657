"""Servers of the batch interfaces of Anthropic and OpenAI, as their documentation describes them.

A batch ends once the test lets it. A prompt `fail …` ends in an error, `expire …` expires.
"""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

Row = dict[str, Any]


class BatchServer:
    """What both have: the batches, and what was asked of the server."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, dict[str, str], bytes]] = []
        """Method, path, headers and body of each."""
        self.sent: list[list[Row]] = []
        """The requests of each batch."""
        self.cancelled: set[str] = set()
        self.finish = threading.Event()
        """Set by the test: the batches end."""
        self.answered = 0
        """How many requests have an answer before the end."""
        self.echo = ""
        """What an error repeats."""
        self.gone = False
        """Whether the results are kept no longer."""
        self.forgets = False
        """Whether it knows the state of no batch."""
        self.breaks = 0
        """How many of the next requests the server fails at."""
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                server.requests.append((self.command, self.path, headers, body))
                status, data = server.reply(self.command, self.path, headers, body)
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = _answer  # noqa: N815 - the library's names

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def asked(self, method: str, path: str) -> int:
        """How many requests had this method, and a path that ends so."""
        return sum(one[0] == method and one[1].endswith(path) for one in self.requests)

    def reply(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, bytes]:
        """Status and body of a response."""
        if self.breaks:
            self.breaks -= 1
            return 503, b'{"error": {"type": "overloaded_error", "message": "Busy."}}'
        found = self.route(method, path, headers, body)
        if self.forgets and method == "GET":
            found = None
        if isinstance(found, bytes):
            return 200, found
        if found is None:
            return 404, b'{"error": {"type": "not_found_error", "message": "No such batch."}}'
        return 200, json.dumps(found).encode()

    def route(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> Row | bytes | None:
        """The body of a response; None if there is nothing at the path."""
        raise NotImplementedError

    def has_ended(self, batch: str) -> bool:
        """Whether the batch is over."""
        return self.finish.is_set() or batch in self.cancelled


def prompt_of(body: Row) -> str:
    """The last prompt in the body of a request."""
    rows = body.get("messages") or body["input"]
    content = rows[-1]["content"]
    return str(content if isinstance(content, str) else content[-1]["text"])


class AnthropicServer(BatchServer):
    """`/v1/messages/batches`."""

    def route(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> Row | bytes | None:
        assert "anthropic-version" in headers
        if method == "POST" and path == "/v1/messages/batches":
            self.sent.append(json.loads(body)["requests"])
            return self._batch(f"msgbatch_{len(self.sent)}")
        found = re.fullmatch(r"/v1/messages/batches/(msgbatch_(\d+))(/results|/cancel)?", path)
        if found is None or int(found[2]) > len(self.sent):
            return None
        if found[3] == "/results" and self.gone:
            return None
        if found[3] == "/results":
            rows = [self._result(found[1], one) for one in self.sent[int(found[2]) - 1]]
            return b"".join(json.dumps(one).encode() + b"\n" for one in reversed(rows))
        if found[3] == "/cancel":
            self.cancelled.add(found[1])
        return self._batch(found[1])

    def _batch(self, name: str) -> Row:
        rows = self.sent[int(name.rpartition("_")[2]) - 1]
        ended = self.has_ended(name)
        kinds = [self._result(name, one)["result"]["type"] for one in rows]
        counts = {one: kinds.count(one) for one in ("succeeded", "errored", "canceled", "expired")}
        if not ended:
            counts = dict.fromkeys(counts, 0) | {"succeeded": self.answered}
        return {
            "id": name,
            "type": "message_batch",
            "processing_status": "ended" if ended else "in_progress",
            "request_counts": {**counts, "processing": len(rows) - sum(counts.values())},
            # Elsewhere: a proxy's answer, say. The key must not go there.
            "results_url": f"https://results.invalid/v1/messages/batches/{name}/results",
        }

    def _result(self, name: str, request: Row) -> Row:
        prompt = prompt_of(request["params"])
        result: Row
        if name in self.cancelled:
            result = {"type": "canceled"}
        elif prompt.startswith("expire"):
            result = {"type": "expired"}
        elif prompt.startswith("fail"):
            error = {"type": "invalid_request_error", "message": f"No such field. {self.echo}"}
            result = {"type": "errored", "error": {"type": "error", "error": error}}
        else:
            message = {
                "id": f"msg_{prompt}",
                "type": "message",
                "role": "assistant",
                "model": request["params"]["model"],
                "content": [{"type": "text", "text": f"Answer to {prompt}"}],
                "stop_reason": "end_turn",
                "usage": {"input_tokens": 10, "output_tokens": 5, "service_tier": "batch"},
            }
            result = {"type": "succeeded", "message": message}
        return {"custom_id": request["custom_id"], "result": result}


class OpenAIServer(BatchServer):
    """`/v1/files` and `/v1/batches`."""

    def __init__(self) -> None:
        super().__init__()
        self._files: list[list[Row]] = []
        self.endpoints: list[str] = []
        self.refuses = False
        """Whether it refuses the batch's file."""

    def route(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> Row | bytes | None:
        if path == "/v1/files":
            assert headers["content-type"].startswith("multipart/form-data; boundary=")
            edge = b"--" + headers["content-type"].partition("boundary=")[2].encode()
            purpose, file = [part.partition(b"\r\n\r\n")[2] for part in body.split(edge)[1:-1]]
            assert purpose == b"batch\r\n"
            self._files.append([json.loads(line) for line in file.splitlines() if line])
            return {"id": f"file-{len(self._files)}", "object": "file", "purpose": "batch"}
        if method == "POST" and path == "/v1/batches":
            asked = json.loads(body)
            assert asked["completion_window"] == "24h"
            self.endpoints.append(asked["endpoint"])
            self.sent.append(self._files[int(asked["input_file_id"].rpartition("-")[2]) - 1])
            return self._batch(len(self.sent))
        if found := re.fullmatch(r"/v1/batches/batch_(\d+)(/cancel)?", path):
            if int(found[1]) > len(self.sent):
                return None
            if found[2]:
                self.cancelled.add(f"batch_{found[1]}")
            return self._batch(int(found[1]))
        if self.gone:
            return None
        if found := re.fullmatch(r"/v1/files/(output|errors)-(\d+)/content", path):
            rows = [self._row(one, f"batch_{found[2]}") for one in self.sent[int(found[2]) - 1]]
            wanted = [
                one
                for one in rows
                if ((one["response"] or {}).get("status_code") == 200) == (found[1] == "output")
            ]
            return b"\n".join(json.dumps(one).encode() for one in wanted)
        return None

    def _batch(self, number: int) -> Row:
        rows, ended = self.sent[number - 1], self.has_ended(f"batch_{number}")
        status = "completed" if ended else "in_progress"
        row: Row = {"id": f"batch_{number}", "object": "batch", "status": status}
        if self.refuses:
            error = {"code": "invalid_json_line", "message": "Line 1 is no request.", "line": 1}
            return {**row, "status": "failed", "errors": {"object": "list", "data": [error]}}
        expired = ended and any(prompt_of(one["body"]).startswith("expire") for one in rows)
        status = "expired" if expired else status
        if ended and row["id"] in self.cancelled:
            status = "cancelled"
        row["status"] = status
        failed = sum(self._row(one, row["id"])["error"] is not None for one in rows)
        failed += sum(prompt_of(one["body"]).startswith("fail") for one in rows)
        done = len(rows) - failed if ended else self.answered
        counts = {"total": len(rows), "completed": done, "failed": failed if ended else 0}
        row |= {"request_counts": counts, "output_file_id": None, "error_file_id": None}
        if ended:
            row["output_file_id"] = f"output-{number}"
            row["error_file_id"] = f"errors-{number}" if failed else None
        return row

    def _row(self, request: Row, batch: str) -> Row:
        prompt = prompt_of(request["body"])
        code = "batch_expired" if prompt.startswith("expire") else ""
        if code or batch in self.cancelled:
            missed = {"code": code or "batch_cancelled", "message": "It was not executed."}
            return {"custom_id": request["custom_id"], "response": None, "error": missed}
        status, body = 200, self._answer(request, f"Answer to {prompt}")
        if prompt.startswith("fail"):
            status = 400
            error = {
                "type": "invalid_request_error",
                "message": f"No such field. {self.echo}",
                "code": None,
            }
            body = {"error": error}
        response = {"status_code": status, "request_id": "req_1", "body": body}
        return {"id": "x", "custom_id": request["custom_id"], "response": response, "error": None}

    def _answer(self, request: Row, text: str) -> Row:
        model = request["body"]["model"]
        if request["url"] == "/v1/chat/completions":
            message = {"role": "assistant", "content": text}
            return {
                "id": "chatcmpl-1",
                "object": "chat.completion",
                "model": model,
                "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
                "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15},
            }
        content = [{"type": "output_text", "text": text, "annotations": []}]
        item = {"id": "msg_1", "type": "message", "role": "assistant", "content": content}
        return {
            "id": "resp_1",
            "object": "response",
            "status": "completed",
            "model": model,
            "output": [{**item, "status": "completed"}],
            "usage": {"input_tokens": 10, "output_tokens": 5, "total_tokens": 15},
        }
