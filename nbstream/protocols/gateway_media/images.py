"""The protocol for the Vercel AI Gateway's image endpoint: JSON request, JSON response."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbstream.core import events as ev
from nbstream.core.message import Usage
from nbstream.errors import ProviderError
from nbstream.protocols.gateway_media import wire
from nbstream.protocols.json_fields import count_of, list_of
from nbstream.protocols.json_response import JSONResponseDecoder
from nbstream.protocols.media_files import decode_base64, media_type
from nbstream.protocols.media_protocol import MediaProtocol, pictures_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nbstream.core.message import Message
    from nbstream.protocols.base import Request

_MAX_IMAGES = 16


@dataclass(frozen=True, slots=True)
class GatewayImages(MediaProtocol):
    """Builds image requests and makes their decoders; see ``WireProtocol``.

    ``model`` becomes the model of the answer's message.
    """

    name = "gateway_images"
    makes = "image"

    model: str | None = None

    def auth(self, api_key: str) -> dict[str, str]:
        """The headers with the bearer token and its kind."""
        return wire.auth(api_key)

    def build(self, model: str, messages: Sequence[Message], params: dict[str, Any]) -> Request:
        """Build a request for images."""
        body = wire.body(messages)
        if pictures := pictures_of(messages, _MAX_IMAGES, model):
            body["files"] = [wire.file(picture) for picture in pictures]
        return wire.request("image", model, body | params, "application/json")

    def decoder(self) -> JSONResponseDecoder:
        """A new decoder."""
        return JSONResponseDecoder(self._events)

    def _events(self, row: dict[str, Any]) -> Iterator[ev.Event]:
        yield ev.StreamStart(model=self.model)
        pictures = list_of(row.get("images"))
        for index, text in enumerate(pictures):
            data = decode_base64(text)
            yield ev.FileEvent(index, media_type(data, "image/png"), data)
        if not pictures:
            raise ProviderError("The provider answered without a picture.")
        raw = row.get("usage")
        usage = Usage(count_of(raw, "inputTokens"), count_of(raw, "outputTokens")) if raw else None
        yield ev.StreamEnd("stop", usage, wire.response_metadata(row))
