"""Makes the tools that Google itself has, in ``tools``. Its address and key are in ``table``."""

from nbstream.providers.google import tools

__all__ = ["tools"]


def __dir__() -> list[str]:
    return __all__  # what Tab offers
