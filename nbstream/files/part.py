"""``file_part()``: what may be given as a file, and the part that it becomes.

Knows paths, bytes, addresses and open files, and holds what a file says it is
against what it is. Refuses to know which model may have it, and to fetch an
address: the provider does that.
"""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from nbstream.core.data_url import is_data_url, read_data_url
from nbstream.core.parts import FilePart
from nbstream.errors import UsageError
from nbstream.files import content, disk, pictures

if TYPE_CHECKING:
    from os import PathLike

_ADDRESSES = ("http://", "https://", "gs://")

# Office's files and others are archives by their bytes; only the name says more.
_ARCHIVES = ("application/zip", "application/gzip")

# Where systems differ, or know nothing.
_NAMES = {
    ".csv": "text/csv",
    ".md": "text/markdown",
    ".ts": "text/plain",
    ".xml": "application/xml",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".heic": "image/heic",
    ".wav": "audio/wav",
    ".flac": "audio/flac",
    ".m4a": "audio/mp4",
    ".jsonl": "application/jsonl",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
    ".toml": "application/toml",
    ".ipynb": "application/x-ipynb+json",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_SAME = {"image/jpg": "image/jpeg", "audio/mp3": "audio/mpeg", "audio/x-wav": "audio/wav"}


def file_part(
    source: str | PathLike[str] | bytes | Any,
    media_type: str | None = None,
    filename: str | None = None,
) -> FilePart:
    """A file as a part of a message.

    ``source`` is a path, bytes, an address (``https:``, ``gs:`` or ``data:``), an
    open file, a PIL image, a matplotlib figure, or anything that draws itself in
    a notebook as PNG. Nothing is fetched: an address goes to the provider.

    What it is, is found in its bytes, whatever its name says; the name, or
    ``media_type``, counts where bytes do not show it. ``filename`` (default: the
    path's) is what the model is told.

    Raises:
        UsageError: there is no such file, it is empty, endless or larger than 512 MB,
            it is not what it says, or nothing says what it is.
    """
    if isinstance(source, FilePart):
        return source
    if isinstance(source, str) and is_data_url(source.lstrip()):
        return _of_data_url(source.strip(), media_type, filename)
    if isinstance(source, str) and source.lower().startswith(_ADDRESSES):
        return _of_address(source, media_type, filename)
    found = _read(source)
    name = filename or found.name
    return FilePart(_kind(found.data, media_type, name), found.data, filename=name)


@dataclass(frozen=True, slots=True)
class _Found:
    data: bytes
    name: str | None = None


def _read(source: Any) -> _Found:
    if isinstance(source, (bytes, bytearray, memoryview)):
        return _Found(bytes(source))
    if isinstance(source, str) or hasattr(source, "__fspath__"):
        return _of_path(Path(source))
    if (png := pictures.png_of(source)) is not None:
        return _Found(png)
    if callable(getattr(source, "read", None)):
        return _of_open_file(source)
    raise UsageError(
        f"A {type(source).__name__} is no file.",
        remedy="Give a path, bytes, an address, a PIL image or a matplotlib figure.",
    )


def _of_path(path: Path) -> _Found:
    try:
        return _Found(disk.read(path.expanduser()), path.name)
    except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: ~ of nobody
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(
            f"The file {path} cannot be read: {reason}.",
            remedy="Check the path; a relative one begins at the kernel's directory.",
        ) from None


def _of_open_file(source: Any) -> _Found:
    name = getattr(source, "name", None)
    name = Path(name).name if isinstance(name, str) else None
    return _Found(disk.read_open(source, name or "The file"), name)


def _of_address(url: str, media_type: str | None, filename: str | None) -> FilePart:
    name = unquote(PurePosixPath(urlsplit(url).path).name) or None
    kind = _clean(media_type) or _by_name(filename) or _by_name(name)
    if kind is None:
        raise UsageError(
            f"Nothing in the address {url} says what it is.",
            remedy='Pass media_type=, "image/png", say.',
        )
    return FilePart(kind, url=url, filename=filename)


def _of_data_url(url: str, media_type: str | None, filename: str | None) -> FilePart:
    try:
        said, data = read_data_url(url)
    except ValueError:
        raise UsageError("The data: address is not base64, though it says so.") from None
    return FilePart(_kind(data, media_type or said or None, filename), data, filename=filename)


def _kind(data: bytes, said: str | None, name: str | None) -> str:
    """What the file is, or an error if it is not what it says."""
    if not data:
        raise UsageError(f"{name or 'The file'} is empty.")
    seen, claimed = content.media_type(data), _clean(said) or _by_name(name)
    if claimed is None:
        if seen is None:
            raise UsageError(
                "Nothing in the bytes says what they are.",
                remedy='Pass media_type=, "audio/pcm", say.',
            )
        return seen
    if seen is None or seen in _OPEN:
        if claimed in content.KNOWN and claimed != seen:
            raise _untrue(name, claimed, seen)
        # A name such as x.ts means films as well as programs; bytes tell text from film.
        return seen if seen == "text/plain" and _family(claimed) in _SEEN else claimed
    if _family(claimed) != _family(seen):
        raise _untrue(name, claimed, seen)
    return seen


# Of these the bytes show the form, and only a name the meaning: an SVG is also XML.
_OPEN = (*_ARCHIVES, "text/plain", "image/svg+xml")
_SEEN = ("image", "sound and film")


def _untrue(name: str | None, claimed: str | None, seen: str | None) -> UsageError:
    what = "text" if seen == "text/plain" else seen or "something else"
    return UsageError(
        f"{name or 'The file'} says that it is {claimed}, but its content is {what}.",
        remedy="Give the right file, or its right name or media_type.",
    )


def _family(kind: str) -> str:
    """Kinds that pass for each other: the content then decides which it is."""
    first = kind.partition("/")[0]
    return "sound and film" if first in {"audio", "video"} else first


def _clean(kind: str | None) -> str | None:
    kind = kind.partition(";")[0].strip().lower() if kind else ""
    return _SAME.get(kind, kind) or None


def _by_name(name: str | None) -> str | None:
    if not name:
        return None
    ending = PurePosixPath(name).suffix.lower()
    return _NAMES.get(ending) or _clean(mimetypes.guess_type(f"x{ending}")[0])
