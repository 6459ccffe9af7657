"""Finds a free port for a server that a test starts, and waits until the server answers."""

import socket
import subprocess
import time
from collections.abc import Callable

START = 60.0  # seconds


def free_port() -> int:
    """A port of loopback that is free now; it may be taken before the server binds it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_answers(
    ask: Callable[[], object], process: subprocess.Popen[bytes], log: Callable[[], str]
) -> None:
    """Block until `ask()`, a request to the server, does not fail."""
    deadline = time.monotonic() + START
    while True:
        try:
            ask()
        except OSError:  # refused, broken off, or too slow to answer
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server did not start:\n{log()}") from None
            time.sleep(0.1)
        else:
            return
