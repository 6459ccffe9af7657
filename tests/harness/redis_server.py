"""Starts Debian's `redis-server` for tests, on a free port, with a password and nothing on disk."""

import shutil
import socket
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.harness.patience import until
from tests.harness.starting import free_port

PASSWORD = "open-sesame-4711"
PROGRAM = shutil.which("redis-server")
MISSING = "redis-server is not installed: scripts/redis_server.py installs it on Debian"


class RedisServer:
    """The server, while this is open."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.port = free_port()
        self.url = f"redis://:{PASSWORD}@127.0.0.1:{self.port}/0"
        self._start()

    def _start(self) -> None:
        assert PROGRAM is not None
        options = [
            *("--port", str(self.port), "--bind", "127.0.0.1", "--requirepass", PASSWORD),
            *("--save", "", "--appendonly", "no", "--dir", str(self._folder)),
        ]
        self._process = subprocess.Popen([PROGRAM, *options], stdout=subprocess.DEVNULL)
        until(self._answers)

    def _answers(self) -> bool:
        assert self._process.poll() is None, "redis-server ended"
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def command(self, *words: str) -> str:
        """What `redis-cli` prints for a command."""
        options = ["-p", str(self.port), "-a", PASSWORD, "--no-auth-warning"]
        done = subprocess.run(
            ["redis-cli", *options, *words], capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def start_again(self) -> None:
        """End it as a crash does, and start it without what it held."""
        self.close()
        self._start()

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
