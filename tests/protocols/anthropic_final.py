"""Compares the final message of Anthropic's SDK with ours.

``from_sdk`` and ``from_ours`` return plain values that are equal if the messages agree.
"""

from typing import Any

from pydantic_core import from_json

from nbstream.core import parts as p
from nbstream.core.message import Message

FINISH = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "tool_use": "tool_call",
    "refusal": "content_filter",
    "pause_turn": "other",
}


def from_sdk(final: dict[str, Any]) -> dict[str, Any]:
    """The SDK's message, without fields that are always null."""
    final = bare(final)
    usage = final["usage"]
    cache = usage.get("cache_read_input_tokens", 0), usage.get("cache_creation_input_tokens", 0)
    return {
        "id": final["id"],
        "model": final["model"],
        "finish": FINISH[final["stop_reason"]],
        "raw finish": final["stop_reason"],
        "input, all of it": usage["input_tokens"] + sum(cache),
        "output": usage["output_tokens"],
        "cache": cache,
        "thinking tokens": usage.get("output_tokens_details", {}).get("thinking_tokens", 0),
        "blocks": [_sdk_block(block) for block in final["content"]],
        "more": {key: final[key] for key in MORE if key in final},
    }


MORE = ("stop_sequence", "stop_details", "container", "context_management")


def from_ours(message: Message) -> dict[str, Any]:
    """Our message in the same form."""
    usage = message.usage
    assert usage is not None
    ours = message.provider_metadata.get("anthropic", {})
    blocks = [_block(part) for part in message.parts if not _is_shown_only(part)]
    return {
        "id": message.id,
        "model": message.model,
        "finish": message.finish_reason,
        "raw finish": message.provider_metadata["finish_reason"],
        "input, all of it": usage.input_tokens,
        "output": usage.output_tokens,
        "cache": (usage.cache_read_tokens, usage.cache_write_tokens),
        "thinking tokens": usage.reasoning_tokens,
        "blocks": blocks,
        "more": bare({key: ours[key] for key in MORE if key in ours}),
    }


def bare(value: Any) -> Any:
    """``value`` without fields that are None."""
    if isinstance(value, dict):
        return {key: bare(one) for key, one in value.items() if one is not None}
    if isinstance(value, list):
        return [bare(one) for one in value]
    return value


def _sdk_block(block: dict[str, Any]) -> dict[str, Any]:
    if block["type"] == "thinking" and not block.get("signature"):
        return {key: one for key, one in block.items() if key != "signature"}
    return block


def _is_shown_only(part: p.Part) -> bool:
    """Whether the part is the result in a block that its call keeps."""
    return isinstance(part, p.BuiltinToolResultPart) and not part.provider_metadata


def _block(part: p.Part) -> dict[str, Any]:
    more = bare(part.provider_metadata.get("anthropic", {}))
    match part:
        case p.TextPart(text=text, citations=cited):
            found = {"type": "text", "text": text}
            rows = [bare(one.provider_metadata["anthropic"]) for one in cited]
            return {**found, **({"citations": rows} if rows else {}), **more}
        case p.ThinkingPart(redacted=str(data)):
            return {"type": "redacted_thinking", "data": data, **more}
        case p.ThinkingPart(text=text, signature=signature):
            signed = {"signature": signature} if signature else {}
            return {"type": "thinking", "thinking": text, **signed, **more}
        case p.ToolCallPart(tool_call_id=name, tool_name=tool, args_json=args):
            # The library gives what it can read of arguments that were cut short.
            read = from_json(args, allow_partial=True) if args else {}
            return {"type": "tool_use", "id": name, "name": tool, "input": read, **more}
        case p.BuiltinToolCallPart() if "block" in more:
            return dict(more["block"])
        case p.BuiltinToolCallPart(tool_call_id=name, tool_name=tool):
            return {"id": name, "name": tool, "input": part.args, **more}
        case p.BuiltinToolResultPart(tool_call_id=name, result=result):
            return {"tool_use_id": name, "content": bare(result), **more}
    raise AssertionError(part)
