"""OpenAI as a provider; the submodule ``tools`` makes the tools that it runs itself."""

from nbstream.providers.openai import tools

__all__ = ["tools"]


def __dir__() -> list[str]:
    return __all__  # what Tab offers
