"""Compares the openai SDK's final chat completion with our message."""

import json
import re
from typing import Any

from nbstream.core.message import FinishReason, Message, RefusalPart
from nbstream.protocols.base import with_calls
from tests.recordings import Recording

FINISH: dict[str | None, FinishReason] = {
    "stop": "stop",
    "length": "length",
    "tool_calls": "tool_call",
    "content_filter": "content_filter",
    None: "other",
}


def differences(message: Message, recording: Recording) -> list[str]:
    """The fields in which ``message`` differs from the SDK's result."""
    joined = _joined(recording.body)
    final = recording.final or joined
    said, plainly = final["choices"][0]["message"], joined["choices"][0]["message"]
    # The SDK overlooks a finish reason in a chunk of a type it does not know, a usage that stands
    # elsewhere or is not in the last chunk, and what Mistral says in pieces of content.
    finish = final["choices"][0]["finish_reason"] or joined["choices"][0]["finish_reason"]
    usage = final.get("usage") or joined["usage"]
    pairs: dict[str, tuple[Any, Any]] = {
        "text": (message.text, (plainly if plainly.get("pieces") else said)["content"] or ""),
        "thinking": (message.thinking, _thinking(said) or _thinking(plainly)),
        "refusal": (_refusal(message), said.get("refusal") or ""),
        "tool calls": (_calls(message), _final_calls(said)),
        "citations": (
            {one.url for one in message.citations},
            {*_urls(said.get("annotations")), *_urls(final.get("search_results"))}
            | {*(final.get("citations") or ())},
        ),
        "signatures": (_signatures(message), _final_signatures(said)),
    }
    if message.finish_reason is not None:  # an answer that broke off has neither
        pairs["finish reason"] = (
            message.finish_reason,
            with_calls(FINISH[finish], message.tool_calls),
        )
        pairs["usage"] = (_usage(message), _final_usage(usage))
    return [f"{what}: {a!r} is not {b!r}" for what, (a, b) in pairs.items() if a != b]


def _thinking(said: dict[str, Any]) -> str:
    if plain := said.get("reasoning_content") or said.get("reasoning"):
        return str(plain)
    details = said.get("reasoning_details") or ()
    return "".join(row.get("text") or row.get("summary") or "" for row in details)


def _refusal(message: Message) -> str:
    return "".join(part.text for part in message.parts if isinstance(part, RefusalPart))


def _calls(message: Message) -> list[tuple[str, str]]:
    return [(call.tool_name, call.args_json) for call in message.tool_calls]


def _final_calls(said: dict[str, Any]) -> list[tuple[str, str]]:
    # Where a server repeats the name in each chunk, the SDK joins it: "llm_versionllm_version".
    rows = (row["function"] for row in said.get("tool_calls") or ())
    return [(re.sub(r"^(.+?)\1+$", r"\1", row["name"]), row["arguments"] or "") for row in rows]


def _details(message: Message) -> list[dict[str, Any]]:
    kept = (part.provider_metadata.get("openai_chat", {}) for part in message.parts)
    return [row for one in kept for row in one.get("reasoning_details", ())]


def _signatures(message: Message) -> set[str]:
    return _proofs(_details(message))


def _final_signatures(said: dict[str, Any]) -> set[str]:
    return _proofs(said.get("reasoning_details") or [])


def _proofs(rows: list[dict[str, Any]]) -> set[str]:
    found = (row.get(name) for row in rows for name in ("signature", "data"))
    return {one for one in found if one}


def _urls(rows: Any) -> set[str]:
    return {(row.get("url_citation") or row)["url"] for row in rows or ()}


def _usage(message: Message) -> tuple[int, int, int] | None:
    usage = message.usage
    if usage is None:
        return None
    return usage.input_tokens, usage.output_tokens, usage.reasoning_tokens


def _final_usage(usage: dict[str, Any] | None) -> tuple[int, int, int] | None:
    if usage is None:
        return None
    details = usage.get("completion_tokens_details") or {}
    reasoning = details.get("reasoning_tokens") or usage.get("reasoning_tokens") or 0
    return usage["prompt_tokens"], usage["completion_tokens"] or 0, reasoning


def _joined(body: bytes) -> dict[str, Any]:
    final: dict[str, Any] = {"usage": None}
    said: dict[str, Any] = {}
    finish = None
    for line in body.replace(b"\r\n", b"\n").split(b"\n"):
        if not line.startswith(b"data:") or line[5:].strip() == b"[DONE]":
            continue
        chunk = json.loads(line[5:])
        usage = chunk.get("usage") or (chunk.get("x_groq") or {}).get("usage")
        final["usage"] = usage or final["usage"]
        for choice in chunk.get("choices", ()):
            if choice["index"] == 0:
                finish = choice.get("finish_reason") or finish
                final["usage"] = choice.get("usage") or final["usage"]
                _join(said, choice.get("delta") or {})
    return {**final, "choices": [{"message": said, "finish_reason": finish}]}


def _join(said: dict[str, Any], delta: dict[str, Any]) -> None:
    content = delta.get("content") or ""
    if isinstance(content, list):
        said["pieces"] = True
        for piece in content:
            for row in piece.get("thinking", ()):
                said["reasoning"] = said.get("reasoning", "") + row["text"]
        content = "".join(piece.get("text", "") for piece in content)
    said["content"] = said.get("content", "") + content
    for name in ("refusal", "reasoning", "reasoning_content"):
        if delta.get(name):
            said[name] = said.get(name, "") + delta[name]
    for name in ("annotations", "reasoning_details"):
        if delta.get(name):
            said.setdefault(name, []).extend(delta[name])
    for row in delta.get("tool_calls") or ():
        calls = said.setdefault("tool_calls", [])
        function = row["function"]
        if function.get("name"):
            calls.append({"function": {"name": function["name"], "arguments": ""}})
        calls[-1]["function"]["arguments"] += function.get("arguments") or ""
