"""JSON schemas as each provider takes them.

Each dialect is a function from a schema to a schema; what the dialect has no
keyword for is said in a description instead, so that the model reads it, and
what it cannot say at all is a ``UsageError`` before anything is sent. The
answer is validated by the whole type in any case.
"""

from nbstream.typed.dialects.anthropic import anthropic
from nbstream.typed.dialects.gemini import gemini, gemini_openapi
from nbstream.typed.dialects.openai import openai, openai_strict
from nbstream.typed.dialects.prompt import plain

__all__ = ["anthropic", "gemini", "gemini_openapi", "openai", "openai_strict", "plain"]
