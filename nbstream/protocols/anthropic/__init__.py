"""Anthropic's Messages API, streamed. Bedrock, Vertex, llama.cpp and others use it too.

    request       builds the request; content, files: its blocks; tools, structured: its options
    decoder       from bytes to events; message: what is known of the whole message
    block_types   finds the class of a block; block: the base; text_blocks, calls: the classes

Sources: https://platform.claude.com/docs/en/api/messages and
https://platform.claude.com/docs/en/build-with-claude/streaming
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.protocols.anthropic.decoder import AnthropicDecoder
from nbstream.protocols.anthropic.request import request_body
from nbstream.protocols.anthropic.structured import Asked, ask_for
from nbstream.protocols.anthropic.tools import tool_fields
from nbstream.protocols.base import Request
from nbstream.protocols.tools import needs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.core.message import Message
    from nbstream.core.output_spec import OutputSpec
    from nbstream.core.tool_spec import Tool, ToolChoice

VERSION = "2023-06-01"
"""The latest version (https://platform.claude.com/docs/en/api/versioning)."""


class Anthropic:
    """The protocol; see ``WireProtocol``."""

    name = "anthropic"

    def auth(self, api_key: str) -> dict[str, str]:
        """The key in Anthropic's header."""
        return {"x-api-key": api_key}

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

        ``params`` are the API's; ``betas`` (a list of names, as in Anthropic's
        own libraries) becomes the header that asks for them. Without
        ``max_tokens`` the answer may have 32,000 tokens, or as many as an older
        model can give.

        Raises:
            UsageError: a file is of a kind that the API does not take, or a tool is another's.
        """
        asked = Asked(messages, tools, tool_choice)
        if output is not None:
            asked = ask_for(output, model, asked, params)
        given = {**tool_fields(asked.tools, asked.choice), **params, **asked.fields}
        headers = {"anthropic-version": VERSION}
        betas = given.pop("betas", None) or ()
        wanted = [*([betas] if isinstance(betas, str) else betas), *needs(tools)]
        if wanted:
            headers["anthropic-beta"] = ",".join(dict.fromkeys(wanted))
        return Request("/v1/messages", request_body(model, asked.messages, given), headers)

    def decoder(self) -> AnthropicDecoder:
        """A new decoder."""
        return AnthropicDecoder()


__all__ = ["Anthropic", "AnthropicDecoder"]
