"""Converts the images and the audio in a Chat Completions response to file events.

Images are data URLs or other URLs. Audio arrives as base64, in pieces.
"""

from __future__ import annotations

import base64
import mimetypes
from typing import TYPE_CHECKING, Any

from nbstream.core import events as ev

if TYPE_CHECKING:
    from collections.abc import Callable

_PCM = "audio/pcm"
"""The only audio format that can be streamed: 16 bit, 24 kHz, mono
(https://platform.openai.com/docs/guides/audio)."""


def file_of(url: str, default: str) -> tuple[str, bytes | None, str | None]:
    """Media type, bytes and address of ``url``; a data URL has bytes, others have an address."""
    head, comma, data = url.partition(",")
    if head.startswith("data:") and head.endswith(";base64") and comma:
        try:
            media_type = head.removeprefix("data:").removesuffix(";base64")
            return media_type or default, base64.b64decode(data), None
        except ValueError:
            return default, None, url
    return mimetypes.guess_type(url.partition("?")[0])[0] or default, None, url


def image(row: Any) -> Callable[[int], ev.Event] | None:
    """A function from an index to the event for an image; None if ``row`` has no URL.

    ``row`` is ``{"type": "image_url", "image_url": {"url": ...}}``.
    """
    value = row.get("image_url") if isinstance(row, dict) else None
    url = value.get("url") if isinstance(value, dict) else value
    if not isinstance(url, str) or not url:
        return None
    media_type, data, address = file_of(url, "image/png")
    return lambda index: ev.FileEvent(index, media_type, data, address)


class Audio:
    """Collects the audio of a response, which becomes one file at the end."""

    def __init__(self) -> None:
        self._metadata: dict[str, Any] = {}
        self._pieces: list[str] = []

    def add(self, row: dict[str, Any]) -> str:
        """Add a piece of audio. Returns the piece's transcript."""
        for name, value in row.items():
            if name == "data" and isinstance(value, str):
                self._pieces.append(value)
            elif name not in ("data", "transcript") and value:
                self._metadata[name] = value
        transcript = row.get("transcript")
        return transcript if isinstance(transcript, str) else ""

    def file(self) -> Callable[[int], ev.Event] | None:
        """A function from an index to the event for the complete audio; None if there is none."""
        if not self._pieces:
            return None
        data = _joined(self._pieces)
        metadata = {"openai_chat": {"audio": self._metadata}} if self._metadata else {}
        return lambda index: ev.FileEvent(index, _PCM, data, provider_metadata=metadata)

    def transcript_metadata(self) -> dict[str, Any]:
        """Metadata for text that is the audio's transcript; the audio's id is sent back instead."""
        audio_id = self._metadata.get("id")
        return {"openai_chat": {"transcript_of": audio_id}} if audio_id else {}


def _joined(pieces: list[str]) -> bytes:
    """Decode the pieces: each may be complete base64 with padding, or a part of it."""
    try:
        return b"".join(base64.b64decode(piece) for piece in pieces)
    except ValueError:
        try:
            return base64.b64decode("".join(pieces))
        except ValueError:
            return b""
