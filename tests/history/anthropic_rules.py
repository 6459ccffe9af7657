"""What the documents of Anthropic's Messages API forbid in ``messages``."""

import re
from collections.abc import Iterator
from typing import Any

Row = dict[str, Any]
_THINKING = ("thinking", "redacted_thinking")


def faults(body: Row) -> Iterator[str]:
    """Each rule that a request breaks.

    Sources: https://platform.claude.com/docs/en/api/messages/create ("messages": roles, blocks,
    the patterns of ids and names); .../agents-and-tools/tool-use/handle-tool-calls (results);
    .../build-with-claude/extended-thinking (thinking); and the API's own error messages, as
    public reports quote them: forgecode#2107 (the last block), forgecode#1853 (thinking while it
    is disabled), n8n#22550 (thinking before a tool loop).
    """
    turns: list[Row] = body["messages"]
    if not turns:
        yield "messages: at least one message is required"
        return
    if turns[0]["role"] != "user":
        yield "the first message must use the user role"
    ids: set[str] = set()
    for at, turn in enumerate(turns):
        if at and turn["role"] == turns[at - 1]["role"]:
            yield f"messages.{at}: roles must alternate"
        yield from (f"messages.{at}: {fault}" for fault in _turn(turn))
        following = turns[at + 1] if at + 1 < len(turns) else None
        if turn["role"] == "assistant":
            yield from (f"messages.{at}: {fault}" for fault in _calls(turn, following, ids))
        elif any(_of(turn, "tool_result")) and (not at or not any(_of(turns[at - 1], "tool_use"))):
            yield f"messages.{at}: tool_result without a tool_use in the previous message"
    yield from _server_tools(turns)
    yield from _end(turns, thinking=body.get("thinking", {}).get("type"))


def _turn(turn: Row) -> Iterator[str]:
    content: list[Row] = turn["content"]
    if not content:
        yield "all messages must have non-empty content"
    for block in content:
        kind = block.get("type")
        if not isinstance(kind, str):
            yield "a block without a type"
        elif kind == "text" and not block["text"].strip():
            yield "text content blocks must contain non-whitespace text"
        elif kind == "thinking" and not block.get("signature"):
            yield "thinking without a signature"
        elif kind in (*_THINKING, "tool_use") and turn["role"] == "user":
            yield f"{kind} in a user message"
        elif kind in ("image", "document", "tool_result") and turn["role"] == "assistant":
            yield f"{kind} in an assistant message"
        elif kind == "tool_result":
            yield from _result(block)
        if kind.endswith("tool_use") if isinstance(kind, str) else False:
            yield from _call(block)
    kinds = [block.get("type") == "tool_result" for block in content]
    if turn["role"] == "user" and kinds != sorted(kinds, reverse=True):
        yield "tool_result blocks must come first"
    if turn["role"] == "assistant" and content and content[-1]["type"] in _THINKING:
        yield "the final block in an assistant message cannot be thinking"


def _call(block: Row) -> Iterator[str]:
    if not re.fullmatch(r"[a-zA-Z0-9_-]+", block["id"]):
        yield f"tool_use.id: {block['id']!r} does not match the pattern"
    if not re.fullmatch(r"[a-zA-Z0-9_-]{1,128}", block["name"]):
        yield f"tool_use.name: {block['name']!r} does not match the pattern"
    if not isinstance(block["input"], dict):
        yield "tool_use.input: should be a valid dictionary"


def _result(block: Row) -> Iterator[str]:
    content = block.get("content") or ""
    for inner in content if isinstance(content, list) else ():
        if inner["type"] == "text" and not inner["text"].strip():
            yield "tool_result: text content blocks must be non-empty"
        if inner["type"] != "text" and block.get("is_error"):
            yield "tool_result: all content must be text if is_error is true"


def _calls(turn: Row, following: Row | None, ids: set[str]) -> Iterator[str]:
    """Every tool_use has one tool_result in the next message, and the other way round."""
    calls = [block["id"] for block in _of(turn, "tool_use")]
    results = [block["tool_use_id"] for block in _of(following or {"content": []}, "tool_result")]
    if len(set(calls)) < len(calls) or ids.intersection(calls):
        yield "tool_use ids must be unique"
    ids.update(calls)
    if len(set(results)) < len(results):
        yield "each tool_use must have a single result"
    if missing := set(calls) - set(results):
        yield f"tool_use ids were found without tool_result blocks immediately after: {missing}"
    if extra := set(results) - set(calls):
        yield f"unexpected tool_use_id found in tool_result blocks: {extra}"


def _server_tools(turns: list[Row]) -> Iterator[str]:
    """Calls of server tools have a later result, except those that the API is to go on with."""
    open_calls: dict[str, int] = {}
    answers = [at for at, turn in enumerate(turns) if turn["role"] == "assistant"]
    seen: set[str] = set()
    for at in answers:
        for block in turns[at]["content"]:
            kind = block["type"]
            if kind.endswith("_tool_use"):
                if block["id"] in seen:
                    yield f"server tool id twice: {block['id']}"
                seen.add(block["id"])
                open_calls[block["id"]] = at
            elif (
                kind.endswith("_tool_result") and open_calls.pop(block["tool_use_id"], None) is None
            ):
                yield f"{kind} without its call"
    for call_id, at in open_calls.items():
        rest = [block["type"] for turn in turns[at + 1 :] for block in turn["content"]]
        if at != answers[-1] or any(kind != "tool_result" for kind in rest):
            yield f"tool use with id {call_id} was found without a corresponding result block"


def _end(turns: list[Row], thinking: str | None) -> Iterator[str]:
    last = turns[-1]
    if last["role"] == "assistant":
        final = last["content"][-1] if last["content"] else {}
        if final.get("type") == "text" and final["text"] != final["text"].rstrip():
            yield "final assistant content cannot end with trailing whitespace"
        if final.get("type") == "text" and not thinking and any(map(_is_thinking, last["content"])):
            yield "thinking in the final position while it is disabled"
    elif (
        thinking == "enabled"
        and any(_of(last, "tool_result"))
        and not _is_thinking(turns[-2]["content"][0])
    ):
        yield "expected thinking, but found something else, before the last tool calls"


def _of(turn: Row, kind: str) -> Iterator[Row]:
    return (block for block in turn["content"] if block.get("type") == kind)


def _is_thinking(block: Row) -> bool:
    return block.get("type") in _THINKING
