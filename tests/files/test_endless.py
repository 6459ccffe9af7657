"""Paths that are not regular files, and files without an end."""

import io
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from nbstream import file_part
from nbstream.errors import UsageError
from nbstream.files import disk


@pytest.mark.parametrize(("path", "words"), [("/dev/zero", "a device"), ("/", "a directory")])
def test_a_device_or_a_directory_is_refused(path: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        file_part(path)


def test_a_pipe_without_a_writer_is_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    found: list[BaseException] = []

    def read() -> None:
        try:
            file_part(pipe)
        except UsageError as error:
            found.append(error)

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    thread.join(30)
    assert "a pipe" in str(found[0])


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    large = tmp_path / "large.png"
    with large.open("wb") as file:
        file.truncate(disk.LARGEST + 1)  # a sparse file
    with pytest.raises(UsageError, match="larger than 512 MB"):
        file_part(large)


class Endless(io.RawIOBase):
    """A file that returns zeros for ever."""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        buffer[:] = bytes(len(buffer))
        return len(buffer)


def test_an_endless_open_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "LARGEST", 3 * 1024 * 1024)
    with pytest.raises(UsageError, match="larger than 3 MB"):
        file_part(Endless(), "audio/pcm")


def test_short_reads_are_repeated_until_the_end() -> None:
    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(size or 7, 7))

    assert file_part(Slow(b"one two three four")).data == b"one two three four"


def test_a_file_of_unknown_size() -> None:
    assert file_part("/proc/version").data
