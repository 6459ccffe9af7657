"""The protocol for OpenAI's Responses API: builds requests and decodes streamed responses.

    request          builds the request; history, message_items, content, tool_outputs: its input
    parameters, tools, structured: further fields of the request
    decoder          from bytes to events; final_response: how a response ends
    output           wire events of output items; items: keeps and finds them; item: their base
    text_items       messages and reasoning; blocks, annotations: what they consist of
    audio            spoken answers and their transcripts
    calls            calls of the user's tools; builtin, tool_results: calls of OpenAI's own tools
    metadata_key     where a part keeps the fields that are sent back

Source: https://platform.openai.com/docs/api-reference/responses
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.protocols.auth_headers import bearer
from nbstream.protocols.base import Request
from nbstream.protocols.json_merge import merge
from nbstream.protocols.openai_responses.decoder import OpenAIResponsesDecoder
from nbstream.protocols.openai_responses.parameters import parameter_fields
from nbstream.protocols.openai_responses.request import body
from nbstream.protocols.openai_responses.structured import ask_for, is_enforced
from nbstream.protocols.openai_responses.tools import tool_fields
from nbstream.protocols.tools import needs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nbstream.core.message import Message
    from nbstream.core.output_spec import OutputSpec
    from nbstream.core.tool_spec import Tool, ToolChoice

__all__ = ["OpenAIResponses", "OpenAIResponsesDecoder"]


class OpenAIResponses:
    """Builds requests to the Responses API and makes their decoders; see ``WireProtocol``."""

    name = "openai_responses"

    def auth(self, api_key: str) -> dict[str, str]:
        """A bearer token."""
        return bearer(api_key)

    def parameter_fields(
        self, model: str, given: Mapping[str, Any], *, tools: bool = False
    ) -> dict[str, Any]:
        """Parameters such as ``temperature``, as fields of the body; see ``WireProtocol``."""
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
        """A streaming request with ``store`` false: the provider keeps nothing.

        In background mode it must keep the answer, so ``store`` is true there.

        Reasoning comes back encrypted and is sent again with the next request.

        Raises:
            UsageError: a tool belongs to another provider.
        """
        given = merge(tool_fields(tools, tool_choice), params)
        if output is not None:
            messages, asked = ask_for(output, model, messages, params)
            given |= asked
        written = body(model, messages, given, include=needs(tools))
        enforces = output is not None and is_enforced(written)
        kept = bool(written.get("background"))
        return Request("/responses", written, enforces_output=enforces, resumable=kept)

    def decoder(self) -> OpenAIResponsesDecoder:
        """A new decoder."""
        return OpenAIResponsesDecoder()
