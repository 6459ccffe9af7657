"""Anthropic: ``nbstream.providers.anthropic.tools`` has the tools that it runs."""

from nbstream.providers.anthropic import tools

__all__ = ["tools"]
