"""Starts the subprocess that serves the local model, reads its address, and stops it."""

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

_LINES = 12  # lines of the subprocess's log in an error; it then fits on one screen
_WIDTH = 160
_EXIT_TIMEOUT = 2.0  # seconds for the subprocess to exit by itself


class Child(NamedTuple):
    """A running subprocess that serves a model. It ends when ``pipe``, its stdin, is closed."""

    process: subprocess.Popen[bytes]
    pipe: IO[bytes]
    address: str  # "http://127.0.0.1:40123"

    @property
    def alive(self) -> bool:
        """Whether the subprocess still runs."""
        return self.process.poll() is None

    def stop(self) -> None:
        """Stop the subprocess and all requests that it is answering. Returns when it has exited."""
        self.pipe.close()
        try:
            self.process.wait(_EXIT_TIMEOUT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def disown(self) -> None:
        """In a fork: close the inherited pipe without stopping the subprocess."""
        self.pipe.close()  # otherwise the subprocess would outlive its parent with the fork
        self.process.returncode = 0  # otherwise Popen warns that it cannot wait for the process


def launch(weights: Path, name: str, api_key: str, threads: int | None, timeout: float) -> Child:
    """Start a subprocess for the weights and wait ``timeout`` seconds at most until it serves.

    Raises:
        LocalModelError: it ended or took too long. It does not run any more.
    """
    with tempfile.TemporaryFile() as log:
        process = _spawn(log)
        try:
            settings = child.Settings(
                weights=str(weights), name=name, api_key=api_key, threads=threads, path=sys.path
            )
            address = _exchange(process, settings, timeout)
        except BaseException:  # an interrupt too: no other code knows this process
            _kill(process)
            raise
        if address is None:
            process.wait()
            _kill(process)
            raise _exit_error(process.returncode, _tail(log, api_key), weights)
    assert process.stdin is not None
    return Child(process, process.stdin, address)


def _spawn(log: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start the subprocess with pipes for stdin and stdout; its log goes to ``log``."""
    try:
        return subprocess.Popen(  # noqa: S603 - our own file
            # As a script, not with -m, which would import all of nbstream first.
            [sys.executable, child.__file__],
            bufsize=0,  # a buffer could not be closed safely in a fork
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,  # interrupting a kernel signals its whole process group
        )
    except OSError as error:
        text = f"Python ({sys.executable or 'unknown'}) cannot be started: {error.strerror}."
        raise LocalModelError(text, remedy="Set sys.executable to this Python's path.") from error


def _exchange(
    process: subprocess.Popen[bytes], settings: child.Settings, timeout: float
) -> str | None:
    """Send the settings and read the address; None if the subprocess has ended instead."""
    stdin, stdout = process.stdin, process.stdout
    assert stdin is not None
    assert stdout is not None
    with suppress(BrokenPipeError):  # it has ended already; its answer will be empty
        stdin.write(json.dumps(settings).encode() + b"\n")
    # In a thread, because not every system can wait for a pipe with a timeout.
    answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    reader = threading.Thread(target=lambda: answers.put(stdout.readline()), daemon=True)
    reader.start()
    try:
        line = answers.get(timeout=timeout)
    except BaseException as error:
        process.kill()  # ends the readline() in the thread
        reader.join()
        if isinstance(error, queue.Empty):
            raise _timeout_error(settings["weights"], timeout) from None
        raise
    reader.join()
    stdout.close()
    return str(json.loads(line)["address"]) if line else None


def _timeout_error(weights: str, timeout: float) -> LocalModelError:
    text = f"The local model did not start within {timeout:g} seconds."
    longer = f"nbstream.providers.local.server({weights!r}, timeout={timeout * 5:g})"
    return LocalModelError(
        text, remedy=f"Start it with a longer timeout; it then keeps running:\n{longer}"
    )


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill the subprocess, wait for its exit and close its pipes."""
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


def _exit_error(code: int, tail: str, weights: Path) -> LocalModelError:
    """The error for a subprocess that ended while it started, with the ``tail`` of its log."""
    how = f"by {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
    text = f"The local model ended while starting, {how}. The end of its log:\n{tail}"
    if code == child.IMPORT_FAILED:
        return LocalModelError(text, remedy=f"{GET_LLAMA} --force-reinstall")
    newer = "A newer llama.cpp supports more models:\npip install --upgrade xllamacpp"
    return LocalModelError(text, remedy=f"{newer}\n{other_weights(weights)}")


def _tail(log: IO[bytes], api_key: str) -> str:
    """The last lines of the log, without the API key."""
    log.seek(0)
    # llama.cpp does not log keys today, but users copy errors into issues.
    text = log.read().decode(errors="replace").replace(api_key, "***")
    lines = [line[:_WIDTH] for line in text.splitlines() if line.strip()]
    return "\n".join(lines[-_LINES:]) or "(empty)"
