"""What Google offers beside its models: ``nbstream.providers.google.tools``."""

from nbstream.providers.google import tools

__all__ = ["tools"]
