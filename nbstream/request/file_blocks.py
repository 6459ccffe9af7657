"""Converts file blocks (images, audio, video, documents) in a caller's dict messages to file parts.

The blocks are as Anthropic or OpenAI writes them; some forms of Mistral, OpenRouter and vLLM
are read too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nbstream.core.data_url import is_data_url, read_base64, read_data_url
from nbstream.core.file_part import FilePart, is_text
from nbstream.errors import UsageError
from nbstream.request.block_fields import Block, BlockError, field_of, rest_of
from nbstream.request.json_values import json_value

_LONGEST = 255  # characters of a media type or a name
_BASE64 = "Pass base64.b64encode(data).decode()."


def source_block(block: Block, place: str) -> FilePart:
    """The file in Anthropic's ``image`` or ``document`` block."""
    source = field_of(block, "source", Mapping)
    title = block.get("title")
    known: tuple[str, ...] = ("type", "source", "title")
    match source.get("type"):
        case "base64":
            found = _from_bytes(_decoded(source.get("data")), source.get("media_type"), title)
        case "text":
            text = field_of(source, "data").encode(errors="replace")
            found = _from_bytes(text, "text/plain", title)
        case "url":
            found = _from_url(field_of(source, "url"), _default_type(block), title)
        case "file" | "content":
            found = FilePart(_default_type(block), filename=title)
            known = ("type", "title")
        case _:
            raise BlockError(
                "The block's source has no known type:",
                remedy='Write "source": {"type": "base64", "media_type": "image/png", "data": ...}'
                ', or {"type": "url", "url": ...}.',
            )
    return _with_metadata(found, rest_of(block, place, *known))


def _default_type(block: Block) -> str:
    if block["type"] == "image":
        return "image/*"
    inner = block["source"].get("type") == "content"
    return "text/plain" if inner else "application/pdf"


def image_url_block(block: Block, place: str) -> FilePart:
    """The file in OpenAI's ``image_url`` or ``input_image`` block, or Mistral's ``image_url``."""
    given = block.get("image_url")
    row = given if isinstance(given, Mapping) else {"url": given, **block}
    names = [name for name in ("detail", "file_id") if row.get(name) is not None]
    own = {name: json_value(row[name], place) for name in names}
    keys = {"openai_chat": own, "openai_responses": own} if own else {}
    if row.get("url") is None and "file_id" in own:
        return FilePart("image/*", provider_metadata=keys)
    if not isinstance(row.get("url"), str):
        raise BlockError(
            "The block has no address:",
            remedy='Write "image_url": {"url": "https://..." or "data:image/png;base64,..."}.',
        )
    return _with_metadata(_from_url(row["url"], "image/*", None), keys)


def video_url_block(block: Block, _place: str) -> FilePart:
    """The file in the ``video_url`` block of OpenRouter and vLLM."""
    given = block.get("video_url")
    url = given.get("url") if isinstance(given, Mapping) else given
    if not isinstance(url, str):
        raise BlockError("The block has no address:", remedy='Write "video_url": {"url": ...}.')
    return _from_url(url, "video/mp4", None)


def audio_block(block: Block, _place: str) -> FilePart:
    """The file in OpenAI's ``input_audio`` block."""
    row = field_of(block, "input_audio", Mapping)
    form = field_of(row, "format")
    kind = f"audio/{'mpeg' if form == 'mp3' else form}"
    return _from_bytes(_decoded(row.get("data")), kind, None)


def file_block(block: Block, _place: str) -> FilePart:
    """The file in OpenAI's file block: nested in Chat Completions, flat in Responses."""
    row = block["file"] if isinstance(block.get("file"), Mapping) else block
    name = row.get("filename")
    if isinstance(data := row.get("file_data"), str):
        if is_data_url(data) or data.startswith(("http://", "https://")):
            return _from_url(data, "application/pdf", name)
        return _from_bytes(_decoded(data), None, name)
    if isinstance(url := row.get("file_url"), str):
        return _from_url(url, "application/pdf", name)
    if isinstance(file_id := row.get("file_id"), str):
        own = {"file_id": file_id}
        keys = {"openai_chat": own, "openai_responses": own}
        return FilePart("application/pdf", filename=name, provider_metadata=keys)
    raise BlockError("The block has no file:", remedy='Add "file_data", "file_url" or "file_id".')


def _from_url(url: str, default_type: str, name: Any) -> FilePart:
    """A file at an address; ``default_type`` is its type if the address does not show it."""
    if is_data_url(url):
        try:
            kind, data = read_data_url(url)
        except ValueError as error:
            text = f"The block's data: address cannot be read, {error}:"
            raise BlockError(text, remedy=_BASE64) from None
        return _from_bytes(data, kind, name)
    if url[:5].lower() == "file:":  # a dict may come from another user: it reads no file
        raise BlockError(
            "The block's address is of a file on this machine, which is not read:",
            remedy="Pass file_part(path). For a path on the server, pass a FilePart with url=.",
        )
    if "://" not in url:
        raise BlockError(
            "The block's address is not a URL:",
            remedy="Write https://... or data:...; for a file on disk, pass file_part(path).",
        )
    from nbstream.files import file_part  # slow to import, and few messages have files

    try:
        return file_part(url, None, name)
    except UsageError:  # the address does not show the media type
        return FilePart(default_type, url=url, filename=name)


def _from_bytes(data: bytes, kind: Any, name: Any) -> FilePart:
    """A file. The media type of an image is read from its bytes; otherwise it is ``kind``."""
    from nbstream.files import file_part  # as above

    if not data:
        raise BlockError("The block's data is empty:", remedy=_BASE64)
    for given in (kind, name):
        if given and not (isinstance(given, str) and len(given) <= _LONGEST):
            raise BlockError(
                "The media type or the name is not a short str:",
                remedy='Pass a media type such as "image/png".',
            )
    try:
        return file_part(data, kind or None, name)
    except UsageError as error:
        if isinstance(kind, str) and is_text(kind):
            raise BlockError(
                "The block's text is not UTF-8:", remedy="Encode it with text.encode()."
            ) from error
        if not isinstance(kind, str) or not kind:
            raise BlockError(
                "The block does not show the media type of its file:",
                remedy='Write its media type, as in "data:application/pdf;base64,...".',
            ) from None
        return FilePart(kind, data, filename=name)


def _with_metadata(part: FilePart, metadata: dict[str, Any]) -> FilePart:
    if not metadata:
        return part
    return FilePart(part.media_type, part.data, part.url, part.filename, metadata)


def _decoded(data: Any) -> bytes:
    if isinstance(data, (bytes, bytearray)):
        return bytes(data)
    remedy = _BASE64
    try:
        if isinstance(data, str) and is_data_url(data):
            remedy = "Leave out what is before the comma; the media type has its own field."
        elif isinstance(data, str):
            return read_base64(data)
    except ValueError:
        pass
    raise BlockError("The block's data is not base64:", remedy=remedy)
