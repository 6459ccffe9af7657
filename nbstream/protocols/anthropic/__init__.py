"""The protocol for Anthropic's Messages API: builds requests and decodes streamed responses.

Bedrock, Vertex, llama.cpp and others use the same format.

    request       builds the request; tools, structured: its options
    parameters    parameters as fields of the body; models: what each model supports
    history       the conversation in a request; content, files: its blocks
    decoder       from bytes to events; message: model, usage and finish reason
    block_types   finds the class of a block; block: the base
    text_blocks   the classes of blocks, with calls and other_blocks

Sources: https://platform.claude.com/docs/en/api/messages and
https://platform.claude.com/docs/en/build-with-claude/streaming
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.protocols.anthropic.decoder import AnthropicDecoder
from nbstream.protocols.anthropic.parameters import parameter_fields
from nbstream.protocols.anthropic.request import request_body
from nbstream.protocols.anthropic.structured import AnswerRequest, ask_for
from nbstream.protocols.anthropic.tools import complete_choice, tool_fields
from nbstream.protocols.base import Request
from nbstream.protocols.json_merge import merge
from nbstream.protocols.tools import needs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nbstream.core.message import Message
    from nbstream.core.output_spec import OutputSpec
    from nbstream.core.tool_spec import Tool, ToolChoice

VERSION = "2023-06-01"
"""See https://platform.claude.com/docs/en/api/versioning. 2026-10-21 has no sampling parameters."""


class Anthropic:
    """Builds requests to the Messages API and makes their decoders; see ``WireProtocol``."""

    name = "anthropic"

    def auth(self, api_key: str) -> dict[str, str]:
        """The key in Anthropic's header ``x-api-key``."""
        return {"x-api-key": api_key}

    def parameter_fields(
        self, model: str, given: Mapping[str, Any], *, tools: bool = False
    ) -> dict[str, Any]:
        """Parameters such as ``temperature``, as fields of the body; see ``WireProtocol``."""
        return parameter_fields(model, given, tools=tools)

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

        ``params`` are fields of the body; ``betas`` (a list of names, as in
        Anthropic's own libraries) becomes the header that asks for them. Without
        ``max_tokens`` the answer may be as long as the model can give.

        Raises:
            UsageError: a file is of a kind that the API does not take, or a tool is another's.
        """
        asked = AnswerRequest(messages, tools, tool_choice)
        if output is not None:
            asked = ask_for(output, model, asked, params)
        given = {**merge(tool_fields(asked.tools, asked.choice), params), **asked.fields}
        complete_choice(given)
        headers = {"anthropic-version": VERSION}
        betas = given.pop("betas", None) or ()
        wanted = [*([betas] if isinstance(betas, str) else betas), *needs(tools)]
        if wanted:
            headers["anthropic-beta"] = ",".join(dict.fromkeys(wanted))
        body = request_body(model, asked.messages, given)
        enforces = "output_config" in asked.fields
        return Request("/v1/messages", body, headers, enforces_output=enforces)

    def decoder(self) -> AnthropicDecoder:
        """A new decoder."""
        return AnthropicDecoder()


__all__ = ["Anthropic", "AnthropicDecoder"]
