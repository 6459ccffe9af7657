"""Makes a generateContent request to Gemini ask for structured output: by schema or prompt.

Sources: https://ai.google.dev/gemini-api/docs/structured-output and
https://ai.google.dev/api/generate-content (GenerationConfig).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from nbstream.protocols.structured import schema_in_prompt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.core.message import Message
    from nbstream.core.output_spec import OutputSpec
    from nbstream.core.tool_spec import Tool

# Gemma: "JSON mode is not enabled for models/gemma-3-27b-it". Image and speech models have none.
_NO_JSON = re.compile(r"gemma|-image\b|-tts\b")
_OPENAPI = re.compile(r"gemini-(1|2\.0)\b")
_TOOLS_OR_JSON = re.compile(r"gemini-[12]\b")


def ask_for(
    spec: OutputSpec, model: str, messages: Sequence[Message], tools: Sequence[Tool]
) -> tuple[Sequence[Message], dict[str, Any]]:
    """The messages and the body's fields that ask for an answer of the type in ``spec``.

    Before Gemini 3 a request has tools or JSON output, not both ("Function calling with
    a response mime type: 'application/json' is unsupported", HTTP 400). With tools the
    schema is in the prompt.

    Raises:
        UsageError: Gemini's schema dialect cannot express the type.
    """
    if _NO_JSON.search(model) or (tools and _TOOLS_OR_JSON.search(model)):
        return schema_in_prompt(messages, spec), {}
    from nbstream.typed.dialects import gemini, gemini_openapi

    schema = dict(spec.schema)
    fields: dict[str, Any] = {"responseMimeType": "application/json"}
    if _OPENAPI.search(model):
        return messages, {**fields, "responseSchema": gemini_openapi(schema)}
    return messages, {**fields, "responseJsonSchema": gemini(schema)}
