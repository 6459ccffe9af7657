"""What the protocols of image and video models share.

Knows how a conversation becomes one prompt with pictures, and what a file is by
its first bytes. Refuses to know any provider's shape.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from nbstream.core.message import FilePart, TextPart
from nbstream.errors import ProtocolError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.core.message import Message
    from nbstream.core.output import OutputSpec

_OPENINGS = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF8", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypqt", "video/quicktime"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1a\x45\xdf\xa3", "video/webm"),
)
"""Where each kind of file says what it is (https://mimesniff.spec.whatwg.org)."""


def media_type(data: bytes, default: str) -> str:
    """What ``data`` is by its first bytes; ``default`` if they do not say."""
    found = (kind for at, mark, kind in _OPENINGS if data[at : at + len(mark)] == mark)
    return next(found, default)


def prompt_of(messages: Sequence[Message]) -> str:
    """All that the system and the user say, as one text.

    Raises:
        UsageError: they say nothing.
    """
    said = [
        part.text
        for message in messages
        if message.role in {"system", "user"}
        for part in message.parts
        if isinstance(part, TextPart) and part.text.strip()
    ]
    if not said:
        raise UsageError(
            "There is no prompt: this model needs words for what it is to make.",
            remedy="Put a text beside the files: user_message('Make it rain.', image).",
        )
    return "\n".join(said)


def pictures_of(messages: Sequence[Message], most: int, model: str) -> list[FilePart]:
    """The conversation's pictures, the model's own among them, in order.

    Raises:
        UsageError: there are more than ``most``, or files that are no pictures.
    """
    files = [part for message in messages for part in message.parts if isinstance(part, FilePart)]
    for file in files:
        if not file.media_type.startswith("image/"):
            raise UsageError(
                f"{model} takes pictures only, and this is a file of type {file.media_type}.",
                remedy="Leave it out, or send a picture of it.",
            )
    if len(files) > most:
        some = f"at most {most} picture{'s' if most > 1 else ''}" if most else "no pictures"
        raise UsageError(f"{model} takes {some} with a prompt; there are {len(files)}.")
    return files


def address(file: FilePart) -> str:
    """Where a picture is, or all of it as a data URL."""
    if file.data is None:
        return file.url or ""
    return f"data:{file.media_type};base64,{base64.b64encode(file.data).decode()}"


def in_bytes(file: FilePart, model: str) -> str:
    """A picture's bytes in base64, for a provider that fetches nothing.

    Raises:
        UsageError: only its address is known.
    """
    if file.data is not None:
        return base64.b64encode(file.data).decode()
    head, comma, data = (file.url or "").partition(";base64,")
    if comma and head.startswith("data:"):
        return data
    raise UsageError(
        f"{model} takes pictures as bytes, not as an address.",
        remedy="Read the file and give its bytes.",
    )


def decoded(text: Any) -> bytes:
    """The bytes of base64 text.

    Raises:
        ProtocolError: it is none.
    """
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, TypeError, ValueError):
        raise ProtocolError("The server sent a file that is no base64.") from None


def refuse_output(spec: OutputSpec | None, model: str) -> None:
    """Such models write nothing.

    Raises:
        UsageError: there is a type.
    """
    if spec is not None:
        raise UsageError(f"{model} makes pictures and no values.", remedy="Leave output_type= out.")


def refuse_tools(tools: Sequence[object], model: str) -> None:
    """Such models call nothing.

    Raises:
        UsageError: there are tools.
    """
    if tools:
        raise UsageError(f"{model} makes pictures and calls no tools.", remedy="Leave tools= out.")


def count(row: Any, *names: str) -> int:
    """The first of the fields ``names`` that is a number; 0 if none is."""
    values = [row.get(name) for name in names] if isinstance(row, dict) else []
    return next((value for value in values if type(value) is int and value >= 0), 0)
