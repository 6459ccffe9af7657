"""The protocol for Gemini's generateContent, the API of Google AI Studio and Vertex AI.

    request       builds the request; parameters, tools, structured: further fields of it
    history       the conversation in a request; content: one part of it
    decoder       from bytes to events
    parts         handles the parts of a response; builtin, files: some kinds of them
    event_writer  starts and ends parts; open_parts, partial_arguments: unfinished ones
    candidate_metadata, grounding, usage: the other fields of a response

Source: https://ai.google.dev/api/generate-content
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nbstream.protocols.auth_headers import google
from nbstream.protocols.gemini.decoder import GeminiDecoder
from nbstream.protocols.gemini.parameters import parameter_fields
from nbstream.protocols.gemini.request import build_request
from nbstream.protocols.gemini.structured import ask_for
from nbstream.protocols.gemini.tools import tool_fields
from nbstream.protocols.json_merge import merge

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nbstream.core.message import Message
    from nbstream.core.output_spec import OutputSpec
    from nbstream.core.tool_spec import Tool, ToolChoice
    from nbstream.protocols.base import Request

__all__ = ["Gemini", "GeminiDecoder"]


class Gemini:
    """Builds generateContent requests and makes their decoders; see ``WireProtocol``."""

    name = "gemini"

    def auth(self, api_key: str) -> dict[str, str]:
        """The key in Google's header ``x-goog-api-key``."""
        return google(api_key)

    def parameter_fields(
        self, model: str, given: Mapping[str, Any], *, tools: bool = False
    ) -> dict[str, Any]:
        """Parameters such as ``temperature``, as fields of the body; see ``WireProtocol``."""
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

        ``params`` are fields of the body (``tools``, ``safetySettings``, ...) or of its
        ``generationConfig``.

        Raises:
            UsageError: a tool belongs to another provider, tools cannot be chosen or
                combined as asked, or the output type cannot be expressed.
        """
        given = tool_fields(model, tools, tool_choice)
        if output is not None:
            messages, asked = ask_for(output, model, messages, tools)
            given |= asked
        given = merge(given, params)
        request = build_request(model, messages, given)
        config = request.body.get("generationConfig") or {}
        schemas = {"responseSchema", "responseJsonSchema"}
        return replace(request, enforces_output=output is not None and bool(schemas & set(config)))

    def decoder(self) -> GeminiDecoder:
        """A new decoder."""
        return GeminiDecoder()
