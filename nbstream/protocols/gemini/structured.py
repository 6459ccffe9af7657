"""How Gemini is asked for an answer of a type.

Source: https://ai.google.dev/gemini-api/docs/structured-output and
https://ai.google.dev/api/generate-content (GenerationConfig). Refuses to know types.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from nbstream.protocols.structured import in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.core.message import Message
    from nbstream.core.output_spec import OutputSpec
    from nbstream.core.tool_spec import Tool

# Gemma: "JSON mode is not enabled for models/gemma-3-27b-it"; models that draw have none either.
_NO_JSON = re.compile(r"gemma|-image\b|-tts\b")
_OPENAPI = re.compile(r"gemini-(1|2\.0)\b")
_ONE_OR_THE_OTHER = re.compile(r"gemini-[12]\b")


def ask_for(
    spec: OutputSpec, model: str, messages: Sequence[Message], tools: Sequence[Tool]
) -> tuple[Sequence[Message], dict[str, Any]]:
    """The conversation and the fields that ask for it.

    Before Gemini 3 a model has tools or JSON ("Function calling with a response
    mime type: 'application/json' is unsupported", HTTP 400); with tools it is
    asked in words.

    Raises:
        UsageError: Gemini's dialect has no words for the type.
    """
    if _NO_JSON.search(model) or (tools and _ONE_OR_THE_OTHER.search(model)):
        return in_words(messages, spec), {}
    from nbstream.typed.dialects import gemini, gemini_openapi

    schema = dict(spec.schema)
    fields: dict[str, Any] = {"responseMimeType": "application/json"}
    if _OPENAPI.search(model):
        return messages, {**fields, "responseSchema": gemini_openapi(schema)}
    return messages, {**fields, "responseJsonSchema": gemini(schema)}
