"""OpenAI's Images API: pictures from a prompt, or from a prompt and pictures.

Source: https://platform.openai.com/docs/api-reference/images. Knows how the
pieces of this package make a protocol; refuses to know addresses and keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbstream.protocols.keys import bearer
from nbstream.protocols.media_prompt import MediaProtocol
from nbstream.protocols.openai_images.decoder import OpenAIImagesDecoder
from nbstream.protocols.openai_images.request import build_request

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.core.message import Message
    from nbstream.protocols.base import Request

__all__ = ["OpenAIImages", "OpenAIImagesDecoder"]


@dataclass(frozen=True, slots=True)
class OpenAIImages(MediaProtocol):
    """The protocol; see ``WireProtocol``.

    ``model`` is written on the message. ``key_header`` is the header that the
    server wants the key in; None is a bearer token.
    """

    name = "openai_images"
    makes = "image"

    model: str | None = None
    key_header: str | None = None

    def auth(self, api_key: str) -> dict[str, str]:
        """A bearer token, or the header that the server wants instead."""
        return bearer(api_key, self.key_header)

    def build(self, model: str, messages: Sequence[Message], params: dict[str, Any]) -> Request:
        """A request that streams drafts of the picture where the model can."""
        return build_request(model, messages, params)

    def decoder(self) -> OpenAIImagesDecoder:
        """A fresh decoder."""
        return OpenAIImagesDecoder(self.model)
