"""Content blocks that are files, as Anthropic and OpenAI write them, read as file parts."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from nbstream.core.data_url import is_data_url, read_data_url
from nbstream.core.file_part import FilePart
from nbstream.errors import UsageError
from nbstream.request.block_fields import Block, BlockError, field_of, rest_of

_BASE64 = "Write base64.b64encode(data).decode()."


def source_block(block: Block, place: str) -> FilePart:
    """Anthropic's image and document."""
    source = field_of(block, "source", Mapping)
    title = block.get("title")
    known: tuple[str, ...] = ("type", "source", "title")
    match source.get("type"):
        case "base64":
            found = _of_bytes(_bytes(source.get("data")), source.get("media_type"), title)
        case "text":
            found = _of_bytes(field_of(source, "data").encode(), "text/plain", title)
        case "url":
            found = _at(field_of(source, "url"), _usual(block), title)
        case "file" | "content":
            found = FilePart(_usual(block), filename=title)
            known = ("type", "title")
        case _:
            raise BlockError(
                "Its source is none that nbstream knows:",
                remedy='Write "source": {"type": "base64", "media_type": "image/png", "data": ...}'
                ', or {"type": "url", "url": ...}.',
            )
    return _with(found, rest_of(block, place, *known))


def _usual(block: Block) -> str:
    if block["type"] == "image":
        return "image/*"
    inner = block["source"].get("type") == "content"
    return "text/plain" if inner else "application/pdf"


def image_url_block(block: Block, place: str) -> FilePart:
    """OpenAI's picture, in either of its formats; Mistral writes the bare address as well."""
    given = block.get("image_url")
    row = given if isinstance(given, Mapping) else {"url": given, **block}
    own = {name: row[name] for name in ("detail", "file_id") if row.get(name) is not None}
    keys = {"openai_chat": own, "openai_responses": own} if own else {}
    if row.get("url") is None and "file_id" in own:
        return FilePart("image/*", provider_metadata=keys)
    if not isinstance(row.get("url"), str):
        raise BlockError(
            "It has no address:",
            remedy='Write "image_url": {"url": "https://..." or "data:image/png;base64,..."}.',
        )
    del place
    return _with(_at(row["url"], "image/*", None), keys)


def video_url_block(block: Block, _place: str) -> FilePart:
    """OpenRouter's and vLLM's film."""
    given = block.get("video_url")
    url = given.get("url") if isinstance(given, Mapping) else given
    if not isinstance(url, str):
        raise BlockError("It has no address:", remedy='Write "video_url": {"url": ...}.')
    return _at(url, "video/mp4", None)


def audio_block(block: Block, _place: str) -> FilePart:
    """OpenAI's sound."""
    row = field_of(block, "input_audio", Mapping)
    form = field_of(row, "format")
    kind = f"audio/{'mpeg' if form == 'mp3' else form}"
    return _of_bytes(_bytes(row.get("data")), kind, None)


def file_block(block: Block, _place: str) -> FilePart:
    """OpenAI's file: nested in Chat Completions, flat in Responses."""
    row = block["file"] if isinstance(block.get("file"), Mapping) else block
    name = row.get("filename")
    if isinstance(data := row.get("file_data"), str):
        if is_data_url(data) or data.startswith(("http://", "https://")):
            return _at(data, "application/pdf", name)
        return _of_bytes(_bytes(data), None, name)
    if isinstance(url := row.get("file_url"), str):
        return _at(url, "application/pdf", name)
    if isinstance(file_id := row.get("file_id"), str):
        own = {"file_id": file_id}
        keys = {"openai_chat": own, "openai_responses": own}
        return FilePart("application/pdf", filename=name, provider_metadata=keys)
    raise BlockError("It holds no file:", remedy='Give "file_data", "file_url" or "file_id".')


def _at(url: str, usual: str, name: Any) -> FilePart:
    """A file at an address; ``usual`` is its type where the address does not say it."""
    if is_data_url(url):
        try:
            kind, data = read_data_url(url)
        except ValueError:
            raise BlockError("Its data: address is not base64:", remedy=_BASE64) from None
        return _of_bytes(data, kind, name)
    if "://" not in url:
        raise BlockError(
            "Its address is not one:",
            remedy="Write https://... or data:...; of a file on the disk make a file_part(path).",
        )
    from nbstream.files import file_part  # slow to import, and few messages have files

    try:
        return file_part(url, None, name)
    except UsageError:  # nothing in the address says what it is
        return FilePart(usual, url=url, filename=name)


def _of_bytes(data: bytes, kind: Any, name: Any) -> FilePart:
    """A file; its bytes decide between pictures, else ``kind`` is taken at its word."""
    from nbstream.files import file_part  # as above

    if not data:
        raise BlockError("Its data is empty:", remedy=_BASE64)
    try:
        return file_part(data, kind or None, name)
    except UsageError:
        if not isinstance(kind, str) or not kind:
            raise BlockError(
                "Nothing in it says what it is:",
                remedy='Write its media type, as in "data:application/pdf;base64,...".',
            ) from None
        return FilePart(kind, data, filename=name)


def _with(part: FilePart, metadata: dict[str, Any]) -> FilePart:
    if not metadata:
        return part
    return FilePart(part.media_type, part.data, part.url, part.filename, metadata)


def _bytes(data: Any) -> bytes:
    if isinstance(data, (bytes, bytearray)):
        return bytes(data)
    try:
        return base64.b64decode(data, validate=True)
    except (TypeError, ValueError, binascii.Error):
        raise BlockError("Its data is not base64:", remedy=_BASE64) from None
