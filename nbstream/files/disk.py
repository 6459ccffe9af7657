"""Reads bytes from a path or an open file, up to a limit.

It looks at what a path leads to before it reads: a pipe may block for ever, and a device has no
end.
"""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING, Any

from nbstream.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

LARGEST = 512 * 1024 * 1024
"""The most bytes that are read: five times what any provider takes in a request."""

_CHUNK = 1024 * 1024  # bytes read at a time

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
        UsageError: it is not a regular file, or larger than ``LARGEST``.
        OSError: it cannot be read.
    """
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        kind = next((name for test, name in _KINDS if test(found.st_mode)), "not a regular file")
        raise UsageError(
            f"The file {path} cannot be read: it is {kind}.",
            remedy="Pass the path of a file, or its bytes.",
        )
    if found.st_size > LARGEST:
        raise _too_large(str(path))
    with path.open("rb") as file:
        return read_open(file, str(path))


def read_open(file: Any, name: str) -> bytes:
    """The rest of ``file``, from its current position; ``name`` is what an error calls it.

    Raises:
        UsageError: it is open as text, or larger than ``LARGEST``.
    """
    chunks: list[bytes] = []
    size = 0
    while chunk := file.read(_CHUNK):
        if not isinstance(chunk, (bytes, bytearray)):
            raise UsageError(f"{name} is open as text.", remedy='Open it with mode "rb".')
        size += len(chunk)
        if size > LARGEST:
            raise _too_large(name)
        chunks.append(bytes(chunk))
    return b"".join(chunks)


def _too_large(name: str) -> UsageError:
    return UsageError(
        f"{name} is larger than {LARGEST // 1024**2} MB, which no provider takes in a message.",
        remedy="Upload it, and pass its address.",
    )
