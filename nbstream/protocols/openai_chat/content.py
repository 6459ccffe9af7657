"""Converts text and files of messages to the ``content`` of a Chat Completions request.

Sources: https://platform.openai.com/docs/api-reference/chat/create,
https://openrouter.ai/docs/features/multimodal, https://docs.mistral.ai/api,
https://docs.vllm.ai/en/latest/features/multimodal_inputs.html
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from nbstream.core.file_part import is_text
from nbstream.core.message import FilePart, Part, RefusalPart, TextPart
from nbstream.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nbstream.protocols.json_fields import Json
    from nbstream.protocols.openai_chat.quirks import Quirks


_AUDIO_FORMATS = {
    "audio/wav": "wav",
    "audio/x-wav": "wav",
    "audio/wave": "wav",
    "audio/mpeg": "mp3",
    "audio/mp3": "mp3",
}


def content(parts: Iterable[Part], quirks: Quirks) -> str | list[Json]:
    """The content of a user or system message: a string if it is plain text, else chunks.

    Raises:
        UsageError: this format cannot express one of the files.
    """
    content_parts = [part for part in parts if isinstance(part, (TextPart, FilePart, RefusalPart))]
    if all(not isinstance(part, FilePart) and not extras(part) for part in content_parts):
        return "".join(part.text for part in content_parts if not isinstance(part, FilePart))
    return [chunk(part, quirks) for part in content_parts]


def extras(part: Part) -> Json:
    """Fields that are added to a chunk unchanged, such as ``cache_control`` or ``detail``."""
    fields = part.provider_metadata.get("openai_chat")
    return fields if isinstance(fields, dict) else {}


def chunk(part: TextPart | RefusalPart | FilePart, quirks: Quirks) -> Json:
    """One part as a chunk, an object in the list ``content``."""
    if not isinstance(part, FilePart):
        return {"type": "text", "text": part.text, **extras(part)}
    kind = part.media_type.partition("/")[0]
    if kind == "image":
        url = _address(part)
        detail = {name: value for name, value in extras(part).items() if name == "detail"}
        rest = {name: value for name, value in extras(part).items() if name != "detail"}
        return {"type": "image_url", "image_url": {"url": url, **detail}, **rest}
    if kind == "video":  # OpenRouter, vLLM
        return {"type": "video_url", "video_url": {"url": _address(part)}, **extras(part)}
    if kind == "audio":
        return {"type": "input_audio", "input_audio": _audio(part, quirks)}
    if is_text(part.media_type) and part.data is not None:
        return {"type": "text", "text": part.data.decode(errors="replace")}
    return _document(part, quirks)


def _document(part: FilePart, quirks: Quirks) -> Json:
    """Any other file, in the form that the server takes."""
    if quirks.documents_by_url:
        row = {"type": "document_url", "document_url": _address(part)}
        return {**row, "document_name": part.filename} if part.filename else row
    if file_id := extras(part).get("file_id"):
        return {"type": "file", "file": {"file_id": file_id}}
    # OpenAI requires a filename. OpenRouter accepts an address as file_data.
    name = part.filename or "file." + part.media_type.rpartition("/")[2]
    return {"type": "file", "file": {"filename": name, "file_data": _address(part)}}


def _audio(part: FilePart, quirks: Quirks) -> str | Json:
    """The value of ``input_audio``."""
    if quirks.audio_is_bare:
        return part.url or _base64(part)
    if part.data is None:
        raise UsageError(
            "Audio can only be sent as data in this format, not as an address.",
            remedy="Read the file and pass its bytes.",
        )
    name = _AUDIO_FORMATS.get(part.media_type) or part.media_type.rpartition("/")[2]
    return {"data": _base64(part), "format": name}


def _address(part: FilePart) -> str:
    """The file's address, or its bytes as a data URL."""
    if part.data is not None:
        return f"data:{part.media_type};base64,{_base64(part)}"
    if part.url is None:
        raise UsageError(
            "A file has neither data nor an address.", remedy="Make it with file_part(...)."
        )
    return part.url


def _base64(part: FilePart) -> str:
    return base64.b64encode(part.data or b"").decode()
