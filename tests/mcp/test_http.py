"""MCP servers at an address: streamable HTTP and server-sent events, headers, what goes wrong."""

from collections.abc import Iterator
from typing import Any

import pytest

import nbstream
from nbstream.errors import MCPError
from nbstream.testing import ScriptedModel
from tests.agent.scripts import calls, results
from tests.mcp.served import Headers, served

KEY = "sk-verysecret-0123456789"
CALLS = calls(("add", '{"a": 1, "b": 2}'), ("steps", '{"count": 2}'))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The tests' server, in this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NOTES", str(tmp_path_factory.mktemp("http") / "notes.txt"))
        from tests.mcp import tool_server

        yield tool_server.server


@pytest.fixture
def address(server: Any) -> Iterator[tuple[str, Headers]]:
    with served(server.streamable_http_app()) as found:
        yield found


def run(server: Any) -> list[Any]:
    """The results of two calls in a run."""
    return results(nbstream.Agent(ScriptedModel(CALLS, "Done."), tools=[server]).run_sync("?"))


def test_streamable_http(address: tuple[str, Headers]) -> None:
    url, seen = address
    with nbstream.mcp.http(f"{url}/mcp", headers={"Authorization": f"Bearer {KEY}"}) as server:
        assert run(server) == [3, "done"]
        assert server.read("memo://greeting") == "Hello."
        (flood,) = results(
            nbstream.Agent(ScriptedModel(calls(("flood", "{}")), "Done."), tools=[server]).run_sync(
                "?"
            )
        )
        assert flood.endswith("[cut: 9,951,000 of 10,000,000 characters]")
        assert KEY not in repr(server)
    assert {row["authorization"] for row in seen} == {f"Bearer {KEY}"}


def test_server_sent_events(server: Any) -> None:
    with served(server.sse_app()) as (url, seen):
        with nbstream.mcp.sse(f"{url}/sse", headers={"x-key": KEY}) as connected:
            assert run(connected) == [3, "done"]
        assert {row["x-key"] for row in seen} == {KEY}


async def _refuse(_: Any, receive: Any, send: Any) -> None:
    """Answer all requests with 401, and quote the key."""
    await receive()
    await send({"type": "http.response.start", "status": 401, "headers": []})
    await send({"type": "http.response.body", "body": f"{KEY} is not valid".encode()})


async def _page(_: Any, receive: Any, send: Any) -> None:
    """Answer all requests with a page of the web."""
    await receive()
    headers = [(b"content-type", b"text/html")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"<html>Hello</html>"})


async def _flood(_: Any, receive: Any, send: Any) -> None:
    """Answer all requests with more than a response may have."""
    await receive()
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    for _ in range(100):
        await send({"type": "http.response.body", "body": b" " * 1_000_000, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


@pytest.mark.parametrize(
    ("app", "says"),
    [(_refuse, "refused access"), (_page, "text/html"), (_flood, "longer than")],
)
@pytest.mark.parametrize("form", ["http", "sse"])
def test_an_address_that_is_no_server(app: Any, says: str, form: str) -> None:
    with served(app, "off") as (url, _):
        server = getattr(nbstream.mcp, form)(f"{url}/mcp", headers={"Authorization": KEY})
        agent = nbstream.Agent(ScriptedModel("Hi."), tools=[server])
        with pytest.raises(MCPError) as caught:
            agent.run_sync("?")
    text = str(caught.value)
    assert KEY not in text
    assert caught.value.remedy
    if form == "http":
        assert says in text


def test_nobody_is_there() -> None:
    for form in (nbstream.mcp.http, nbstream.mcp.sse):
        with pytest.raises(MCPError, match=r"127\.0\.0\.1 cannot be reached") as caught:
            form("http://127.0.0.1:9/mcp").tools()
        assert caught.value.remedy


def test_a_server_that_repeats_a_key_does_not_bring_it_into_the_error() -> None:
    import json
    import threading
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    class Repeating(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            row = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            bare = self.headers["Authorization"].removeprefix("Bearer ")
            error = {"code": -32600, "message": f"Who is {bare}? {self.path}"}
            body = json.dumps({"jsonrpc": "2.0", "id": row.get("id"), "error": error}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    repeating = ThreadingHTTPServer(("127.0.0.1", 0), Repeating)
    thread = threading.Thread(target=repeating.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{repeating.server_port}/mcp?token={KEY}-2"
    with (
        pytest.raises(MCPError) as failure,
        nbstream.mcp.http(url, headers={"Authorization": f"Bearer {KEY}"}) as server,
    ):
        run(server)
    repeating.shutdown()
    repeating.server_close()
    thread.join()
    assert "[key]" in str(failure.value)
    assert KEY not in f"{failure.value} {failure.value!r}"
