"""Start a child and hear its address.

Knows pipes, time-outs and what a child leaves behind when it fails. Refuses to know
how many children there are and who shares them.
"""

from __future__ import annotations

import json
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from typing import IO, TYPE_CHECKING, NamedTuple

from nbstream.errors import LocalModelError
from nbstream.providers.local import child
from nbstream.providers.local.weights import GET_LLAMA, other_weights

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Child", "launch"]

_LINES = 12  # of the child's log in an error: one screen with the rest
_WIDTH = 160
_PATIENCE = 2.0  # seconds that a child has to leave by itself


class Child(NamedTuple):
    """A child that answers. It lives as long as ``pipe``, its stdin, is open."""

    process: subprocess.Popen[bytes]
    pipe: IO[bytes]
    address: str  # "http://127.0.0.1:40123"

    @property
    def alive(self) -> bool:
        """Whether it still runs, asked of the system."""
        return self.process.poll() is None

    def stop(self) -> None:
        """End it, and whatever it is streaming. It is gone when this returns."""
        self.pipe.close()
        try:
            self.process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def disown(self) -> None:
        """Let go of a child that a fork has inherited, without ending it."""
        self.pipe.close()  # else the child outlives its parent as long as the fork does
        self.process.returncode = 0  # else Popen warns about a process it cannot wait for


def launch(weights: Path, name: str, api_key: str, threads: int | None, timeout: float) -> Child:
    """Start a child and wait until its model answers, ``timeout`` seconds at most.

    Raises LocalModelError if it dies or takes longer; it is gone then.
    """
    with tempfile.TemporaryFile() as log:
        process = _spawn(log)
        try:
            settings = child.Settings(
                weights=str(weights), name=name, api_key=api_key, threads=threads, path=sys.path
            )
            address = _converse(process, settings, timeout)
        except BaseException:  # also an interrupt: nobody else knows of this process
            _discard(process)
            raise
        if address is None:
            process.wait()
            _discard(process)
            raise _death(process.returncode, _tail(log, api_key), weights)
    assert process.stdin is not None
    return Child(process, process.stdin, address)


def _spawn(log: IO[bytes]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(  # noqa: S603 - our own file
            # As a file and not with -m, which would import all of nbstream first.
            [sys.executable, child.__file__],
            bufsize=0,  # a buffer could not be closed safely in a fork
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,  # a kernel's interrupt goes to its whole process group
        )
    except OSError as error:
        text = f"Python ({sys.executable or 'unknown'}) cannot be started: {error.strerror}."
        raise LocalModelError(text, remedy="Set sys.executable to this Python's path.") from error


def _converse(
    process: subprocess.Popen[bytes], settings: child.Settings, timeout: float
) -> str | None:
    """Hand over the settings, wait for the address. None if the child ended instead."""
    stdin, stdout = process.stdin, process.stdout
    assert stdin is not None
    assert stdout is not None
    with suppress(BrokenPipeError):  # it is dead already: its answer will be empty
        stdin.write(json.dumps(settings).encode() + b"\n")
    # A thread, because a pipe cannot be waited for with a time-out on every system.
    answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    reader = threading.Thread(target=lambda: answers.put(stdout.readline()), daemon=True)
    reader.start()
    try:
        line = answers.get(timeout=timeout)
    except BaseException as error:
        process.kill()  # ends the line that the thread waits for
        reader.join()
        if isinstance(error, queue.Empty):
            raise _late(settings["weights"], timeout) from None
        raise
    reader.join()
    stdout.close()
    return str(json.loads(line)["address"]) if line else None


def _late(weights: str, timeout: float) -> LocalModelError:
    text = f"The local model did not start within {timeout:g} seconds."
    longer = f"nbstream.providers.local.server({weights!r}, timeout={timeout * 5:g})"
    return LocalModelError(text, remedy=f"Give it longer; it stays loaded then:\n{longer}")


def _discard(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


def _death(code: int, tail: str, weights: Path) -> LocalModelError:
    how = f"by {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
    text = f"The local model ended at its start, {how}. The end of its log:\n{tail}"
    if code == child.IMPORT_FAILED:
        return LocalModelError(text, remedy=f"{GET_LLAMA} --force-reinstall")
    newer = "A newer llama.cpp reads more models:\npip install --upgrade xllamacpp"
    return LocalModelError(text, remedy=f"{newer}\n{other_weights(weights)}")


def _tail(log: IO[bytes], api_key: str) -> str:
    log.seek(0)
    # llama.cpp does not log keys today; an error is copied into issues, so be sure.
    text = log.read().decode(errors="replace").replace(api_key, "***")
    lines = [line[:_WIDTH] for line in text.splitlines() if line.strip()]
    return "\n".join(lines[-_LINES:]) or "(empty)"
