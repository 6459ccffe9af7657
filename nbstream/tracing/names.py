"""What nbstream's providers, parameters and token counts are called in the conventions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbstream.core.message import Usage

_PROVIDERS = {
    "openai-chat": "openai",
    "google": "gcp.gemini",
    "azure": "azure.ai.openai",
    "mistral": "mistral_ai",
    "xai": "x_ai",
}
"""Where the conventions have another name than nbstream."""

_NUMBERS = {
    "temperature": float,
    "top_p": float,
    "top_k": float,
    "max_tokens": int,
    "seed": int,
    "presence_penalty": float,
    "frequency_penalty": float,
}
"""Parameters, with the type that the conventions give them."""


def provider_name(provider: str) -> str:
    """The provider's name."""
    return _PROVIDERS.get(provider, provider)


def request_attributes(params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that the conventions have a name for; no others, which may hold anything."""
    found: dict[str, Any] = {
        f"gen_ai.request.{name}": kind(params[name])
        for name, kind in _NUMBERS.items()
        if isinstance(params.get(name), (int, float))
    }
    if stop := params.get("stop"):
        found["gen_ai.request.stop_sequences"] = [stop] if isinstance(stop, str) else [*stop]
    return found


def usage_attributes(usage: Usage) -> dict[str, int | None]:
    """The counts; those of caches and thinking only if there are any."""
    return {
        "gen_ai.usage.input_tokens": usage.input_tokens,
        "gen_ai.usage.output_tokens": usage.output_tokens,
        "gen_ai.usage.cache_read.input_tokens": usage.cache_read_tokens or None,
        "gen_ai.usage.cache_creation.input_tokens": usage.cache_write_tokens or None,
        "gen_ai.usage.reasoning.output_tokens": usage.reasoning_tokens or None,
    }
