"""Converts the files in a Gemini response to events: either the bytes or a URL. No I/O.

Source: https://ai.google.dev/api/caching#Part (inlineData, fileData)
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from nbstream.core.events import FileEvent
from nbstream.errors import ProtocolError
from nbstream.protocols.json_fields import Json, text_of, without

if TYPE_CHECKING:
    from nbstream.protocols.gemini.event_writer import EventWriter

_URL_SAFE = str.maketrans("-_", "+/")


def inline_data(writer: EventWriter, part: Json, value: Json) -> None:
    """Write the event for a file that came with its bytes.

    Raises:
        ProtocolError: they are not valid base64.
    """
    padded = str(value.get("data") or "").translate(_URL_SAFE) + "=="
    try:
        data = base64.b64decode(padded)
    except ValueError:
        raise ProtocolError("The server sent a file that is not valid base64.") from None
    _file(writer, value, without(part, "inlineData"), data=data)


def file_data(writer: EventWriter, part: Json, value: Json) -> None:
    """Write the event for a file that came as a URL."""
    _file(writer, value, without(part, "fileData"), url=text_of(value.get("fileUri")))


def _file(
    writer: EventWriter,
    value: Json,
    extra: Json,
    *,
    data: bytes | None = None,
    url: str | None = None,
) -> None:
    media_type = text_of(value.get("mimeType")) or "application/octet-stream"
    name = text_of(value.get("displayName")) or None
    metadata = {"gemini": extra} if extra else {}
    event = FileEvent(writer.index(), media_type, data, url, name, provider_metadata=metadata)
    writer.out.append(event)
