"""Makes nbstream's values of what a server returns: texts, files, structured values."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from nbstream.core.message import FilePart, TextPart
from nbstream.errors import NBStreamError
from nbstream.files import file_part
from nbstream.mcp.texts import cleaned, cleaned_json, line

MOST_TEXT = 49_000
"""Characters of one result that a model gets: with its note less than any result may have."""

MOST_FILE = 20 * 1024 * 1024
"""Bytes of the files of one result that a model gets."""


@dataclass(slots=True)
class Remaining:
    """How much of a result is still taken: characters of text, and bytes of files."""

    text: int = MOST_TEXT
    file: int = MOST_FILE


def result_of(found: Any) -> Any:
    """The value of a ``CallToolResult``: its structured value, a text, or a list of parts."""
    structured = found.structured_content
    parts = parts_of(found.content)
    plain = all(isinstance(part, TextPart) for part in parts)
    if structured is not None and plain:
        # The texts are the same once more, for clients that know no structured values.
        value = structured
        if isinstance(value, dict) and value.keys() == {"result"}:
            value = value["result"]  # how the package wraps what is no object
        return _fitting(value)
    if plain:
        return "\n".join(part.text for part in parts if isinstance(part, TextPart))
    return parts


def _fitting(value: Any) -> Any:
    """A JSON value; as text, cut, if it is too long."""
    try:
        value = cleaned_json(value)
        text = json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return "[left out: the value is too deep]"
    if len(text) <= MOST_TEXT:
        return value
    return cleaned(value if isinstance(value, str) else text, MOST_TEXT)


def parts_of(content: Any) -> list[TextPart | FilePart]:
    """The parts of a message for blocks of content."""
    left = Remaining()
    return [_part(block, left) for block in content]


def _part(block: Any, left: Remaining) -> TextPart | FilePart:
    kind = getattr(block, "type", "")
    if kind == "text":
        return _text(block.text, left)
    if kind in ("image", "audio"):
        return _file(block.data, block.mime_type, None, left)
    if kind == "resource":
        return resource_part(block.resource, left)
    if kind == "resource_link":
        return _text(f"[resource {line(block.uri, 500)}: {line(block.name)}]", left)
    return _text(f"[left out: content of the type {line(kind)}]", left)


def resource_part(resource: Any, left: Remaining) -> TextPart | FilePart:
    """The part for the contents of a resource."""
    if hasattr(resource, "text"):
        return _text(resource.text, left)
    name = line(str(resource.uri).rstrip("/").rsplit("/", 1)[-1])
    return _file(resource.blob, resource.mime_type, name, left)


def _text(text: str, left: Remaining) -> TextPart:
    found = TextPart(cleaned(text, max(left.text, 0)))
    left.text -= len(text)
    return found


def _file(
    data: str, media_type: str | None, name: str | None, left: Remaining
) -> TextPart | FilePart:
    """A file from base64; a note in its place if it is too large or cannot be read."""
    what = line(media_type or "unknown type")
    size = len(data) * 3 // 4
    if size > left.file:
        return TextPart(f"[left out: a file of {size:,} bytes, {what}]")
    left.file -= size
    try:
        return file_part(base64.b64decode(data, validate=True), media_type, name)
    except (binascii.Error, ValueError, NBStreamError):
        return TextPart(f"[left out: a file that cannot be read, {what}]")
