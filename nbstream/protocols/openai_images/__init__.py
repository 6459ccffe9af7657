"""The protocol for OpenAI's Images API: images from a prompt, optionally with input images.

Source: https://platform.openai.com/docs/api-reference/images.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbstream.protocols.auth_headers import bearer
from nbstream.protocols.media_protocol import MediaProtocol
from nbstream.protocols.openai_images.decoder import OpenAIImagesDecoder
from nbstream.protocols.openai_images.request import build_request

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.core.message import Message
    from nbstream.protocols.base import Request

__all__ = ["OpenAIImages", "OpenAIImagesDecoder"]


@dataclass(frozen=True, slots=True)
class OpenAIImages(MediaProtocol):
    """Builds image requests and makes their decoders; see ``WireProtocol``.

    ``model`` becomes the answer's model. ``key_header``: the header for the key; None means
    a bearer token.
    """

    name = "openai_images"
    makes = "image"

    model: str | None = None
    key_header: str | None = None

    def auth(self, api_key: str) -> dict[str, str]:
        """A bearer token, or the key in ``key_header``."""
        return bearer(api_key, self.key_header)

    def build(self, model: str, messages: Sequence[Message], params: dict[str, Any]) -> Request:
        """Build a request that streams drafts of the image if the model supports it."""
        return build_request(model, messages, params)

    def decoder(self) -> OpenAIImagesDecoder:
        """A new decoder."""
        return OpenAIImagesDecoder(self.model)
