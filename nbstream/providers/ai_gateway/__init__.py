"""What Vercel's AI Gateway offers beside its models: ``nbstream.providers.ai_gateway.tools``."""

from nbstream.providers.ai_gateway import tools

__all__ = ["tools"]
