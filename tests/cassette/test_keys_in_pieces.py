"""A key that an answer repeats piece by piece is not in the cassette, as a whole or joined."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import nbstream

KEY = "sk-test-0123456789abcdefghij"


def chunk(text: str, reason: str | None = None) -> bytes:
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": reason}
    row = {"object": "chat.completion.chunk", "choices": [choice]}
    return b"data: " + json.dumps(row).encode() + b"\n\n"


class Repeating(BaseHTTPRequestHandler):
    """Answers with the request's key, four characters at a time."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()
        said = f"You are {self.headers['Authorization']}, it seems."
        for at in range(0, len(said), 4):
            self.wfile.write(chunk(said[at : at + 4]))
        self.wfile.write(chunk("", "stop"))

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Repeating)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_key_in_pieces_is_not_recorded(address: str, tmp_path: Path) -> None:
    path = tmp_path / "a.nbstream"

    def ask() -> str:
        with nbstream.recording(path):
            model = nbstream.get_model("openai-chat/m", base_url=address, api_key=KEY)
            return nbstream.stream(model, "Who am I?").get_final_text()

    assert KEY in ask(), "it was in the answer"
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    events = [event for row in rows if "at" in row and "end" not in row for event in row["events"]]
    chunks = [event.get("chunk", "") for event in events]
    assert len(chunks) > 5
    assert KEY not in path.read_text() + "".join(map(str, chunks))
    assert ask() == "You are Bearer [key], it seems."
