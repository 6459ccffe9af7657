"""Which class reads which type of content block.

The rule for types that are not named here: what ends in ``_tool_use`` is a call
of a tool that the provider runs, what ends in ``_tool_result`` is a result of
one, and anything else is kept as it is.
"""

from __future__ import annotations

from typing import Any

from nbstream.protocols.anthropic.block import Block, OtherBlock, text_in
from nbstream.protocols.anthropic.calls import BuiltinToolBlock, ResultBlock, ToolBlock
from nbstream.protocols.anthropic.text_blocks import TextBlock, ThinkingBlock

_KINDS: dict[str, type[Block]] = {
    "text": TextBlock,
    "thinking": ThinkingBlock,
    "redacted_thinking": ThinkingBlock,
    "tool_use": ToolBlock,
}


def open_block(index: int, raw: dict[str, Any], names: dict[str, str]) -> Block:
    """The block that begins with ``raw``.

    ``index`` is its part's. ``names`` holds the names of the tools called so
    far by the calls' ids: results do not say whose they are.
    """
    kind = text_in(raw, "type")
    if kind.endswith("_tool_result"):
        called = names.get(text_in(raw, "tool_use_id"))
        return ResultBlock(index, raw, called or kind.removesuffix("_tool_result"))
    builtin = BuiltinToolBlock if kind.endswith("_tool_use") else OtherBlock
    block = _KINDS.get(kind, builtin)(index, raw)
    if isinstance(block, ToolBlock):
        names[block.id] = block.name
    return block
