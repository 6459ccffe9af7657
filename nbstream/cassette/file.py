"""Reads a cassette's file, and appends to it while other processes may do so too."""

from __future__ import annotations

import contextlib
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from nbstream.cassette.locks import ForkLock
from nbstream.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import FileIO
    from pathlib import Path

_thread_lock = ForkLock()  # a lock on a file does not hold between the threads of a process


_BEGINNING = b'{"cassette"'


class Line(NamedTuple):
    """A line of the file: its number, from 1, its text, and where its bytes begin and end."""

    number: int
    text: str
    start: int
    end: int


class LineReader:
    """Reads the lines of a file that grows; each call gives those that are new and whole."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._begin()

    def _begin(self) -> None:
        self._identity: tuple[int, int] | None = None
        self._offset = self._line = 0

    def new_lines(self) -> tuple[bool, list[Line]]:
        """Whether it is another file than before, and its new lines.

        Raises:
            UsageError: it cannot be read.
        """
        try:
            with self._path.open("rb") as file:
                state = os.fstat(file.fileno())
                identity = (state.st_dev, state.st_ino)
                other = self._identity is not None and (
                    identity != self._identity or state.st_size < self._offset
                )
                if other:
                    self._begin()
                self._identity = identity
                if state.st_size == self._offset:
                    return other, []
                file.seek(self._offset)
                data = file.read()
        except FileNotFoundError:
            gone = self._identity is not None
            self._begin()
            return gone, []
        except OSError as error:
            raise UsageError(
                f"{self._path} cannot be read: {error.strerror}.",
                remedy="A cassette is a file, such as demo.nbstream. Name one that you may read.",
            ) from None
        lines = []
        for row in data.split(b"\n")[:-1]:  # the last one is not whole
            self._line += 1
            start, self._offset = self._offset, self._offset + len(row) + 1
            lines.append(Line(self._line, row.decode("utf-8", "replace"), start, self._offset))
        return other, lines


def is_other(path: Path) -> bool:
    """Whether a file without a whole line is not the beginning of a cassette."""
    try:
        with path.open("rb") as file:
            begun = file.read(len(_BEGINNING))
    except OSError:
        return False
    return not _BEGINNING.startswith(begun.strip())


def append(path: Path, text: str) -> None:
    """Append whole lines to the file, at once and behind what another process writes now.

    Raises:
        OSError: it cannot be written.
    """
    data = text.encode()
    # Without a buffer: a process that is forked meanwhile would write its copy once more.
    with _thread_lock, path.open("ab", buffering=0) as file, _locked(file):
        # The last writer may have been killed in the middle of a line.
        if (size := os.fstat(file.fileno()).st_size) and not _ends_whole(path, size):
            data = b"\n" + data
        left = memoryview(data)
        while left:
            left = left[file.write(left) :]


def _ends_whole(path: Path, size: int) -> bool:
    with path.open("rb") as file:
        file.seek(size - 1)
        return file.read(1) == b"\n"


@contextmanager
def _locked(file: FileIO) -> Iterator[None]:
    """Keep other processes from appending. Without effect where a file cannot be locked."""
    if sys.platform == "win32":
        import msvcrt

        file.seek(0)
        with contextlib.suppress(OSError):
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
        try:
            yield
        finally:
            file.seek(0)
            with contextlib.suppress(OSError):
                msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
        return
    import fcntl

    with contextlib.suppress(OSError):
        fcntl.flock(file, fcntl.LOCK_EX)
    try:
        yield
    finally:
        # Closing the file does not end the lock if a forked process has the file too.
        with contextlib.suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_UN)
