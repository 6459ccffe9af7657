"""``OpenAIChat`` implements ``WireProtocol`` for Chat Completions, with one server's quirks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from nbstream.protocols.auth_headers import bearer
from nbstream.protocols.json_merge import merge
from nbstream.protocols.openai_chat.decoder import OpenAIChatDecoder
from nbstream.protocols.openai_chat.parameters import parameter_fields
from nbstream.protocols.openai_chat.quirks import STANDARD, Quirks
from nbstream.protocols.openai_chat.request import build_request
from nbstream.protocols.openai_chat.structured import ask_for, is_enforced
from nbstream.protocols.openai_chat.tools import tool_fields

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nbstream.core.message import Message
    from nbstream.core.output_spec import OutputSpec
    from nbstream.core.tool_spec import Tool, ToolChoice
    from nbstream.protocols.base import Request


@dataclass(frozen=True, slots=True)
class OpenAIChat:
    """Builds Chat Completions requests and makes their decoders; see ``WireProtocol``.

    ``provider`` is written on each message. Only messages of the same provider are sent back
    with their provider-specific fields; None means any provider.
    """

    name = "openai_chat"

    quirks: Quirks = STANDARD
    provider: str | None = None

    def auth(self, api_key: str) -> dict[str, str]:
        """A bearer token, or the header that the server uses instead."""
        return bearer(api_key, self.quirks.key_header)

    def parameter_fields(
        self, model: str, given: Mapping[str, Any], *, tools: bool = False
    ) -> dict[str, Any]:
        """Parameters such as ``temperature``, as fields of the body; see ``WireProtocol``."""
        return parameter_fields(model, given, self.quirks, self.provider, tools=tools)

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
        """A streaming request that also asks for the usage.

        Raises:
            UsageError: a file cannot be sent in this format, or a tool belongs to another
                provider.
        """
        given = tool_fields(tools, tool_choice, self.provider)
        if output is not None:
            messages, asked = ask_for(output, model, messages, self.quirks)
            given |= asked
        given = merge(given, params)
        request = build_request(model, messages, given, self.quirks, self.provider)
        enforces = output is not None and is_enforced(request.body)
        return replace(request, enforces_output=enforces)

    def decoder(self) -> OpenAIChatDecoder:
        """A new decoder."""
        return OpenAIChatDecoder(self.quirks, self.provider)
