"""OpenAI: ``nbstream.providers.openai.tools`` has the tools that it runs."""

from nbstream.providers.openai import tools

__all__ = ["tools"]


def __dir__() -> list[str]:
    return __all__  # what Tab offers
