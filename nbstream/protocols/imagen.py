"""Imagen: pictures from Google, by ``:predict``.

Source: https://ai.google.dev/gemini-api/docs/imagen and Google's own library,
whose names of fields the REST interface shares. Refuses to know addresses.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from nbstream.core import events as ev
from nbstream.errors import ContentFilterError, ProviderError
from nbstream.protocols.base import Request
from nbstream.protocols.json_fields import rows_of
from nbstream.protocols.json_response import WholeDecoder
from nbstream.protocols.keys import google
from nbstream.protocols.media_files import decoded, media_type
from nbstream.protocols.media_prompt import MediaProtocol, pictures_of, prompt_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nbstream.core.message import Message


@dataclass(frozen=True, slots=True)
class Imagen(MediaProtocol):
    """The protocol; see ``WireProtocol``. ``model`` is written on the message."""

    name = "imagen"
    makes = "image"

    model: str | None = None

    def auth(self, api_key: str) -> dict[str, str]:
        """Google's own header."""
        return google(api_key)

    def build(self, model: str, messages: Sequence[Message], params: dict[str, Any]) -> Request:
        """A prediction; ``params`` are its ``parameters`` (``sampleCount``, ``aspectRatio``)."""
        pictures_of(messages, 0, model)
        path = quote(model if "/" in model else f"models/{model}")
        # Without a count Imagen makes four.
        body = {
            "instances": [{"prompt": prompt_of(messages)}],
            "parameters": {"sampleCount": 1, **params},
        }
        return Request(f"/{path}:predict", body, {"Accept": "application/json"})

    def decoder(self) -> WholeDecoder:
        """A fresh decoder."""
        return WholeDecoder(self._events)

    def _events(self, row: dict[str, Any]) -> Iterator[ev.Event]:
        yield ev.StreamStart(model=self.model)
        index, reasons = 0, []
        for one in rows_of(row.get("predictions")):
            if text := one.get("bytesBase64Encoded"):
                data = decoded(text)
                kind = media_type(data, str(one.get("mimeType") or "image/png"))
                about = {"prompt": one["prompt"]} if one.get("prompt") else {}
                metadata = {"imagen": about} if about else {}
                yield ev.FileEvent(index, kind, data, provider_metadata=metadata)
                index += 1
            elif reason := one.get("raiFilteredReason"):
                reasons.append(str(reason))
        if not index:
            if reasons:
                raise ContentFilterError(reasons[0])
            # Imagen filters without a word unless asked for the reason (includeRaiReason).
            raise ProviderError(
                "The provider answered without a picture.",
                remedy="It may have been filtered; say it in other words.",
            )
        yield ev.StreamEnd("stop", None, {"filtered": reasons} if reasons else {})
