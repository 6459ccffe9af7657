"""Converts the finish reason and the token counts of a Gemini response to this library's.

Source: https://ai.google.dev/api/generate-content (FinishReason, BlockReason, UsageMetadata)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core.message import Usage
from nbstream.protocols.base import with_calls
from nbstream.protocols.json_fields import count_of

if TYPE_CHECKING:
    from nbstream.core.message import FinishReason

# The enum's names by number, for servers with `enum-encoding=int`.
_NUMBERED = (
    "FINISH_REASON_UNSPECIFIED",
    "STOP",
    "MAX_TOKENS",
    "SAFETY",
    "RECITATION",
    "OTHER",
    "LANGUAGE",
    "BLOCKLIST",
    "PROHIBITED_CONTENT",
    "SPII",
    "MALFORMED_FUNCTION_CALL",
    "IMAGE_SAFETY",
)

_REASONS: dict[str, FinishReason] = {
    "STOP": "stop",
    "FUNCTION_CALL": "tool_call",  # from servers that imitate Google's
    "MAX_TOKENS": "length",
    "SAFETY": "content_filter",
    "RECITATION": "content_filter",
    "BLOCKLIST": "content_filter",
    "PROHIBITED_CONTENT": "content_filter",
    "SPII": "content_filter",
    "MODEL_ARMOR": "content_filter",
    "IMAGE_SAFETY": "content_filter",
    "IMAGE_PROHIBITED_CONTENT": "content_filter",
    "IMAGE_RECITATION": "content_filter",
    "MALFORMED_FUNCTION_CALL": "error",
    "UNEXPECTED_TOOL_CALL": "error",
    "TOO_MANY_TOOL_CALLS": "error",
    "MISSING_THOUGHT_SIGNATURE": "error",
    "MALFORMED_RESPONSE": "error",
}


def raw_reason(value: Any) -> str | None:
    """The finish reason as Gemini sent it; None if there is none yet."""
    if isinstance(value, int) and 0 < value < len(_NUMBERED):
        return _NUMBERED[value]
    if isinstance(value, str) and value and not value.endswith("_UNSPECIFIED"):
        return value
    return None


def finish_reason(raw: str, *, calls: bool) -> FinishReason:
    """Convert Gemini's finish reason. It is STOP also when Gemini waits for a tool's result."""
    return with_calls(_REASONS.get(raw, "other"), calls)


def usage(raw: dict[str, Any]) -> Usage:
    """Convert the token counts.

    Gemini counts thoughts and its tools' output apart; ``Usage`` does not.
    """
    thoughts = count_of(raw, "thoughtsTokenCount")
    return Usage(
        input_tokens=count_of(raw, "promptTokenCount") + count_of(raw, "toolUsePromptTokenCount"),
        output_tokens=count_of(raw, "candidatesTokenCount") + thoughts,
        cache_read_tokens=count_of(raw, "cachedContentTokenCount"),
        reasoning_tokens=thoughts,
    )
