"""OpenAI: ``nbstream.providers.openai.tools`` has the tools that it runs."""

from nbstream.providers.openai import tools

__all__ = ["tools"]
