"""Starts the tests' MCP servers, and tells what they wrote down."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import nbstream

HERE = Path(__file__).parent


class Notes:
    """What the server wrote down."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def lines(self) -> list[str]:
        return self.path.read_text(encoding="utf-8").splitlines() if self.path.exists() else []

    @property
    def pid(self) -> int:
        """Of the process that was started last."""
        return int(next(line for line in reversed(self.lines) if line.startswith("pid"))[4:])

    def until(self, ready: Callable[[], bool]) -> None:
        """Wait for what must happen."""
        end = time.monotonic() + 60
        while not ready():
            assert time.monotonic() < end, self.lines
            time.sleep(0.01)


def is_alive(pid: int) -> bool:
    """Whether a process runs. One that has ended and was not waited for does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    if not Path("/proc/self").exists():
        return True
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.fixture
def notes(tmp_path: Path) -> Notes:
    return Notes(tmp_path / "notes.txt")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[nbstream.mcp.MCPServer]:
    """A server for tests that leave it as it was."""
    path = tmp_path_factory.mktemp("mcp") / "notes.txt"
    with nbstream.mcp.stdio(
        "python", str(HERE / "tool_server.py"), env={"NOTES": str(path)}
    ) as server:
        yield server
