"""Chooses the ``Block`` class for a content block of a Claude response, by the block's type.

Of unknown types, ``*_tool_use`` is a call of a tool that the provider runs and
``*_tool_result`` its result. All others are read by ``other_blocks``.
"""

from __future__ import annotations

from typing import Any

from nbstream.protocols.anthropic.block import Block, text_in
from nbstream.protocols.anthropic.calls import BuiltinToolBlock, ResultBlock, ToolBlock
from nbstream.protocols.anthropic.other_blocks import OtherBlock
from nbstream.protocols.anthropic.text_blocks import TextBlock, ThinkingBlock

_KINDS: dict[str, type[Block]] = {
    "text": TextBlock,
    "thinking": ThinkingBlock,
    "redacted_thinking": ThinkingBlock,
    "tool_use": ToolBlock,
}


def open_block(index: int, raw: dict[str, Any], names: dict[str, str]) -> Block:
    """A new ``Block`` for the content block that starts with the JSON ``raw``.

    ``index`` is the index of its part. ``names`` maps the ids of earlier calls to the names of
    their tools, because a result does not contain its tool's name.
    """
    kind = text_in(raw, "type")
    if kind.endswith("_tool_result"):
        name = names.get(text_in(raw, "tool_use_id"))
        return ResultBlock(index, raw, name or kind.removesuffix("_tool_result"))
    builtin = BuiltinToolBlock if kind.endswith("_tool_use") else OtherBlock
    block = _KINDS.get(kind, builtin)(index, raw)
    if isinstance(block, ToolBlock):
        names[block.id] = block.name
    return block
