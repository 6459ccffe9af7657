"""The providers: one row each.

A row is data: the protocol, the address, and the environment variables that
hold a key or another address. To add a provider that speaks a known protocol,
add a row. Protocols are imported when first used.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from nbstream.providers import addresses

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbstream.protocols.base import WireProtocol
    from nbstream.providers.model import Endpoint

    Speak = Callable[[str, bool], WireProtocol]
    """Of the provider's name, and whether another address than its own was given."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Where a provider is and how one speaks to it.

    ``base_url`` is None where every user has an address of their own. The
    first variable of ``keys`` and ``urls`` that is set counts. ``keyless``:
    one's own server, which needs no key unless one is set.
    """

    speak: Speak = field(repr=False)
    base_url: str | None
    keys: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    keyless: bool = False
    endpoint: Callable[[str, str, str | None], Endpoint] = field(
        default=addresses.plain, repr=False
    )


def _anthropic(_name: str, _elsewhere: bool) -> WireProtocol:
    from nbstream.protocols.anthropic import Anthropic

    return Anthropic()


def _gemini(_name: str, _elsewhere: bool) -> WireProtocol:
    from nbstream.protocols.gemini import Gemini

    return Gemini()


def _responses(_name: str, _elsewhere: bool) -> WireProtocol:
    from nbstream.protocols.openai_responses import OpenAIResponses

    return OpenAIResponses()


def _chat(quirks: str, name: str, elsewhere: bool) -> WireProtocol:
    """Chat Completions, with the quirks of that name in ``openai_chat.quirks``."""
    from nbstream.protocols.openai_chat import OpenAIChat
    from nbstream.protocols.openai_chat import quirks as known

    # Behind another address than OpenAI's there may be any server.
    if quirks == "OPENAI" and elsewhere:
        quirks = "STANDARD"
    return OpenAIChat(getattr(known, quirks), name)


def _chats(quirks: str = "STANDARD") -> Speak:
    return partial(_chat, quirks)


PROVIDERS: dict[str, Provider] = {
    "anthropic": Provider(
        _anthropic, "https://api.anthropic.com", ("ANTHROPIC_API_KEY",), ("ANTHROPIC_BASE_URL",)
    ),
    "openai": Provider(
        _responses, "https://api.openai.com/v1", ("OPENAI_API_KEY",), ("OPENAI_BASE_URL",)
    ),
    "openai-chat": Provider(
        _chats("OPENAI"), "https://api.openai.com/v1", ("OPENAI_API_KEY",), ("OPENAI_BASE_URL",)
    ),
    "google": Provider(
        _gemini,
        "https://generativelanguage.googleapis.com/v1beta",
        ("GEMINI_API_KEY", "GOOGLE_API_KEY"),
        ("GOOGLE_GEMINI_BASE_URL",),
        endpoint=addresses.google,
    ),
    "azure": Provider(
        _chats("AZURE"),
        None,
        ("AZURE_OPENAI_API_KEY",),
        ("AZURE_OPENAI_ENDPOINT",),
        endpoint=addresses.azure,
    ),
    "mistral": Provider(_chats("MISTRAL"), "https://api.mistral.ai/v1", ("MISTRAL_API_KEY",)),
    "groq": Provider(_chats("GROQ"), "https://api.groq.com/openai/v1", ("GROQ_API_KEY",)),
    "deepseek": Provider(_chats("DEEPSEEK"), "https://api.deepseek.com", ("DEEPSEEK_API_KEY",)),
    "xai": Provider(_chats("XAI"), "https://api.x.ai/v1", ("XAI_API_KEY",)),
    "openrouter": Provider(
        _chats("OPENROUTER"), "https://openrouter.ai/api/v1", ("OPENROUTER_API_KEY",)
    ),
    "together": Provider(_chats(), "https://api.together.xyz/v1", ("TOGETHER_API_KEY",)),
    "fireworks": Provider(
        _chats(), "https://api.fireworks.ai/inference/v1", ("FIREWORKS_API_KEY",)
    ),
    "perplexity": Provider(
        _chats("PERPLEXITY"),
        "https://api.perplexity.ai",
        ("PERPLEXITY_API_KEY", "PPLX_API_KEY"),
    ),
    "cerebras": Provider(_chats("CEREBRAS"), "https://api.cerebras.ai/v1", ("CEREBRAS_API_KEY",)),
    "gateway": Provider(
        _chats("GATEWAY"),
        "https://ai-gateway.vercel.sh/v1",
        ("AI_GATEWAY_API_KEY", "VERCEL_OIDC_TOKEN"),
    ),
    "ollama": Provider(
        _chats("OLLAMA"),
        "http://localhost:11434/v1",
        ("OLLAMA_API_KEY",),
        ("OLLAMA_BASE_URL", "OLLAMA_HOST"),
        keyless=True,
    ),
    "lmstudio": Provider(
        _chats("OWN"),
        "http://localhost:1234/v1",
        ("LMSTUDIO_API_KEY",),
        ("LMSTUDIO_BASE_URL",),
        keyless=True,
    ),
    "vllm": Provider(
        _chats("OWN"),
        "http://localhost:8000/v1",
        ("VLLM_API_KEY",),
        ("VLLM_BASE_URL",),
        keyless=True,
    ),
    "llamacpp": Provider(
        _chats("OWN"),
        "http://localhost:8080/v1",
        ("LLAMACPP_API_KEY", "LLAMA_API_KEY"),
        ("LLAMACPP_BASE_URL",),
        keyless=True,
    ),
}

ALIASES = {
    "ai-gateway": "gateway",
    "ai_gateway": "gateway",
    "gemini": "google",
    "llama.cpp": "llamacpp",
    "openai-responses": "openai",
    "vercel": "gateway",
    "x-ai": "xai",
}
"""Other names that people know a provider by."""

FAMILIES = {
    "claude": "anthropic",
    "gpt": "openai",
    "o1": "openai",
    "o3": "openai",
    "o4": "openai",
    "chatgpt": "openai",
    "gemini": "google",
    "gemma": "google",
    "mistral": "mistral",
    "ministral": "mistral",
    "magistral": "mistral",
    "codestral": "mistral",
    "deepseek": "deepseek",
    "grok": "xai",
    "sonar": "perplexity",
    "llama": "groq",
    "qwen": "ollama",
}
"""How the models of a provider begin, for those who name a model without its provider."""
