"""``-a``: makes a file from a path, an address, or the name of a variable that holds one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbstream.core.message import FilePart, TextPart
from nbstream.errors import UsageError
from nbstream.files import file_part
from nbstream.values import describe

if TYPE_CHECKING:
    from collections.abc import Mapping


def attachment(text: str, names: Mapping[str, Any]) -> FilePart | TextPart:
    """The part for what follows ``-a``; a DataFrame becomes text.

    A variable's name counts before a file of that name, and ``./name`` is always a file.

    Raises:
        UsageError: it is neither a variable nor a file that can be read.
    """
    if text.isidentifier() and text in names:
        return _of_value(text, names[text])
    if text.isidentifier() and not Path(text).exists():
        raise UsageError(
            f"-a {text} is neither a variable nor a file here.",
            remedy="Run the cell that makes the variable, or write the file's path.",
        )
    return file_part(str(text))


def _of_value(name: str, value: Any) -> FilePart | TextPart:
    """The part for a variable's value."""
    if isinstance(value, (str, Path)):
        return file_part(value)
    if isinstance(value, (bytes, bytearray, memoryview)) or hasattr(value, "read"):
        return file_part(value)
    parts = describe(value)
    text = "".join(part.text for part in parts if isinstance(part, TextPart))
    files = [part for part in parts if isinstance(part, FilePart)]
    return files[0] if files else TextPart(f"{name}: {text}")
