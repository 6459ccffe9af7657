"""The parts of a message: what can be said in one.

Pure values that can be kept, compared, copied and sent back. ``kind`` is a fact
of the class and is what the codec writes. ``provider_metadata`` holds what only
the provider understands (signatures, item ids, fields this library does not
know); it is sent back unchanged on the next turn. The names that Anthropic's SDK,
Vercel's ``ai`` and PydanticAI have for the same fields stand beside ours; the table
in docs/vocabularies.md lists them.
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
