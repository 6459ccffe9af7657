"""``Resource`` and ``Prompt``: what a server has beside its tools, and how they are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nbstream.core.message import FilePart, Message, TextPart
from nbstream.mcp.results import Remaining, parts_of, resource_part
from nbstream.mcp.texts import cleaned, line

_MOST = 4_000  # characters of a description
_MOST_CONTENTS = 64 * 1024 * 1024  # of a resource: the user asked for it, so it is whole


@dataclass(frozen=True, slots=True)
class Resource:
    """Something that a server can give: its address, and what it says of it.

    ``uri`` of a ``template`` has fields in braces, to be filled in before it is read. ``size`` is
    in bytes; None if the server does not say.

    >>> nbstream.mcp.Resource("file:///notes.txt", "notes").uri
    'file:///notes.txt'
    """

    uri: str
    name: str
    description: str = ""
    media_type: str | None = None
    size: int | None = None
    template: bool = False


@dataclass(frozen=True, slots=True)
class PromptArgument:
    """An argument of a prompt.

    >>> nbstream.mcp.PromptArgument("language", required=True).required
    True
    """

    name: str
    description: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt that a server has prepared.

    >>> nbstream.mcp.Prompt("review", arguments=(nbstream.mcp.PromptArgument("code"),)).name
    'review'
    """

    name: str
    description: str = ""
    arguments: tuple[PromptArgument, ...] = ()


def resource_of(row: Any) -> Resource:
    """A resource, or a template of resources, that a server lists."""
    template = not hasattr(row, "uri")
    return Resource(
        str(row.uri_template if template else row.uri),
        line(row.name),
        cleaned(row.description or "", _MOST),
        None if row.mime_type is None else line(row.mime_type),
        None if template else row.size,
        template,
    )


def prompt_of(row: Any) -> Prompt:
    """A prompt that a server lists. Its names stay as they are: they are sent back."""
    arguments = [
        PromptArgument(one.name, cleaned(one.description or "", _MOST), bool(one.required))
        for one in row.arguments or ()
    ]
    return Prompt(row.name, cleaned(row.description or "", _MOST), tuple(arguments))


def contents_of(found: Any) -> str | FilePart | list[str | FilePart]:
    """The contents of a resource: a text or a file; a list if there are several."""
    rows: list[str | FilePart] = []
    for row in found.contents:
        part = resource_part(row, Remaining(_MOST_CONTENTS, _MOST_CONTENTS))
        rows.append(part.text if isinstance(part, TextPart) else part)
    return rows[0] if len(rows) == 1 else rows


def messages_of(found: Any) -> list[Message]:
    """The messages of a prompt. Those in a row of one role are one message."""
    messages: list[Message] = []
    for row in found.messages:
        parts = tuple(parts_of([row.content]))
        if messages and messages[-1].role == row.role:
            messages[-1] = Message(row.role, (*messages[-1].parts, *parts))
        else:
            messages.append(Message(row.role, parts))
    return messages
