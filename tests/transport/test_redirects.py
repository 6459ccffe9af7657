"""A key never follows a redirect, also if the user's own HTTP client follows them."""

import asyncio
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

import nbstream
from nbstream import errors

KEY = "sk-test-0123456789abcdefghij"


class Redirecting(BaseHTTPRequestHandler):
    """Sends every request to the same port under another name, where it notes it."""

    seen: list[str]

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.headers["Host"].startswith("localhost"):
            self.seen.append(str(self.headers))
            self.send_response(200)
        else:
            self.send_response(307)
            host = self.headers["Host"].replace("127.0.0.1", "localhost")
            self.send_header("Location", f"http://{host}/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST  # noqa: N815 - the base class's name

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    Redirecting.seen = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Redirecting)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("name", ["anthropic/m", "openai-chat/m", "google/m", None])
def test_a_client_that_follows_redirects_does_not_take_the_key_along(
    address: str, name: str | None
) -> None:
    async def main() -> None:
        async with httpx.AsyncClient(follow_redirects=True) as client:
            if name is None:
                stream = nbstream.from_url(
                    address, headers={"X-Token": KEY}, client=client, retries=0
                )
            else:
                model = nbstream.get_model(name, base_url=address, api_key=KEY)
                stream = nbstream.stream(model, "hi", client=client, retries=0)
            with pytest.raises(errors.ProviderError, match="redirects the request"):
                await stream

    asyncio.run(main())
    assert Redirecting.seen == []
