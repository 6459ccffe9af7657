"""``-a``: makes a file from a path, an address, or the name of a variable that holds one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbstream.core.message import FilePart, TextPart
from nbstream.errors import UsageError
from nbstream.files import file_part
from nbstream.values import describe

if TYPE_CHECKING:
    from collections.abc import Mapping


def attachment(text: str, names: Mapping[str, Any]) -> list[FilePart | TextPart]:
    """The parts for what follows ``-a``; a table becomes a paragraph of text.

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
    try:
        return [file_part(str(text))]
    except UsageError as error:
        raise UsageError(f"-a {text}: {error.text}", remedy=_remedy(text, names, error)) from None


def _remedy(text: str, names: Mapping[str, Any], error: UsageError) -> str | None:
    """What to do about a file that cannot be attached, in the words of a cell."""
    if "do not show their media type" in error.text:
        return "Read it into a variable, and attach that or write {{ NAME }} in the prompt."
    root = re.match(r"\w*", text)
    if root and root[0] in names:
        return "-a takes a variable's name. Write the expression into the prompt: {{ EXPRESSION }}."
    return error.remedy


def _of_value(name: str, value: Any) -> list[FilePart | TextPart]:
    """The parts for a variable's value: all that a describer gives, its text first."""
    if isinstance(value, (str, Path, bytes, bytearray, memoryview)) or hasattr(value, "read"):
        return [file_part(value)]
    parts = describe(value)
    text = "\n".join(part.text for part in parts if isinstance(part, TextPart))
    files = [part for part in parts if isinstance(part, FilePart)]
    return [*([TextPart(f"{name}: {text}\n\n")] if text else ()), *files]
