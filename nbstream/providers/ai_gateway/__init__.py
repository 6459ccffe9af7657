"""Vercel's AI Gateway: ``nbstream.providers.ai_gateway.tools`` has the tools that it runs."""

from nbstream.providers.ai_gateway import tools

__all__ = ["tools"]


def __dir__() -> list[str]:
    return __all__  # what Tab offers
