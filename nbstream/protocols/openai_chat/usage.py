"""Converts the token counts and finish reason of a Chat Completions response to this library's.

Servers use different names for the same count. A count that no field has is 0.
"""

from __future__ import annotations

from typing import Any

from nbstream.core.message import FinishReason, Usage

FINISH: dict[str, FinishReason] = {
    "stop": "stop",
    "eos": "stop",  # Together
    "eos_token": "stop",  # Hugging Face's TGI
    "stop_sequence": "stop",
    "length": "length",
    "model_length": "length",  # Mistral: the context window is full
    "tool_calls": "tool_call",
    "function_call": "tool_call",
    "content_filter": "content_filter",
    "sensitive": "content_filter",  # Z.ai
    "error": "error",  # Mistral, OpenRouter
    "network_error": "error",  # Z.ai
    "insufficient_system_resource": "error",  # DeepSeek
}


def finish_reason(word: str | None) -> FinishReason:
    """Our finish reason for the provider's; ``other`` for None and unknown ones."""
    return FINISH.get(word or "", "other")


def read_usage(usage: dict[str, Any], *, reasoning_apart: bool = False) -> Usage:
    """Convert the token counts. In this format ``prompt_tokens`` always includes cached tokens."""
    prompt = _dict(usage, "prompt_tokens_details")
    completion = _dict(usage, "completion_tokens_details")
    output = _count(usage, "completion_tokens") or _count(usage, "output_tokens")
    reasoning = _count(completion, "reasoning_tokens") or _count(usage, "reasoning_tokens")
    return Usage(
        input_tokens=_count(usage, "prompt_tokens") or _count(usage, "input_tokens"),
        output_tokens=output + reasoning if reasoning_apart else output,
        cache_read_tokens=_count(prompt, "cached_tokens")
        or _count(usage, "prompt_cache_hit_tokens")  # DeepSeek
        or _count(usage, "cache_read_input_tokens")  # servers with Claude models
        or _count(usage, "cached_tokens"),  # Together, Moonshot
        cache_write_tokens=_count(prompt, "cache_write_tokens")
        or _count(usage, "cache_creation_input_tokens"),
        reasoning_tokens=reasoning,
    )


def _dict(source: dict[str, Any], name: str) -> dict[str, Any]:
    value = source.get(name)
    return value if isinstance(value, dict) else {}


def _count(source: dict[str, Any], name: str) -> int:
    value = source.get(name)
    return int(value) if isinstance(value, (int, float)) and 0 <= value < 2**63 else 0
