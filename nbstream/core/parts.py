"""Gathers the classes of a message's parts from their modules, and defines ``Part``, their union.

``kind`` names the class in JSON. ``provider_metadata`` holds what only the provider
understands (signatures, item ids, unknown fields); it is sent back with the message.
The names that Anthropic's SDK, Vercel's ``ai`` and PydanticAI have for the same fields are
attributes of the same classes; docs/vocabularies.md lists them.
"""

from nbstream.core.file_part import FilePart
from nbstream.core.text_parts import Citation, RefusalPart, TextPart, ThinkingPart
from nbstream.core.tool_parts import (
    BuiltinToolCallPart,
    BuiltinToolResultPart,
    ToolCallPart,
    ToolResultPart,
    parts_in,
)

__all__ = [
    "BuiltinToolCallPart",
    "BuiltinToolResultPart",
    "Citation",
    "FilePart",
    "Part",
    "RefusalPart",
    "TextPart",
    "ThinkingPart",
    "ToolCallPart",
    "ToolResultPart",
    "parts_in",
]

Part = (
    TextPart
    | ThinkingPart
    | RefusalPart
    | ToolCallPart
    | ToolResultPart
    | BuiltinToolCallPart
    | BuiltinToolResultPart
    | FilePart
)
