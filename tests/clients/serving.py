"""Serves streams with Starlette and uvicorn, and reads them with the front ends' own clients."""

import json
import socket
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

from tests.harness.patience import HANG

HERE = Path(__file__).parent


class Served:
    """Serves each of `streams` at `/NAME/KIND` on a free port, while this is open."""

    def __init__(self, streams: Mapping[str, Any]) -> None:
        self._streams = streams
        routes = [Route("/{name}/{kind}", self._respond, methods=["GET", "POST"])]
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._server = uvicorn.Server(
            uvicorn.Config(Starlette(routes=routes), log_level="critical", lifespan="off")
        )
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True
        )

    async def _respond(self, request: Request) -> StreamingResponse:
        stream = self._streams[request.path_params["name"]]
        if request.path_params["kind"] == "ui":
            frames = stream.ui_messages()
        else:
            asked = await request.json()
            frames = stream.ag_ui(asked["threadId"], asked["runId"])
        return StreamingResponse(frames, headers=frames.headers)

    def read(self, kind: str, *names: str) -> list[dict[str, Any]]:
        """What the client of that kind makes of each stream."""
        asked = [word for name in names for word in (kind, f"{self.url}/{name}/{kind}")]
        done = subprocess.run(
            ["node", str(HERE / "read.mjs"), *asked],
            capture_output=True,
            text=True,
            timeout=4 * HANG,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        found: list[dict[str, Any]] = json.loads(done.stdout)
        return found

    def __enter__(self) -> Self:
        assert (HERE / "node_modules").exists(), "not installed: npm --prefix tests/clients ci"
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()
