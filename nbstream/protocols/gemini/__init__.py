"""Gemini's generateContent, streamed: Google AI Studio's and Vertex AI's wire format.

Source: https://ai.google.dev/api/generate-content. Knows how the pieces of this
package make a protocol; refuses to know which of Google's addresses it is for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.protocols.gemini.decoder import GeminiDecoder
from nbstream.protocols.gemini.parameters import parameter_fields
from nbstream.protocols.gemini.request import build_request
from nbstream.protocols.gemini.structured import ask_for
from nbstream.protocols.gemini.tools import tool_fields
from nbstream.protocols.keys import google
from nbstream.protocols.parameters import merge

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nbstream.core.message import Message
    from nbstream.core.output_spec import OutputSpec
    from nbstream.core.tool_spec import Tool, ToolChoice
    from nbstream.protocols.base import Request

__all__ = ["Gemini", "GeminiDecoder"]


class Gemini:
    """The protocol; see ``WireProtocol``."""

    name = "gemini"

    def auth(self, api_key: str) -> dict[str, str]:
        """Google's own header."""
        return google(api_key)

    def parameter_fields(
        self, model: str, given: Mapping[str, Any], *, tools: bool = False
    ) -> dict[str, Any]:
        """The common parameters as fields of the body; see ``WireProtocol``."""
        del tools
        return parameter_fields(model, given)

    def request(
        self,
        model: str,
        messages: Sequence[Message],
        params: dict[str, Any],
        *,
        tools: Sequence[Tool] = (),
        tool_choice: ToolChoice = None,
        output: OutputSpec | None = None,
    ) -> Request:
        """A streaming request.

        ``params`` are the body's fields (``tools``, ``safetySettings``, ...);
        fields of ``generationConfig`` may stand among them.

        Raises:
            UsageError: a tool is another provider's, or cannot be chosen or combined, or
                the output's type cannot be said.
        """
        given = tool_fields(model, tools, tool_choice)
        if output is not None:
            messages, asked = ask_for(output, model, messages, tools)
            given |= asked
        given = merge(given, params)
        return build_request(model, messages, given)

    def decoder(self) -> GeminiDecoder:
        """A fresh decoder."""
        return GeminiDecoder()
