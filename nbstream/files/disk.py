"""Bytes out of a path or an open file, never without end.

Looks at what a path leads to before it reads: a pipe may wait for ever, and a
device gives for ever. Refuses to know what the bytes are.
"""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING, Any

from nbstream.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

LARGEST = 512 * 1024 * 1024
"""Bytes of a file that are read. Five times what any provider takes in a request."""

_PIECE = 1024 * 1024  # bytes read at a time

_KINDS = (
    (stat.S_ISDIR, "a directory"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISSOCK, "a socket"),
)


def read(path: Path) -> bytes:
    """The bytes of the file at ``path``.

    Raises:
        UsageError: it leads to something else than a file, or to a very large one.
        OSError: it cannot be read.
    """
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        kind = next((name for test, name in _KINDS if test(found.st_mode)), "no file")
        raise UsageError(
            f"The file {path} cannot be read: it is {kind}.",
            remedy="Give a file's path, or the bytes themselves.",
        )
    if found.st_size > LARGEST:
        raise _too_large(str(path))
    with path.open("rb") as file:
        return read_open(file, str(path))


def read_open(file: Any, name: str) -> bytes:
    """What ``file`` holds from where it stands; ``name`` is what an error calls it.

    Raises:
        UsageError: it is open as text, or very large.
    """
    pieces: list[bytes] = []
    size = 0
    while piece := file.read(_PIECE):
        if not isinstance(piece, (bytes, bytearray)):
            raise UsageError(f"{name} is open as text.", remedy='Open it with mode "rb".')
        size += len(piece)
        if size > LARGEST:
            raise _too_large(name)
        pieces.append(bytes(piece))
    return b"".join(pieces)


def _too_large(name: str) -> UsageError:
    return UsageError(
        f"{name} is larger than {LARGEST // 1024**2} MB, which no provider takes in a message.",
        remedy="Upload it where the model can read it, and give its address.",
    )
