"""Files as blocks of a request: images, PDFs and text.

Sources: https://platform.claude.com/docs/en/build-with-claude/vision and
https://platform.claude.com/docs/en/build-with-claude/pdf-support. Refuses to
read a disk or the network: a file is its bytes or an address.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from nbstream.core.data_url import is_data_url, read_data_url
from nbstream.core.file_part import is_text
from nbstream.errors import UsageError
from nbstream.protocols.anthropic.message import KEY

if TYPE_CHECKING:
    from nbstream.core.parts import FilePart

    Block = dict[str, Any]

_PDF = "application/pdf"


def file_block(part: FilePart) -> Block:
    """An image or a document.

    The part's own metadata for this protocol is laid over it: ``citations``,
    ``context``, ``cache_control``, or a ``source`` such as ``{"type": "file",
    "file_id": ...}``.

    Raises:
        UsageError: the API takes no such file, or there is nothing in it.
    """
    more = part.provider_metadata.get(KEY)
    more = more if isinstance(more, dict) else {}
    kind = part.media_type.partition(";")[0].strip().lower()
    if kind.startswith("image/"):
        block: Block = {"type": "image"}
    elif kind == _PDF or is_text(kind) or "source" in more:
        block = {"type": "document"}
        if part.filename:
            block["title"] = part.filename
    else:
        raise UsageError(
            f"The Messages API takes images, PDFs and text, not {part.media_type}.",
            remedy="Convert the file, or ask a model of a provider that takes it.",
        )
    if "source" not in more:
        block["source"] = _source(part, kind)
    return {**block, **more}


def _source(part: FilePart, kind: str) -> Block:
    data = part.data
    if data is None:
        if not part.url:
            raise UsageError("A file has neither data nor a URL.")
        if is_data_url(part.url):
            data = _data_of(part.url)
    if data is None:
        return {"type": "url", "url": part.url}
    if is_text(kind):
        text = data.decode(errors="replace")
        return {"type": "text", "media_type": "text/plain", "data": text}
    return {"type": "base64", "media_type": kind, "data": base64.b64encode(data).decode()}


def _data_of(url: str) -> bytes:
    try:
        return read_data_url(url)[1]
    except ValueError:
        raise UsageError("A file's data: URL is not base64, though it says so.") from None
