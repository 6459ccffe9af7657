"""OpenAI's Images API: pictures from a prompt, or from a prompt and pictures.

Source: https://platform.openai.com/docs/api-reference/images. Knows how the
pieces of this package make a protocol; refuses to know addresses and keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbstream.protocols.drawing import refuse_output, refuse_tools
from nbstream.protocols.openai_images.decoder import OpenAIImagesDecoder
from nbstream.protocols.openai_images.request import build_request

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.core.message import Message
    from nbstream.core.output import OutputSpec
    from nbstream.core.tools import Tool, ToolChoice
    from nbstream.protocols.base import Request

__all__ = ["OpenAIImages", "OpenAIImagesDecoder"]


@dataclass(frozen=True, slots=True)
class OpenAIImages:
    """The protocol; see ``WireProtocol``.

    ``model`` is written on the message. ``key_header`` is the header that the
    server wants the key in; None is a bearer token.
    """

    name = "openai_images"

    model: str | None = None
    key_header: str | None = None

    def auth(self, api_key: str) -> dict[str, str]:
        """A bearer token, or the header that the server wants instead."""
        if self.key_header:
            return {self.key_header: api_key}
        return {"Authorization": f"Bearer {api_key}"}

    def request(
        self,
        model: str,
        messages: Sequence[Message],
        params: dict[str, Any],
        *,
        tools: Sequence[Tool] = (),
        tool_choice: ToolChoice = None,  # noqa: ARG002 - the interface's
        output: OutputSpec | None = None,
    ) -> Request:
        """A request that streams drafts of the picture where the model can.

        Raises:
            UsageError: there is no text, a file is no picture, or there are tools.
        """
        refuse_tools(tools, model)
        refuse_output(output, model)
        return build_request(model, messages, params)

    def decoder(self) -> OpenAIImagesDecoder:
        """A fresh decoder."""
        return OpenAIImagesDecoder(self.model)
