"""OpenAI's Responses API.

Source: https://platform.openai.com/docs/api-reference/responses. Knows that
format and how other servers that speak it deviate; refuses to know which server
it talks to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.protocols.base import Request
from nbstream.protocols.keys import bearer
from nbstream.protocols.openai_responses.decoder import OpenAIResponsesDecoder
from nbstream.protocols.openai_responses.parameters import parameter_fields
from nbstream.protocols.openai_responses.request import body
from nbstream.protocols.openai_responses.structured import ask_for
from nbstream.protocols.openai_responses.tools import tool_fields
from nbstream.protocols.parameters import merge
from nbstream.protocols.tools import needs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nbstream.core.message import Message
    from nbstream.core.output_spec import OutputSpec
    from nbstream.core.tool_spec import Tool, ToolChoice

__all__ = ["OpenAIResponses", "OpenAIResponsesDecoder"]


class OpenAIResponses:
    """The protocol; see ``WireProtocol``."""

    name = "openai_responses"

    def auth(self, api_key: str) -> dict[str, str]:
        """A bearer token."""
        return bearer(api_key)

    def parameter_fields(
        self, model: str, given: Mapping[str, Any], *, tools: bool = False
    ) -> dict[str, Any]:
        """The common parameters as fields of the body; see ``WireProtocol``."""
        del model
        return parameter_fields(given, tools=tools)

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
        """A streaming request that leaves nothing with the provider: ``store`` is false.

        Reasoning comes back encrypted, to be sent again on the next turn.

        Raises:
            UsageError: a tool is another provider's.
        """
        given = merge(tool_fields(tools, tool_choice), params)
        if output is not None:
            messages, asked = ask_for(output, model, messages, params)
            given |= asked
        return Request("/responses", body(model, messages, given, include=needs(tools)))

    def decoder(self) -> OpenAIResponsesDecoder:
        """A fresh decoder."""
        return OpenAIResponsesDecoder()
