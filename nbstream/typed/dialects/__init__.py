"""Adapts a JSON schema to the subset of JSON Schema that each provider accepts.

A dialect is a function from schema to schema. A keyword that the provider does not support
becomes part of the description, so that the model reads it. A type that the dialect cannot
express raises ``UsageError`` before anything is sent; ``openai`` then gives the schema unchanged,
without strict mode. ``schema_prompt`` asks in the prompt instead. The answer is always validated
by the original type.
"""

from nbstream.typed.dialects.anthropic import anthropic
from nbstream.typed.dialects.gemini import gemini, gemini_openapi
from nbstream.typed.dialects.openai import openai, openai_strict
from nbstream.typed.dialects.prompt import schema_prompt

__all__ = ["anthropic", "gemini", "gemini_openapi", "openai", "openai_strict", "schema_prompt"]
