"""What Anthropic offers beside its models: ``nbstream.providers.anthropic.tools``."""

from nbstream.providers.anthropic import tools

__all__ = ["tools"]
