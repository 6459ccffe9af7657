"""The four protocols, and a model of each at any address."""

from typing import Any

from nbstream.protocols.anthropic import Anthropic
from nbstream.protocols.gemini import Gemini
from nbstream.protocols.openai_chat import OpenAIChat
from nbstream.protocols.openai_responses import OpenAIResponses
from nbstream.providers import Endpoint, Model

KEY = "test-key-0123456789"

# Each protocol, and the path of its base URL.
WIRES: dict[str, tuple[Any, str]] = {
    "anthropic": (Anthropic(), ""),
    "openai_responses": (OpenAIResponses(), "/v1"),
    "openai_chat": (OpenAIChat(), "/v1"),
    "gemini": (Gemini(), "/v1beta"),
}
MODELS = {
    "anthropic": "claude-sonnet-4-5",
    "openai_responses": "gpt-5.2",
    "openai_chat": "gpt-5.2",
    "gemini": "gemini-2.5-flash",
}


def model(wire: str, host: str, *, name: str | None = None, key: str = KEY) -> Model:
    """A model with the protocol ``wire`` at ``host``."""
    protocol, path = WIRES[wire]
    # llama.cpp closes a connection after a streamed answer without announcing it.
    endpoint = Endpoint(host + path, key, headers={"Connection": "close"})
    return Model(wire, name or MODELS[wire], protocol, lambda: endpoint)
