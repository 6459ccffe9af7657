"""Compares the openai SDK's response with our message."""

import json
from collections import Counter
from typing import Any

from nbstream.core.message import (
    BuiltinToolCallPart,
    BuiltinToolResultPart,
    Message,
    RefusalPart,
    ThinkingPart,
    tool_message,
    user_message,
)
from nbstream.core.sse import SSEDecoder
from nbstream.protocols.openai_responses import OpenAIResponses
from tests.recordings import Recording

PROTOCOL = "openai-responses"
ANSWERED = (
    *("apply_patch_call", "computer_call", "local_shell_call", "mcp_approval_request"),
    *("shell_call", "tool_search_call"),
)
"""Items that the user's side answers."""
OURS = ("message", "reasoning", "function_call", "custom_tool_call")


def expected(recording: Recording) -> dict[str, Any] | None:
    """The SDK's response; for codex streams the output is taken from the item events."""
    final: dict[str, Any] | None = recording.final
    if final is not None and not final["output"]:
        sse = SSEDecoder()
        rows = [json.loads(data) for _, data in sse.feed(recording.body) if data != b"[DONE]"]
        done = [row for row in rows if row["type"] == "response.output_item.done"]
        done.sort(key=lambda row: row["output_index"])
        final = {**final, "output": [row["item"] for row in done]}
    return final


def wanted(final: dict[str, Any]) -> dict[str, Any]:
    """What our message should contain."""
    output: list[dict[str, Any]] = final["output"]
    blocks = [part for item in output for part in item.get("content") or ()]
    texts = [block for block in blocks if block["type"] == "output_text"]
    reasoning = [item for item in output if item["type"] == "reasoning"]
    usage = final.get("usage") or {}
    return {
        "text": "".join(block["text"] for block in texts),
        "refusal": "".join(block["refusal"] for block in blocks if block["type"] == "refusal"),
        "thinking": [
            block["text"]
            for item in reasoning
            for block in [*(item.get("summary") or ()), *(item.get("content") or ())]
        ],
        "encrypted": [
            item["encrypted_content"] for item in reasoning if item.get("encrypted_content")
        ],
        "calls": [
            (item["call_id"], item["name"], item["arguments"])
            for item in output
            if item["type"] == "function_call"
        ],
        "annotations": [row for block in texts for row in _bare(block.get("annotations") or [])],
        "builtin": Counter(item["type"] for item in output if item["type"] not in OURS),
        "finish": _finish(final),
        "usage": (
            usage.get("input_tokens") or 0,
            usage.get("output_tokens") or 0,
            (usage.get("input_tokens_details") or {}).get("cached_tokens") or 0,
            (usage.get("output_tokens_details") or {}).get("reasoning_tokens") or 0,
        ),
        "items": [_comparable(item) for item in _without_last_reasoning(output)],
    }


def found(message: Message) -> dict[str, Any]:
    """What our message contains."""
    usage = message.usage
    thoughts = [part for part in message.parts if isinstance(part, ThinkingPart)]
    builtin = [
        (part.provider_metadata["openai_responses"].get("item") or {}).get("type")
        for part in message.parts
        if isinstance(part, (BuiltinToolCallPart, BuiltinToolResultPart))
    ]
    sent = _sent_again(message)
    return {
        "text": message.text,
        "refusal": "".join(part.text for part in message.parts if isinstance(part, RefusalPart)),
        "thinking": [part.text for part in thoughts if part.text],
        "encrypted": [part.redacted for part in thoughts if part.redacted],
        "calls": [
            (call.tool_call_id, call.tool_name, call.args_json) for call in message.tool_calls
        ],
        "annotations": [
            _bare(citation.provider_metadata["openai_responses"]) for citation in message.citations
        ],
        "builtin": Counter(kind for kind in builtin if kind not in (None, "custom_tool_call")),
        "finish": message.finish_reason,
        "usage": (
            usage
            and (
                usage.input_tokens,
                usage.output_tokens,
                usage.cache_read_tokens,
                usage.reasoning_tokens,
            )
        )
        or (0, 0, 0, 0),
        "items": [_comparable(item) for item in sent],
    }


def _sent_again(message: Message) -> list[dict[str, Any]]:
    """The message's items in a request that goes on with results of all its calls."""
    items = [
        part.provider_metadata["openai_responses"].get("item") or {}
        for part in message.parts
        if isinstance(part, BuiltinToolCallPart)
    ]
    ids = [
        str(item.get("call_id") or item.get("id")) for item in items if item.get("type") in ANSWERED
    ]
    ids += [call.tool_call_id for call in message.tool_calls]
    results = [tool_message(call_id, "done") for call_id in ids]
    history = [user_message("q"), message, *results]
    body = OpenAIResponses().request("m", history, {"store": True}).body
    rows: list[dict[str, Any]] = body["input"][1:]
    for row in rows:
        if "INVALID_JSON" in row.get("arguments", ""):  # the API wants an object
            row["arguments"] = json.loads(row["arguments"])["INVALID_JSON"]
    return rows[: len(rows) - len(results)]


def _without_last_reasoning(output: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The API takes no reasoning that nothing follows."""
    last = max((at for at, one in enumerate(output) if one["type"] != "reasoning"), default=-1)
    return output[: last + 1]


def differences(message: Message, recording: Recording) -> list[str]:
    """The fields in which the two differ."""
    final = expected(recording)
    if final is None:
        return []  # the SDK raised: nothing to compare with
    if message.finish_reason is None:
        return ["it broke off"]
    want, have = wanted(final), found(message)
    return [
        f"{name}: {have[name]!r:.200} instead of {want[name]!r:.200}"
        for name in want
        if want[name] != have[name]
    ]


def _finish(final: dict[str, Any]) -> str:
    if final["status"] == "incomplete":
        assert final["incomplete_details"]["reason"] == "max_output_tokens"
        return "length"
    answered = {row.get("call_id") for row in final["output"] if row["type"].endswith("_output")}
    called = any(
        _is_for_client(row) for row in final["output"] if row.get("call_id") not in answered
    )
    return "tool_call" if called else "stop"


def _is_for_client(item: dict[str, Any]) -> bool:
    kind: str = item["type"]
    if kind == "tool_search_call":
        return bool(item["execution"] == "client")
    return kind in {
        *("function_call", "apply_patch_call", "computer_call", "local_shell_call", "shell_call"),
        "mcp_approval_request",
    }


def _bare(value: Any) -> Any:
    """``value`` without nulls and empty lists, which the SDK adds for missing fields."""
    if isinstance(value, dict):
        return {
            name: _bare(content)
            for name, content in value.items()
            if content is not None and content != []
        }
    return [_bare(content) for content in value] if isinstance(value, list) else value


def _comparable(item: dict[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = _bare(item)
    if row["type"] in ("message", "function_call", "custom_tool_call"):
        row.pop("id", None)  # Copilot's are others in each event
    row.pop("parsed_arguments", None)  # the SDK's own
    for block in row.get("content") or ():
        block.pop("parsed", None)
    return row
