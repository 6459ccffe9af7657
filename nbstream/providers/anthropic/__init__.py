"""Anthropic as a provider; the submodule ``tools`` has one function for each tool that it runs."""

from nbstream.providers.anthropic import tools

__all__ = ["tools"]


def __dir__() -> list[str]:
    return __all__  # what Tab offers
