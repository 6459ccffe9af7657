"""Programs of MCP servers end with the process that started them, however that ends."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mcp.conftest import HERE, Notes, is_alive

ROOT = Path(__file__).parents[2]
SCRIPT = """
import sys, time, nbstream
server = nbstream.mcp.stdio("python", *sys.argv[1:3], env={"NOTES": sys.argv[3]})
assert server.tools()
print("ready", flush=True)
if sys.argv[4] == "waits":
    time.sleep(600)
"""


@pytest.mark.parametrize(
    ("program", "end"),
    [
        (["tool_server.py", ""], "exits"),
        (["old_server.py", "stubborn"], "exits"),  # it must be killed
        (["tool_server.py", ""], "waits"),
    ],
)
def test_no_program_is_left(notes: Notes, program: list[str], end: str) -> None:
    name, how = program
    script = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(HERE / name), how, str(notes.path), end],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert script.stdout is not None
    with script.stdout:
        assert script.stdout.readline() == "ready\n"
        if end == "waits":
            os.kill(script.pid, signal.SIGKILL)
        script.wait(60)
    pid = notes.pid
    notes.until(lambda: not is_alive(pid))
