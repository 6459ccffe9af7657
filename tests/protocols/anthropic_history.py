"""Turns a recorded Anthropic request back into the messages a user would have passed."""

import base64
import json
from typing import Any

from nbstream.core import parts as p
from nbstream.core.message import Message, Part

Row = dict[str, Any]


def messages_of(request: Row) -> list[Message]:
    """The conversation in a request's body."""
    system = [_part(block) for block in _blocks(request.get("system") or [])]
    found = [Message("system", tuple(system))] if system else []
    for turn in request["messages"]:
        blocks = _blocks(turn["content"])
        results = [block for block in blocks if block["type"] == "tool_result"]
        others = [block for block in blocks if block["type"] != "tool_result"]
        found += [Message("tool", (_part(block),)) for block in results]
        if others:
            found.append(Message(turn["role"], tuple(_part(block) for block in others)))
    return found


def essence(request: Row) -> Row:
    """A request's conversation in a normal form: the API accepts several."""
    turns: list[Row] = []
    for turn in request["messages"]:
        blocks = [_spelt(block) for block in _blocks(turn["content"]) if not _is_blank(block)]
        if turns and turns[-1]["role"] == turn["role"]:
            turns[-1]["content"] += blocks  # the API joins them too
        else:
            turns.append({"role": turn["role"], "content": blocks})
    return {"system": _blocks(request.get("system") or []), "messages": turns}


def _blocks(content: str | list[Row]) -> list[Row]:
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def _is_blank(block: Row) -> bool:
    """Blank text, which the API accepts only beside other text."""
    return block["type"] == "text" and not block["text"].strip()


def _spelt(block: Row) -> Row:
    if block["type"] != "tool_result":
        return block
    block = {**block, "content": _blocks(block.get("content") or "")}
    return block if block.get("is_error") else {k: v for k, v in block.items() if k != "is_error"}


def _part(block: Row) -> Part:
    match block:
        case {"type": "text", "text": text}:
            return p.TextPart(text, provider_metadata=_more(block, "text"))
        case {"type": "thinking", "thinking": text, "signature": signature}:
            more = _more(block, "thinking", "signature")
            return p.ThinkingPart(text, signature, provider_metadata=more)
        case {"type": "tool_use", "id": name, "name": tool, "input": given}:
            more = _more(block, "id", "name", "input")
            return p.ToolCallPart(name, tool, json.dumps(given), more)
        case {"type": "tool_result", "tool_use_id": name}:
            more = _more(block, "tool_use_id", "content", "is_error")
            failed = block.get("is_error", False)
            return p.ToolResultPart(name, _result(block), "", failed, more)
        case {"type": "server_tool_use", "id": name, "name": tool, "input": given}:
            ours = {"anthropic": {"type": block["type"]}}
            return p.BuiltinToolCallPart(name, tool, json.dumps(given), ours)
        case {"type": "web_search_tool_result", "tool_use_id": name, "content": content}:
            ours = {"anthropic": {"type": block["type"]}}
            return p.BuiltinToolResultPart(name, "web_search", content, provider_metadata=ours)
        case {"type": "image" | "document"}:
            return _file(block)
    raise AssertionError(block)


def _result(block: Row) -> Any:
    content = block.get("content") or ""
    return content if isinstance(content, str) else [_part(one) for one in content]


def _file(block: Row) -> p.FilePart:
    kind = "image/*" if block["type"] == "image" else "application/pdf"
    name, more = block.get("title"), _more(block, "title", "source")
    match block["source"]:
        case {"type": "base64", "media_type": kind, "data": data}:
            return p.FilePart(kind, base64.b64decode(data), None, name, more)
        case {"type": "text", "media_type": kind, "data": data}:
            return p.FilePart(kind, data.encode(), None, name, more)
        case {"type": "url", "url": url}:
            return p.FilePart(kind, None, url, name, more)
        case source:
            ours = {**more.get("anthropic", {}), "source": source}
            return p.FilePart(kind, filename=name, provider_metadata={"anthropic": ours})


def _more(block: Row, *known: str) -> Row:
    more = {key: value for key, value in block.items() if key not in ("type", *known)}
    return {"anthropic": more} if more else {}
