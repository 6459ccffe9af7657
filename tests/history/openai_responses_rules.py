"""What the documents of OpenAI's Responses API forbid in ``input``."""

import re
from collections.abc import Iterator
from typing import Any

Row = dict[str, Any]

# The output that each type of call needs. Items of hosted tools hold their result themselves.
OUTPUTS = {
    "function_call": "function_call_output",
    "custom_tool_call": "custom_tool_call_output",
    "computer_call": "computer_call_output",
    "local_shell_call": "local_shell_call_output",
    "shell_call": "shell_call_output",
    "apply_patch_call": "apply_patch_call_output",
    "mcp_approval_request": "mcp_approval_response",
    "tool_search_call": "tool_search_output",
}
_OF_THE_USER = {"function_call_output", "custom_tool_call_output", "mcp_approval_response"}


def faults(body: Row) -> Iterator[str]:
    """Each rule that a request breaks.

    Sources: https://platform.openai.com/docs/api-reference/responses/create, "input";
    https://platform.openai.com/docs/guides/reasoning ("Keeping reasoning items in context") and
    .../guides/function-calling; and the API's own error messages, as public reports quote them:
    vercel/ai#7099 and continue#8933 (reasoning without its following item), openai/codex#1235
    (several reasoning items in a row), hermes-agent#102282 (an item without its reasoning),
    nodetool#4252 (ids of items), fastllm#45 (call_id of at most 64 characters),
    openai-agents-js#546 (reasoning that is not stored).
    """
    rows: list[Row] = body["input"]
    if not rows:
        yield "input: empty"
    stored = body.get("store", False)
    ids: set[str] = set()
    for at, row in enumerate(rows):
        following = rows[at + 1] if at + 1 < len(rows) else {}
        yield from (f"{at}: {fault}" for fault in _item(row, stored=stored))
        if row.get("type") == "reasoning" and (
            following.get("type") in (None, "reasoning")
            or following["type"].endswith(("_output", "_response"))
            or not following.get("id")
        ):
            yield f"{at}: reasoning was provided without its required following item"
        if row.get("id") in ids:
            yield f"{at}: duplicate item found with id {row['id']}"
        ids.update({row["id"]} if row.get("id") else ())
    yield from _calls(rows)


def _item(row: Row, *, stored: bool) -> Iterator[str]:
    kind = row.get("type", "message")
    if "lost" in row:
        yield "unknown parameter: lost"
    if "id" in row and not re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", str(row["id"])):
        yield f"id: {row['id']!r} does not match the pattern"
    if kind == "reasoning":
        if "id" not in row:
            yield "reasoning without an id"
        if not stored and not (row.get("encrypted_content") or row.get("content")):
            yield "reasoning that is not stored, without encrypted_content"
    elif kind == "message":
        content = row["content"]
        if not content or (isinstance(content, str) and not content.strip()):
            yield f"a message of the {row['role']} without content"
    elif kind in ("function_call", "custom_tool_call"):
        if not re.fullmatch(r"[a-zA-Z0-9_-]{1,128}", row["name"]):
            yield f"name: {row['name']!r} does not match the pattern"
        if not isinstance(row["arguments" if kind == "function_call" else "input"], str):
            yield "arguments must be a string"
    # A search for tools that OpenAI runs has no call_id.
    if row.get("call_id") is not None and not 1 <= len(row["call_id"]) <= 64:
        yield f"call_id: {row['call_id']!r} has a wrong length"


def _calls(rows: list[Row]) -> Iterator[str]:
    """Each call has one output after it, and the other way round."""
    waiting: dict[str, str] = {}
    seen: set[str] = set()
    for at, row in enumerate(rows):
        kind = row.get("type", "message")
        call_id = row.get("approval_request_id") or row.get("call_id") or row.get("id") or ""
        if call_id.startswith("xs_call"):
            continue  # xAI's own search, which it answers itself
        if kind.startswith("tool_search") and row.get("execution") != "client":
            continue  # OpenAI's own search for tools
        if kind in OUTPUTS:
            if call_id in seen:
                yield f"{at}: call_id {call_id!r} comes twice"
            seen.add(call_id)
            waiting[call_id] = OUTPUTS[kind]
        elif kind in OUTPUTS.values():
            if waiting.get(call_id) == kind:
                del waiting[call_id]
            elif kind in _OF_THE_USER or call_id not in seen:
                yield f"{at}: no tool call found for {kind} with call_id {call_id!r}"
    for call_id, kind in waiting.items():
        yield f"no tool output found for {kind.removesuffix('_output')} {call_id!r}"
