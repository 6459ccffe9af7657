"""What OpenAI offers beside its models: ``nbstream.providers.openai.tools``."""

from nbstream.providers.openai import tools

__all__ = ["tools"]
