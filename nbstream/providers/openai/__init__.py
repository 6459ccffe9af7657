"""Makes the tools that OpenAI itself has, in ``tools``. Its address and key are in ``table``."""

from nbstream.providers.openai import tools

__all__ = ["tools"]


def __dir__() -> list[str]:
    return __all__  # what Tab offers
