"""A small proxy on loopback: HTTP, with CONNECT, and SOCKS 5 on one port.

Whatever host is asked for, it connects to 127.0.0.1 at one port.
"""

import asyncio
import base64
import contextlib
import ssl
import threading
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self


@dataclass
class Asked:
    """One request to the proxy: ``CONNECT``, ``SOCKS5`` or a method, and the host or address."""

    method: str
    target: str
    auth: str | None


class Proxy:
    """The proxy. ``asked`` lists what it was asked for."""

    def __init__(
        self,
        to: int,
        *,
        auth: str | None = None,
        status: int | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """``to``: the port that everything goes to. ``auth``: ``user:password``.

        ``status``: what it answers to each CONNECT.
        """
        self.asked: list[Asked] = []
        self._to, self._auth, self._status = to, auth, status
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server = self._call(asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=tls))
        self.port: int = self._server.sockets[0].getsockname()[1]
        self.host = f"127.0.0.1:{self.port}"

    def _call(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Not a coroutine: a task that is cancelled before it begins closes nothing.
        self._writers.add(writer)
        self._tasks.add(self._loop.create_task(self._serve(reader, writer)))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            first = await reader.readexactly(1)
            if first == b"\x16":  # a TLS client at a proxy that speaks none
                await _answer(writer, 400)
            elif first == b"\5":
                await self._socks(reader, writer)
            else:
                await self._http(first, reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
            pass  # the client closed
        finally:
            await _close(writer)

    async def _http(
        self, first: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        head = first + await reader.readuntil(b"\r\n\r\n")
        line, *rows = head.decode().splitlines()
        headers = dict(row.lower().split(": ", 1) for row in rows if row)
        method, target, _ = line.split()
        given = headers.get("proxy-authorization")
        self.asked.append(Asked(method, target, given))
        # `headers` is in lower case, also the base64.
        wanted = self._auth and f"basic {base64.b64encode(self._auth.encode()).decode().lower()}"
        if wanted and given != wanted:
            await _answer(writer, 407)
        elif method == "CONNECT" and self._status:
            await _answer(writer, self._status)
        elif method == "CONNECT":
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await self._join(reader, writer, b"")
        else:
            await self._join(reader, writer, head)

    async def _socks(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """RFC 1928 and 1929."""
        methods = await reader.readexactly((await reader.readexactly(1))[0])
        wanted = b"\2" if self._auth else b"\0"
        writer.write(b"\5" + (wanted if wanted in methods else b"\xff"))
        given = None
        if self._auth and wanted in methods:
            await reader.readexactly(1)
            user = await reader.readexactly((await reader.readexactly(1))[0])
            password = await reader.readexactly((await reader.readexactly(1))[0])
            given = f"{user.decode()}:{password.decode()}"
            writer.write(b"\1" + (b"\0" if given == self._auth else b"\1"))
        kind = (await reader.readexactly(4))[3:]
        host = await reader.readexactly((await reader.readexactly(1))[0] if kind == b"\3" else 4)
        await reader.readexactly(2)
        self.asked.append(Asked("SOCKS5", host.decode(errors="replace"), given))
        writer.write(b"\5" + (b"\5" if self._status else b"\0") + b"\0\1" + bytes(6))
        if not self._status:
            await self._join(reader, writer, b"")

    async def _join(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, first: bytes
    ) -> None:
        """Connect to the server, and copy both ways until one side closes."""
        connecting = self._loop.create_task(asyncio.open_connection("127.0.0.1", self._to))
        try:
            server_reader, server_writer = await asyncio.shield(connecting)
        except asyncio.CancelledError:  # cancelled, it would leave its socket open
            await _close((await connecting)[1])
            raise
        self._writers.add(server_writer)  # closed at the end, also if this task is cancelled
        server_writer.write(first)
        ways = [
            asyncio.create_task(_copy(reader, server_writer)),
            asyncio.create_task(_copy(server_reader, writer)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            await _close(server_writer)

    async def _close(self) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for writer in [*self._writers]:
            await _close(writer)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._call(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(ConnectionError, ssl.SSLError, asyncio.CancelledError):
        await writer.wait_closed()


async def _answer(writer: asyncio.StreamWriter, status: int) -> None:
    reason = {400: "Bad Request", 407: "Proxy Authentication Required"}.get(status, "Bad Gateway")
    writer.write(f"HTTP/1.1 {status} {reason}\r\nContent-Length: 0\r\n\r\n".encode())
    await writer.drain()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
