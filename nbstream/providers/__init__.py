"""Models by name, and their providers: address, key, protocol, and tools that they run.

``WireProtocol``, ``Decoder`` and ``Request`` are for protocols of your own.
"""

from nbstream.protocols import Decoder, Request, WireProtocol
from nbstream.providers import ai_gateway, anthropic, google, openai
from nbstream.providers.model import Endpoint, Model
from nbstream.providers.models import DEFAULT_MODEL, default_model, get_model
from nbstream.providers.registry import register_model

__all__ = [
    "DEFAULT_MODEL",
    "Decoder",
    "Endpoint",
    "Model",
    "Request",
    "WireProtocol",
    "ai_gateway",
    "anthropic",
    "default_model",
    "get_model",
    "google",
    "openai",
    "register_model",
]


def __dir__() -> list[str]:
    return __all__  # what Tab offers
