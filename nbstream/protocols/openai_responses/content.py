"""Converts parts to input content of a Responses API request: text and files.

Used for messages of the user and the system, for results of tools, and for files that another
model made.

Source: "Input message" in
https://platform.openai.com/docs/api-reference/responses/create
"""

from __future__ import annotations

import base64
import mimetypes
from typing import TYPE_CHECKING

from nbstream.core.data_url import data_url
from nbstream.core.message import FilePart, RefusalPart, TextPart
from nbstream.protocols.json_fields import Json, dict_of
from nbstream.protocols.openai_responses.metadata_key import KEY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.core.message import Part


def content(parts: Sequence[Part]) -> str | list[Json]:
    """The parts as content; a plain string if there is only text."""
    rows = [row for part in parts if (row := _row(part))]
    if len(rows) == 1 and rows[0]["type"] == "input_text":
        return str(rows[0]["text"])
    return rows


def _row(part: Part) -> Json | None:
    """One part as an entry of ``content``; None for parts that it cannot have."""
    match part:
        case TextPart(text=text) | RefusalPart(text=text):
            return {"type": "input_text", "text": text}
        case FilePart():
            return _file(part)
    return None


def _file(part: FilePart) -> Json:
    """A file as ``input_image``, ``input_audio`` or ``input_file``."""
    own = dict_of(part.provider_metadata.get(KEY))
    if part.media_type.startswith("image/"):
        if "file_id" not in own:
            own = {"image_url": _address(part), **own}
        return {"type": "input_image", "detail": "auto", **_settings(own)}
    if part.media_type.startswith("audio/") and part.data is not None:
        kind = part.media_type.removeprefix("audio/").removeprefix("x-")
        data = base64.b64encode(part.data).decode()
        form = {"mpeg": "mp3", "wave": "wav"}.get(kind, kind)
        return {"type": "input_audio", "input_audio": {"data": data, "format": form}}
    if "file_id" in own:
        return {"type": "input_file", **_settings(own)}
    if part.data is None:
        return {"type": "input_file", "file_url": part.url}
    ending = mimetypes.guess_extension(part.media_type) or ""
    name = part.filename or f"file{ending}"
    return {"type": "input_file", "filename": name, "file_data": _address(part)}


def _settings(own: Json) -> Json:
    """The file settings that the user gave under this protocol's names."""
    names = ("file_id", "image_url", "detail")
    return {name: own[name] for name in names if name in own}


def _address(part: FilePart) -> str | None:
    return part.url if part.data is None else data_url(part.media_type, part.data)
