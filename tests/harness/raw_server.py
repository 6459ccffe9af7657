"""Serves byte by byte over real TCP what a test wrote: any header, any body, any pause."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Self

STALL = object()
"""A step that sends nothing until the client has gone or the test ends."""

Steps = Iterable[bytes | float | object]


def head(
    kind: str | None = "text/event-stream",
    status: int = 200,
    length: int | None = None,
    **more: str,
) -> bytes:
    """The head of a response whose body ends with the connection, or has `length` bytes."""
    lines = [f"HTTP/1.1 {status} Status", "Connection: close"]
    if kind is not None:
        lines.append(f"Content-Type: {kind}")
    if length is not None:
        lines.append(f"Content-Length: {length}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in more.items()]
    return "\r\n".join([*lines, "", ""]).encode()


class RawServer:
    """Answers each request with the steps that `script` gives for its number, counted from 0.

    A step is bytes to send, seconds to wait, `STALL`, or a function to call.
    """

    def __init__(self, script: Callable[[int], Steps]) -> None:
        self.requests: list[bytes] = []
        self.gone = threading.Event()
        """Set when a client has closed its connection before the script's end."""
        self._script = script
        self._closing = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                peer, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(peer,), daemon=True).start()

    def _serve(self, peer: socket.socket) -> None:
        with peer, contextlib.suppress(OSError):
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            request = b""
            while b"\r\n\r\n" not in request:
                request += peer.recv(65536)
            above, _, body = request.partition(b"\r\n\r\n")
            lengths = [
                int(line.partition(b":")[2])
                for line in above.split(b"\r\n")
                if line.lower().startswith(b"content-length:")
            ]
            while len(body) < (lengths or [0])[0]:
                body += peer.recv(65536)
            self.requests.append(above + b"\r\n\r\n" + body)
            try:
                for step in self._script(len(self.requests) - 1):
                    self._take(step, peer)
            except OSError:
                self.gone.set()

    def _take(self, step: object, peer: socket.socket) -> None:
        if isinstance(step, bytes):
            peer.sendall(step)
        elif isinstance(step, float | int):
            self._closing.wait(step)
        elif callable(step):
            step()
        else:
            peer.settimeout(0.05)
            while not self._closing.is_set():
                with contextlib.suppress(TimeoutError):
                    if not peer.recv(65536):
                        raise ConnectionResetError

    def close(self) -> None:
        """End it, and every stall."""
        self._closing.set()
        self._listener.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
