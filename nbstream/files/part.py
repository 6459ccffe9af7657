"""``file_part()``: makes a message's part from a path, bytes, an address or an open file.

Also from an image object, such as a matplotlib figure. It checks what a
file is said to be against its bytes, and converts texts to UTF-8. It fetches no address from the
web: the provider does. Whether a model accepts the file is checked in ``nbstream.providers.files``.
"""

from __future__ import annotations

import difflib
import mimetypes
import re
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from nbstream.core.data_url import is_base64, is_data_url, read_data_url
from nbstream.core.file_part import is_text
from nbstream.core.parts import FilePart
from nbstream.errors import UsageError
from nbstream.files import content, disk, pictures

if TYPE_CHECKING:
    from os import PathLike

_ADDRESSES = ("http://", "https://", "gs://")
_MOST_NAMES = 1000  # of a directory, that are compared
_ANY_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]+)://", re.IGNORECASE)
_FILE = re.compile(r"file:", re.IGNORECASE)

# The bytes of Office files are those of archives, so only the name shows the type.
_ARCHIVES = ("application/zip", "application/gzip")

# Types that systems do not agree on, or do not know.
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
_DATA_URL = (
    "Pass the bytes themselves, or write data:image/png;base64, and then"
    " base64.b64encode(data).decode()."
)
_SYNONYMS = {"image/jpg": "image/jpeg", "audio/mp3": "audio/mpeg", "audio/x-wav": "audio/wav"}


def file_part(
    source: str | PathLike[str] | bytes | Any,
    media_type: str | None = None,
    filename: str | None = None,
) -> FilePart:
    """A file as a part of a message.

    ``source`` is a path, bytes, an address (``https:``, ``gs:`` or ``data:``), an open file, a
    PIL image, a matplotlib figure, or any object that draws itself in a notebook as PNG. An
    address is not fetched but sent to the provider; only one with ``file:`` is read here.

    The media type is found in the bytes. Where they do not show it, ``media_type`` counts, else
    the name. ``filename`` (default: the path's) is the name that the model gets. A text is UTF-8,
    or UTF-16 or UTF-32 with a byte order mark; another encoding is part of the type, as in
    ``text/csv; charset=cp1252``. The part holds it as UTF-8.

    >>> part = nbstream.file_part(b"%PDF-1.7 ...", filename="paper.pdf")
    >>> part.media_type, part.filename
    ('application/pdf', 'paper.pdf')

    Raises:
        UsageError: the file does not exist, is empty, is not a regular file or is larger than
            512 MB; its content is not of its ``media_type`` or name; its type is unknown; a text
            is not in its encoding; or a ``data:`` address is malformed.
    """
    if isinstance(source, FilePart):
        return source
    if isinstance(source, str) and is_data_url(source.lstrip()):
        return _of_data_url(source.strip(), media_type, filename)
    if isinstance(source, str) and source.lower().startswith(_ADDRESSES):
        return _of_address(source, media_type, filename)
    found = _read(source)
    return _of_content(found.data, media_type, filename or found.name)


def _of_content(data: bytes, media_type: str | None, name: str | None) -> FilePart:
    """The part for bytes. A text is converted to UTF-8."""
    charset = content.charset(media_type)
    if charset is not None or content.has_mark(data):
        data = content.as_utf8(data, charset, name)
    kind = _kind(data, media_type, name)
    if is_text(kind):
        content.check_utf8(data, kind, name)
    return FilePart(kind, data, filename=name)


@dataclass(frozen=True, slots=True)
class _Content:
    """The bytes that were read from a source, and its file name if it has one."""

    data: bytes
    name: str | None = None


def _read(source: Any) -> _Content:
    """Read the bytes of a path, an open file or an image; an address is not read."""
    if isinstance(source, (bytes, bytearray, memoryview)):
        return _Content(bytes(source))
    if isinstance(source, str):
        return _of_path(_local_path(source))
    if hasattr(source, "__fspath__"):
        return _of_path(Path(source))
    if (png := pictures.png_of(source)) is not None:
        return _Content(png)
    if callable(getattr(source, "read", None)):
        return _of_open_file(source)
    raise UsageError(
        f"A value of type {type(source).__name__} is not a file.",
        remedy="Pass a path, bytes, an address, a PIL image or a matplotlib figure.",
    )


def _local_path(source: str) -> Path:
    """The path that a text is, or that its ``file:`` address names."""
    if _FILE.match(source):
        parts = urlsplit(source)
        if parts.netloc.lower() not in {"", "localhost"}:
            raise UsageError(
                f"The address names a file on another machine, {parts.hostname}.",
                remedy="Pass a path, or file:/// and an absolute path of this machine.",
            )
        return Path(url2pathname(parts.path))
    if found := _ANY_ADDRESS.match(source):
        raise UsageError(
            f"file_part() takes no address with {found[1]}://.",
            remedy="Pass https:, gs:, data: or file:, or the bytes. To send an address as it is,"
            " make a FilePart(media_type, url=...).",
        )
    return Path(source)


def _of_path(path: Path) -> _Content:
    """Read the file at ``path``."""
    try:
        return _Content(disk.read(path.expanduser()), path.name)
    except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: no home for ~
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"The file {path} cannot be read: {reason}.", remedy=_like(path)) from None


def _like(path: Path) -> str:
    """The remedy for a path that cannot be read, with a file of a similar name."""
    remedy = "Check the path; a relative path starts at the kernel's working directory."
    try:
        names = [file.name for file in islice(path.expanduser().parent.iterdir(), _MOST_NAMES)]
    except (OSError, ValueError, RuntimeError):
        return remedy
    near = difflib.get_close_matches(path.name, [one for one in names if one != path.name], n=1)
    return f"Did you mean {path.with_name(near[0])}? {remedy}" if near else remedy


def _of_open_file(source: Any) -> _Content:
    name = getattr(source, "name", None)
    name = Path(name).name if isinstance(name, str) else None
    return _Content(disk.read_open(source, name or "The file"), name)


def _of_address(url: str, media_type: str | None, filename: str | None) -> FilePart:
    """The part for an address on the web, by its name: it is not fetched."""
    name = unquote(PurePosixPath(urlsplit(url).path).name) or None
    kind = _clean(media_type) or _by_name(filename) or _by_name(name)
    if kind is None:
        raise UsageError(
            f"The address {url} does not show the media type.",
            remedy='Pass it, for example media_type="image/png".',
        )
    return FilePart(kind, url=url, filename=filename)


def _of_data_url(url: str, media_type: str | None, filename: str | None) -> FilePart:
    """The part for the bytes in a data: address."""
    try:
        _, data = read_data_url(url)
    except ValueError as error:
        raise UsageError(f"The data: address cannot be read: {error}.", remedy=_DATA_URL) from None
    said = media_type or url[5:].partition(",")[0]  # with its charset
    claimed = _clean(said)
    if not is_base64(url) and claimed in content.KNOWN and content.media_type(data) != claimed:
        raise UsageError(
            f"The data: address is of type {claimed}, but not marked as base64.", remedy=_DATA_URL
        )
    return _of_content(data, said, filename)


def _kind(data: bytes, said: str | None, name: str | None) -> str:
    """The media type, or an error if the bytes contradict what was said."""
    if not data:
        raise UsageError(f"{name or 'The file'} is empty.", remedy="Pass a file with content.")
    seen, claimed = content.media_type(data), _clean(said) or _by_name(name)
    if claimed is None:
        if seen is None:
            raise UsageError(
                "The bytes do not show their media type.",
                remedy='Pass it, for example media_type="audio/pcm".',
            )
        return seen
    if seen is None or seen in _PURPOSE_BY_NAME:
        if claimed in content.KNOWN and claimed != seen:
            raise _mismatch(name, claimed, seen)
        # A name such as x.ts may be a video or a program; the bytes tell which.
        return seen if seen == "text/plain" and _family(claimed) in _SHOWN_BY_BYTES else claimed
    if _family(claimed) != _family(seen):
        raise _mismatch(name, claimed, seen)
    return seen


# For these the bytes show the format, and only a name the purpose: an SVG is also XML.
_PURPOSE_BY_NAME = (*_ARCHIVES, "text/plain", "image/svg+xml")
_SHOWN_BY_BYTES = ("image", "audio or video")


def _mismatch(name: str | None, claimed: str | None, seen: str | None) -> UsageError:
    """The error for a file whose bytes are not of the type that its name or caller claims."""
    what = "text" if seen == "text/plain" else seen or "something else"
    return UsageError(
        f"{name or 'The file'} is named as {claimed}, but its content is {what}.",
        remedy="Pass the right file, or its right filename= or media_type=.",
    )


def _family(kind: str) -> str:
    """Types that are interchangeable here; the content then decides which it is."""
    first = kind.partition("/")[0]
    return "audio or video" if first in {"audio", "video"} else first


def _clean(kind: str | None) -> str | None:
    kind = kind.partition(";")[0].strip().lower() if kind else ""
    return _SYNONYMS.get(kind, kind) or None


def _by_name(name: str | None) -> str | None:
    """The media type by the ending of a file name."""
    if not name:
        return None
    ending = PurePosixPath(name).suffix.lower()
    return _NAMES.get(ending) or _clean(mimetypes.guess_type(f"x{ending}")[0])
