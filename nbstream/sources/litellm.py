"""Reads the streams of LiteLLM, which writes every answer as chunks of Chat Completions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.sources.openai import ChatReader
from nbstream.sources.readers import class_names

if TYPE_CHECKING:
    from nbstream.sources.readers import Reader

_PROVIDERS = {"openai": "openai-chat", "gemini": "google", "vertex_ai": "google"}


def reader(item: Any, thing: Any) -> Reader | None:
    """The reader for items like this one; None if they are not of this library."""
    if "ModelResponseBase" not in class_names(item) and not hasattr(item, "choices"):
        return None
    provider = str(getattr(thing, "custom_llm_provider", None) or "litellm")
    inner = getattr(thing, "completion_stream", None)
    return ChatReader(inner, _PROVIDERS.get(provider, provider))


def is_blocking(thing: Any) -> bool:
    """Whether a wrapper, which has the methods of both, is of a blocking call."""
    details = getattr(getattr(thing, "logging_obj", None), "litellm_params", None)
    if isinstance(details, dict) and isinstance(details.get("acompletion"), bool):
        return not details["acompletion"]
    inner = getattr(thing, "completion_stream", None)
    return inner is not None and not hasattr(inner, "__aiter__") and hasattr(inner, "__iter__")
