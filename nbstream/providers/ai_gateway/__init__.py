"""Vercel's AI Gateway; the submodule ``tools`` makes the tools that the gateway runs."""

from nbstream.providers.ai_gateway import tools

__all__ = ["tools"]


def __dir__() -> list[str]:
    return __all__  # what Tab offers
