"""Converts images, PDFs and text files to content blocks of a Messages API request. No I/O.

Sources: https://platform.claude.com/docs/en/build-with-claude/vision and
https://platform.claude.com/docs/en/build-with-claude/pdf-support
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from nbstream.core.data_url import is_data_url, read_data_url
from nbstream.core.file_part import is_text
from nbstream.errors import UsageError
from nbstream.protocols.anthropic.message import KEY

if TYPE_CHECKING:
    from nbstream.core.parts import FilePart
    from nbstream.protocols.json_fields import Json


_PDF = "application/pdf"


def file_block(part: FilePart) -> Json:
    """The image or document block for a file.

    The part's metadata for this protocol is merged into it: ``citations``, ``context``,
    ``cache_control``, or a ``source`` such as ``{"type": "file", "file_id": ...}``.

    Raises:
        UsageError: the API does not accept the file's type, or the file is empty.
    """
    extra = part.provider_metadata.get(KEY)
    extra = extra if isinstance(extra, dict) else {}
    kind = part.media_type.partition(";")[0].strip().lower()
    if kind.startswith("image/"):
        block: Json = {"type": "image"}
    elif kind == _PDF or is_text(kind) or "source" in extra:
        block = {"type": "document"}
        if part.filename:
            block["title"] = part.filename
    else:
        raise UsageError(
            f"The Messages API accepts images, PDFs and text, not {part.media_type}.",
            remedy="Convert the file, or use a model of another provider that accepts it.",
        )
    if "source" not in extra:
        block["source"] = _source(part, kind)
    return {**block, **extra}


def _source(part: FilePart, kind: str) -> Json:
    """The field ``source`` of a block: the file's address, text or base64."""
    data = part.data
    if data is None:
        if not part.url:
            raise UsageError(
                "A file has neither data nor an address.", remedy="Make it with file_part(...)."
            )
        if is_data_url(part.url):
            data = _data_of(part.url)
    if data is None:
        return {"type": "url", "url": part.url}
    if is_text(kind):
        text = data.decode(errors="replace")
        return {"type": "text", "media_type": "text/plain", "data": text}
    return {"type": "base64", "media_type": kind, "data": base64.b64encode(data).decode()}


def _data_of(url: str) -> bytes:
    """The bytes in a data: URL."""
    try:
        return read_data_url(url)[1]
    except ValueError:
        raise UsageError(
            "A file's data: URL is not valid base64, although it says so.",
            remedy="Pass the file's bytes instead.",
        ) from None
