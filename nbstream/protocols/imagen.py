"""The protocol for Imagen, Google's image models: builds and decodes ``:predict`` calls.

Source: https://ai.google.dev/gemini-api/docs/imagen, and Google's own library, which uses the
field names of the REST interface.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from nbstream.core import events as ev
from nbstream.errors import ContentFilterError, ProviderError
from nbstream.protocols.auth_headers import google
from nbstream.protocols.base import Request
from nbstream.protocols.json_fields import dicts_of
from nbstream.protocols.json_response import JSONResponseDecoder
from nbstream.protocols.media_files import decode_base64, media_type
from nbstream.protocols.media_protocol import MediaProtocol, pictures_of, prompt_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nbstream.core.message import Message


@dataclass(frozen=True, slots=True)
class Imagen(MediaProtocol):
    """Builds image requests and makes their decoders; see ``WireProtocol``.

    ``model`` becomes the model of the answer's message.
    """

    name = "imagen"
    makes = "image"

    model: str | None = None

    def auth(self, api_key: str) -> dict[str, str]:
        """The key in Google's header ``x-goog-api-key``."""
        return google(api_key)

    def build(self, model: str, messages: Sequence[Message], params: dict[str, Any]) -> Request:
        """Build a request; ``params`` are its ``parameters`` (``sampleCount``, ``aspectRatio``)."""
        pictures_of(messages, 0, model)
        path = quote(model if "/" in model else f"models/{model}")
        # Without a count Imagen makes four images.
        body = {
            "instances": [{"prompt": prompt_of(messages)}],
            "parameters": {"sampleCount": 1, **params},
        }
        return Request(f"/{path}:predict", body, {"Accept": "application/json"})

    def decoder(self) -> JSONResponseDecoder:
        """A new decoder."""
        return JSONResponseDecoder(self._events)

    def _events(self, row: dict[str, Any]) -> Iterator[ev.Event]:
        yield ev.StreamStart(model=self.model)
        index, reasons = 0, []
        for prediction in dicts_of(row.get("predictions")):
            if text := prediction.get("bytesBase64Encoded"):
                data = decode_base64(text)
                kind = media_type(data, str(prediction.get("mimeType") or "image/png"))
                prompt = prediction.get("prompt")
                metadata = {"imagen": {"prompt": prompt}} if prompt else {}
                yield ev.FileEvent(index, kind, data, provider_metadata=metadata)
                index += 1
            elif reason := prediction.get("raiFilteredReason"):
                reasons.append(str(reason))
        if not index:
            if reasons:
                raise ContentFilterError(reasons[0])
            # Without includeRaiReason Imagen does not say that it filtered the image.
            raise ProviderError(
                "The provider answered without a picture.",
                remedy="It may have been filtered. Rephrase the prompt.",
            )
        yield ev.StreamEnd("stop", None, {"filtered": reasons} if reasons else {})
