"""What the documents of Chat Completions servers forbid in ``messages``."""

import json
import re
from collections.abc import Iterator
from typing import Any

Row = dict[str, Any]


def faults(body: Row, *, roles: str = "any") -> Iterator[str]:
    """Each rule that a request breaks. ``roles``: the server's rules, as in its quirks.

    Sources: https://platform.openai.com/docs/api-reference/chat/create and OpenAI's error
    messages ("An assistant message with 'tool_calls' must be followed by tool messages", ids of
    at most 40 characters, names of ``[a-zA-Z0-9_-]{1,64}``);
    https://github.com/mistralai/mistral-common, ``validator.py``: ids, order of roles, last role;
    https://docs.perplexity.ai/api-reference/chat-completions: "After the (optional) system
    message(s), user or tool message(s) should alternate with assistant message(s)". Templates of
    many open models (Gemma, Llama 2, Mistral) raise "Conversation roles must alternate" too.
    """
    rows: list[Row] = body["messages"]
    if not rows:
        yield "messages: too short"
    ids: set[str] = set()
    waiting: list[str] = []
    for at, row in enumerate(rows):
        before = rows[at - 1]["role"] if at else None
        if row["role"] == "tool":
            if row["tool_call_id"] not in waiting:
                yield f"{at}: role 'tool' must be a response to a preceding tool call"
            else:
                waiting.remove(row["tool_call_id"])
            if not isinstance(row["content"], (str, list)):
                yield f"{at}: a tool's content must be text"
            continue
        if waiting:
            yield f"{at}: tool_call_ids did not have response messages: {waiting}"
            waiting = []
        if row["role"] == before and before in ("user", "assistant"):
            yield f"{at}: roles must alternate: {before}, {before}"
        if row["role"] == "assistant":
            yield from (f"{at}: {fault}" for fault in _assistant(row, ids))
            waiting = [call["id"] for call in row.get("tool_calls", ())]
        elif not row["content"] or not _has_text(row["content"]):
            yield f"{at}: {row['role']} without content"
    if waiting:
        yield f"tool_call_ids did not have response messages: {waiting}"
    if roles != "any":
        yield from _strict(rows, roles)


def _assistant(row: Row, ids: set[str]) -> Iterator[str]:
    others = ("tool_calls", "audio", "images", "refusal")
    if not row["content"] and not any(row.get(name) for name in others):
        yield "an assistant message must have content or tool_calls"
    kinds = {part["type"] for part in row["content"]} if isinstance(row["content"], list) else ()
    if kinds == {"thinking"} and not row.get("tool_calls"):
        yield "an assistant message must have content besides thinking"
    if "tool_calls" in row and not row["tool_calls"]:
        yield "empty array tool_calls"
    for call in row.get("tool_calls", ()):
        if not 1 <= len(call["id"]) <= 40:
            yield f"tool_calls.id: {call['id']!r} has a wrong length"
        if call["id"] in ids:
            yield f"tool_calls.id: duplicate {call['id']!r}"
        ids.add(call["id"])
        inner = call.get("function") or call["custom"]
        if not re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", inner["name"]):
            yield f"function.name: {inner['name']!r} does not match the pattern"
        if call["type"] == "function" and not _is_object(inner["arguments"]):
            yield f"function.arguments: {inner['arguments']!r} is not a JSON object"


def _strict(rows: list[Row], roles: str) -> Iterator[str]:
    allowed = {
        None: {"system", "user"},
        "system": {"system", "user"},
        "user": {"assistant"},
        "assistant": {"user", "tool"},
        "tool": {"assistant", "tool"} if roles == "mistral" else {"assistant", "tool", "user"},
    }
    before = None
    for at, row in enumerate(rows):
        if row["role"] not in allowed[before]:
            yield f"{at}: unexpected role {row['role']!r} after role {before!r}"
        before = row["role"]
        if roles == "mistral":
            for call in row.get("tool_calls", ()):
                if not re.fullmatch(r"[a-zA-Z0-9]{9}", call["id"]):
                    yield f"{at}: tool call id was {call['id']}, but must have a length of 9"
            if row.get("prefix") and at < len(rows) - 1:
                yield f"{at}: assistant message with prefix must be last"
    if roles == "mistral" and before == "assistant" and not rows[-1].get("prefix"):
        yield "expected last role user or tool (or assistant with prefix)"


def _has_text(content: Any) -> bool:
    if isinstance(content, str):
        return bool(content.strip())
    return all(part["type"] != "text" or part["text"].strip() for part in content)


def _is_object(text: Any) -> bool:
    def refuse(constant: str) -> Any:
        raise ValueError(constant)

    try:
        return isinstance(json.loads(text, parse_constant=refuse), dict)
    except (ValueError, TypeError):
        return False
