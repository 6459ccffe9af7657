"""The table of providers but ``local``, one row each: protocol, base URL, environment variables.

Also their other names, and how the names of their models begin. To add a provider with a known
protocol, add a row. Protocols are imported when first used.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from nbstream.providers import addresses

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbstream.protocols.base import WireProtocol
    from nbstream.providers.model import Endpoint

    MakeProtocol = Callable[[str, bool], WireProtocol]
    """Takes the provider's name and whether its address was replaced."""


@dataclass(frozen=True, slots=True)
class Provider:
    """One row: a provider's address and keys, and how to make its protocol and endpoint.

    ``protocol`` makes the protocol. ``base_url`` is None if each user has their own address.
    ``keys`` and ``urls`` are environment variables; the first one that is set is used.
    ``keyless``: the user's own server; a key is sent only if one is set. ``endpoint`` makes
    the endpoint from address, model and key. ``thinking_tags``: some models' thinking may
    come as text.
    """

    protocol: MakeProtocol = field(repr=False)
    base_url: str | None
    keys: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    keyless: bool = False
    endpoint: Callable[[str, str, str | None], Endpoint] = field(
        default=addresses.unchanged, repr=False
    )
    thinking_tags: bool = True


def _anthropic(_name: str, _custom_url: bool) -> WireProtocol:
    from nbstream.protocols.anthropic import Anthropic

    return Anthropic()


def _gemini(_name: str, _custom_url: bool) -> WireProtocol:
    from nbstream.protocols.gemini import Gemini

    return Gemini()


def _responses(_name: str, _custom_url: bool) -> WireProtocol:
    from nbstream.protocols.openai_responses import OpenAIResponses

    return OpenAIResponses()


def _chat(quirks: str, name: str, custom_url: bool) -> WireProtocol:
    """The Chat Completions protocol with the quirks called ``quirks`` in ``openai_chat.quirks``."""
    from nbstream.protocols.openai_chat import OpenAIChat
    from nbstream.protocols.openai_chat import quirks as known

    # At another address than OpenAI's there may be any server.
    if quirks == "OPENAI" and custom_url:
        quirks = "STANDARD"
    return OpenAIChat(getattr(known, quirks), name)


def _chat_with(quirks: str = "STANDARD") -> MakeProtocol:
    """A function that makes the Chat Completions protocol with these quirks."""
    return partial(_chat, quirks)


PROVIDERS: dict[str, Provider] = {
    "anthropic": Provider(
        _anthropic,
        "https://api.anthropic.com",
        ("ANTHROPIC_API_KEY",),
        ("ANTHROPIC_BASE_URL",),
        thinking_tags=False,
    ),
    "openai": Provider(
        _responses,
        "https://api.openai.com/v1",
        ("OPENAI_API_KEY",),
        ("OPENAI_BASE_URL",),
        thinking_tags=False,
    ),
    "openai-chat": Provider(
        _chat_with("OPENAI"),
        "https://api.openai.com/v1",
        ("OPENAI_API_KEY",),
        ("OPENAI_BASE_URL",),
        thinking_tags=False,
    ),
    "google": Provider(
        _gemini,
        "https://generativelanguage.googleapis.com/v1beta",
        ("GEMINI_API_KEY", "GOOGLE_API_KEY"),
        ("GOOGLE_GEMINI_BASE_URL",),
        endpoint=addresses.google,
        thinking_tags=False,
    ),
    "azure": Provider(
        _chat_with("AZURE"),
        None,
        ("AZURE_OPENAI_API_KEY",),
        ("AZURE_OPENAI_ENDPOINT",),
        endpoint=addresses.azure,
    ),
    "mistral": Provider(_chat_with("MISTRAL"), "https://api.mistral.ai/v1", ("MISTRAL_API_KEY",)),
    "groq": Provider(_chat_with("GROQ"), "https://api.groq.com/openai/v1", ("GROQ_API_KEY",)),
    "deepseek": Provider(_chat_with("DEEPSEEK"), "https://api.deepseek.com", ("DEEPSEEK_API_KEY",)),
    "xai": Provider(_chat_with("XAI"), "https://api.x.ai/v1", ("XAI_API_KEY",)),
    "openrouter": Provider(
        _chat_with("OPENROUTER"), "https://openrouter.ai/api/v1", ("OPENROUTER_API_KEY",)
    ),
    "together": Provider(_chat_with(), "https://api.together.xyz/v1", ("TOGETHER_API_KEY",)),
    "fireworks": Provider(
        _chat_with(), "https://api.fireworks.ai/inference/v1", ("FIREWORKS_API_KEY",)
    ),
    "perplexity": Provider(
        _chat_with("PERPLEXITY"),
        "https://api.perplexity.ai",
        ("PERPLEXITY_API_KEY", "PPLX_API_KEY"),
    ),
    "cerebras": Provider(
        _chat_with("CEREBRAS"), "https://api.cerebras.ai/v1", ("CEREBRAS_API_KEY",)
    ),
    "gateway": Provider(
        _chat_with("GATEWAY"),
        "https://ai-gateway.vercel.sh/v1",
        ("AI_GATEWAY_API_KEY", "VERCEL_OIDC_TOKEN"),
    ),
    "ollama": Provider(
        _chat_with("OLLAMA"),
        "http://localhost:11434/v1",
        ("OLLAMA_API_KEY",),
        ("OLLAMA_BASE_URL", "OLLAMA_HOST"),
        keyless=True,
    ),
    "lmstudio": Provider(
        _chat_with("OWN"),
        "http://localhost:1234/v1",
        ("LMSTUDIO_API_KEY",),
        ("LMSTUDIO_BASE_URL",),
        keyless=True,
    ),
    "vllm": Provider(
        _chat_with("OWN"),
        "http://localhost:8000/v1",
        ("VLLM_API_KEY",),
        ("VLLM_BASE_URL",),
        keyless=True,
    ),
    "llamacpp": Provider(
        _chat_with("OWN"),
        "http://localhost:8080/v1",
        ("LLAMACPP_API_KEY", "LLAMA_API_KEY"),
        ("LLAMACPP_BASE_URL",),
        keyless=True,
    ),
}

_AZURE = (".azure.com", ".azure.us", ".azure.cn")


def is_custom(provider: str, address: str) -> bool:
    """Whether an address is not the provider's own, so that its prices do not count there."""
    row = PROVIDERS.get(provider)
    host = urlsplit(address).hostname or ""
    if row is None or row.base_url is None:
        return not (provider == "azure" and host.endswith(_AZURE))
    return host != urlsplit(row.base_url).hostname


ALIASES = {
    "ai-gateway": "gateway",
    "ai_gateway": "gateway",
    "gemini": "google",
    "llama.cpp": "llamacpp",
    "openai-responses": "openai",
    "vercel": "gateway",
    "x-ai": "xai",
}
"""Other names of providers."""

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
"""The provider by the beginning of a model's name, to suggest for a name without provider."""
