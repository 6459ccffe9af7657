"""``describe()``: makes the parts of a message from a Python value.

The first that fits: a describer of the user's, ``_ai_repr_``, an answer's text, a table, an image
or file, else ``str``.
"""

from __future__ import annotations

import inspect
from os import PathLike
from typing import Any

from nbstream.core.message import FilePart, Message, TextPart
from nbstream.errors import NBStreamError, UsageError
from nbstream.files import file_part
from nbstream.files.pictures import png_of
from nbstream.streams import Stream
from nbstream.values.registry import described
from nbstream.values.tables import table

MAX_TEXT = 50_000  # characters of one value
AWAIT = "Await it in a cell above, and insert its result."


def describe(value: Any) -> list[TextPart | FilePart]:
    """What ``{{ value }}`` in a prompt becomes: parts of a message.

    A DataFrame becomes a Markdown table with its size and types, an image or a figure a file, an
    answer its text (it is waited for). An object with ``_ai_repr_`` and a type with a
    ``describer`` say themselves what they become; anything else is its ``str``. A text of more
    than 50,000 characters is cut, with a note of how much is missing.

    >>> nbstream.describe({"a": 1})[0].text
    "{'a': 1}"

    Raises:
        UsageError: an image could not be drawn, the value's own code raised, or the value is a
            coroutine, which has no result yet.
        NBStreamError: the answer failed.
    """
    if inspect.iscoroutine(value):
        value.close()  # or Python warns as well
        raise UsageError(f"{value.__name__}() is a coroutine, which has not run.", remedy=AWAIT)
    try:
        given = described(value)
        if given is None:
            return [_of_one(value)]
        return [_of_own(one) for one in given]
    except NBStreamError:
        raise
    except Exception as error:
        raise UsageError(
            f"a value of type {type(value).__name__} could not be made a text:"
            f" {type(error).__name__}: {error}",
            remedy="Insert what str() can show, or register a describer() for the type.",
        ) from error


def _of_own(value: Any) -> TextPart | FilePart:
    """The part for what a describer returned: bytes, a path or an open file is a file."""
    is_bytes = isinstance(value, (bytes, bytearray, memoryview))
    if is_bytes or isinstance(value, PathLike) or callable(getattr(value, "read", None)):
        return file_part(value)
    return _of_one(value)


def _of_one(value: Any) -> TextPart | FilePart:
    """The part for a value, by its type."""
    if isinstance(value, (FilePart, TextPart)):
        return value
    if isinstance(value, Stream):
        return TextPart(_cut(value.get_final_text()))
    if isinstance(value, Message):
        return TextPart(_cut(value.text))
    if isinstance(value, str):
        return TextPart(_cut(value))
    if (text := table(value)) is not None:
        return TextPart(text)
    if (picture := png_of(value)) is not None:
        return file_part(picture)
    if isinstance(value, (bytes, bytearray, memoryview)):
        raise UsageError(
            f"{len(value):,} bytes cannot be put into a prompt as text.",
            remedy="Attach them (-a NAME), or decode them first.",
        )
    return TextPart(_cut(str(value)))


def _cut(text: str) -> str:
    """``text``, at most ``MAX_TEXT`` characters of it, with a note of how much is missing."""
    if len(text) <= MAX_TEXT:
        return text
    return f"{text[:MAX_TEXT]}\n[cut: {len(text) - MAX_TEXT:,} of {len(text):,} characters]"
