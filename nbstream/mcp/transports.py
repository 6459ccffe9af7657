"""Makes the transports of the package ``mcp``: a program's pipes, or HTTP.

The package is imported when the first server is used.
"""

from __future__ import annotations

import logging
import os
import threading
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from nbstream.errors import UsageError
from nbstream.mcp import line_codec
from nbstream.transport.own_client import own_client

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

MOST_BYTES = 64 * 1024 * 1024
"""Of one response by HTTP."""

_TAIL = 4_000  # bytes of a program's stderr that are kept


def load() -> None:
    """Import the package ``mcp``, and what it imports at the first call of a tool.

    Raises:
        UsageError: it is not installed.
    """
    try:
        import jsonschema  # noqa: F401
        from mcp import Client  # noqa: F401 - what is too old has none
    except ImportError:
        raise UsageError(
            "MCP servers need the package mcp, 2.2 or later.",
            remedy="pip install 'nbstream[mcp]'\nThen restart the kernel.",
        ) from None
    # Without a handler Python prints its warnings into the cell. Those that matter are errors here.
    logging.getLogger("mcp").addHandler(logging.NullHandler())


class StderrTail:
    """The end of what a program writes to stderr; a thread reads it, so writing never blocks."""

    def __init__(self) -> None:
        read, write = os.pipe()
        self.stream = os.fdopen(write, "w")
        self._tail = b""
        self._thread = threading.Thread(target=self._read, args=(read,), daemon=True)
        self._thread.name = "nbstream stderr of an MCP server"
        self._thread.start()

    def _read(self, descriptor: int) -> None:
        with os.fdopen(descriptor, "rb", buffering=0) as pipe:
            while piece := pipe.read(65536):
                self._tail = (self._tail + piece)[-_TAIL:]

    @property
    def text(self) -> str:
        """What the program wrote last."""
        self._thread.join(0.2)  # seconds: the program may just have ended
        return self._tail.decode(errors="replace").strip()


class Pipes:
    """Starts a program, which reads from stdin and writes to stdout."""

    def __init__(
        self, command: str, args: list[str], env: Mapping[str, str] | None, cwd: str | None
    ) -> None:
        self._command = command
        self._args = args
        self._env = env
        self._cwd = cwd
        self.stderr: StderrTail | None = None
        self.status = 0  # no HTTP

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[Any]:
        """The transport, while the program runs. At the end it is stopped, with its children."""
        from mcp.client.stdio import StdioServerParameters, stdio_client

        self.stderr = StderrTail()
        env = None if self._env is None else {**self._env}
        try:
            wanted = StdioServerParameters(
                command=self._command,
                args=self._args,
                env=env,
                cwd=self._cwd,
                encoding=line_codec.NAME,
                encoding_error_handler="replace",
            )
            async with stdio_client(wanted, errlog=self.stderr.stream) as streams:
                self.stderr.stream.close()  # the program has its own
                yield streams
        finally:
            self.stderr.stream.close()


class Web:
    """Connects to an address: streamable HTTP, or the older HTTP with server-sent events."""

    stderr = None

    def __init__(self, url: str, headers: Mapping[str, str], *, events: bool) -> None:
        self._url = url
        self._headers = headers
        self._events = events
        self.status = 0
        """The HTTP status of the last response."""

    def _note_status(self, status: int) -> None:
        self.status = status

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[Any]:
        """The transport, while it is open."""
        client = own_client(self._url, self._headers, MOST_BYTES, self._note_status)
        if self._events:
            from mcp.client.sse import sse_client

            factory: Any = lambda **_: client  # noqa: E731 - the package gives its own settings
            async with sse_client(str(self._url), httpx_client_factory=factory) as streams:
                yield streams
            return
        from mcp.client.streamable_http import streamable_http_client

        async with (
            client,
            streamable_http_client(
                str(self._url), http_client=client, max_sse_event_size=MOST_BYTES
            ) as streams,
        ):
            yield streams
