"""Vercel's AI Gateway: ``nbstream.providers.ai_gateway.tools`` has the tools that it runs."""

from nbstream.providers.ai_gateway import tools

__all__ = ["tools"]
