"""Compares google-genai's joined chunks with our message."""

import base64
import json
from typing import Any

from nbstream.core import parts as p
from nbstream.core.message import Message, Usage
from tests.recordings import Recording

FINISH = {
    "STOP": "stop",
    "MAX_TOKENS": "length",
    "SAFETY": "content_filter",
    "RECITATION": "content_filter",
}


def differences(message: Message, recording: Recording) -> list[str]:
    """The differences between the SDK's message and ours, one line each."""
    final = recording.final or _joined(recording.body)
    sdk, ours = from_sdk(final), from_ours(message)
    return [
        f"{name}: {ours[name]!r:.200} instead of {sdk[name]!r:.200}"
        for name in sdk
        if sdk[name] != ours[name]
    ]


def from_sdk(final: dict[str, Any]) -> dict[str, Any]:
    """The joined chunks, as plain values."""
    usage = final["usage"] or {}
    rows = _join(final["parts"])
    block = (final.get("prompt_feedback") or {}).get("block_reason")
    calls = any(row[0] == "call" for row in rows)
    raw = block or final["finish_reason"]
    finish = FINISH.get(raw, "other") if raw else None  # the end was never seen
    return {
        "id": final["response_id"],
        "model": final["model_version"],
        "text": final["text"],
        "thinking": final["thought"],
        "parts": rows,
        "signatures": [_bytes(s) for row in final["parts"] if (s := row.get("thought_signature"))],
        "raw finish": raw,
        "finish": "content_filter" if block else "tool_call" if calls else finish,
        "input": _sum(usage, "prompt_token_count", "tool_use_prompt_token_count"),
        "output": _sum(usage, "candidates_token_count", "thoughts_token_count"),
        "thinking tokens": _sum(usage, "thoughts_token_count"),
        "cached": _sum(usage, "cached_content_token_count"),
        "grounding": final.get("grounding_metadata") or {},
        "cited": _cited(final.get("grounding_metadata") or {}),
    }


def from_ours(message: Message) -> dict[str, Any]:
    """Our message in the same form."""
    usage = message.usage or Usage()
    kept = message.provider_metadata.get("gemini", {})
    return {
        "id": message.id,
        "model": message.model,
        "text": message.text,
        "thinking": message.thinking,
        "parts": [row for part in message.parts if (row := _part(part))],
        "signatures": [_bytes(one) for part in message.parts for one in _signatures(part)],
        "raw finish": message.provider_metadata.get("finish_reason"),
        "finish": message.finish_reason if "finish_reason" in message.provider_metadata else None,
        "input": usage.input_tokens,
        "output": usage.output_tokens,
        "thinking tokens": usage.reasoning_tokens,
        "cached": usage.cache_read_tokens,
        "grounding": _snake(kept.get("groundingMetadata", {})),
        "cited": _our_cited(message),
    }


def _joined(body: bytes) -> dict[str, Any]:
    """The chunks of a body that ends with an error, for which the SDK has no result."""
    lines = [json.loads(line[5:]) for line in body.splitlines() if line[:5] == b"data:"]
    candidates = [chunk["candidates"][0] for chunk in lines]
    parts = [_snake(part) for row in candidates for part in row["content"]["parts"]]
    return {
        "text": "".join(part.get("text", "") for part in parts if not part.get("thought")),
        "thought": "".join(part.get("text", "") for part in parts if part.get("thought")),
        "parts": parts,
        "finish_reason": None,  # it broke off, whatever the chunks before said
        "usage": None,
        "model_version": lines[0].get("modelVersion"),
        "response_id": lines[0].get("responseId"),
    }


def _join(rows: list[dict[str, Any]]) -> list[Any]:
    """Wire parts with neighbouring texts and streamed calls merged."""
    joined: list[Any] = []
    streaming = False
    for row in rows:
        if "text" in row:
            kind = "thinking" if row.get("thought") else "text"
            if joined and joined[-1][0] == kind:
                joined[-1][1] += row["text"]
            elif row["text"]:
                joined.append([kind, row["text"]])
            continue
        call = row.get("function_call")
        if call is None:
            joined.append(_other(row))
            continue
        if not streaming:
            joined.append(["call", call.get("name"), call.get("args") or {}])
        for entry in call.get("partial_args") or ():
            _put(joined[-1][2], entry)
        streaming = bool(call.get("will_continue"))
    return joined


def _put(args: Any, entry: dict[str, Any]) -> None:
    """Append a streamed string at its path; the recordings have no other values."""
    steps = entry["json_path"].removeprefix("$.").replace("[", ".[").split(".")
    for step, following in zip(steps, [*steps[1:], ""], strict=True):
        new: Any = [] if following.startswith("[") else {} if following else ""
        key: Any = int(step[1:-1]) if step.startswith("[") else step
        if isinstance(args, list) and key == len(args):
            args.append(new)
        elif isinstance(args, dict):
            args.setdefault(key, new)
        if following:
            args = args[key]
        else:
            args[key] += entry["string_value"]


def _other(row: dict[str, Any]) -> list[Any]:
    if code := row.get("executable_code"):
        return ["builtin call", "code_execution", {k: v for k, v in code.items() if k != "id"}]
    if result := row.get("code_execution_result"):
        return ["builtin result", "code_execution", result]
    if call := row.get("tool_call"):
        return ["builtin call", call["tool_type"].lower(), call.get("args") or {}]
    if response := row.get("tool_response"):
        return ["builtin result", response["tool_type"].lower(), response]
    data = row["inline_data"]
    return ["file", data["mime_type"], _bytes(data["data"])]


def _part(part: p.Part) -> list[Any] | None:
    if isinstance(part, (p.BuiltinToolCallPart, p.BuiltinToolResultPart)) and not _kept(part):
        return None  # told by metadata at the end, which the SDK leaves as metadata
    match part:
        case p.TextPart(text=text):
            return ["text", text] if text else None
        case p.ThinkingPart(text=text):
            return ["thinking", text]
        case p.ToolCallPart():
            return ["call", part.tool_name, part.args]
        case p.BuiltinToolCallPart():
            return ["builtin call", part.tool_name, part.args]
        case p.BuiltinToolResultPart():
            return ["builtin result", part.tool_name, _snake(part.result)]
        case p.FilePart():
            return ["file", part.media_type, part.data]
    return ["?", part]


def _kept(part: p.Part) -> Any:
    return part.provider_metadata.get("gemini")


def _signatures(part: p.Part) -> list[str]:
    kept = part.provider_metadata.get("gemini", {})
    stretches = [extras for _, _, extras in kept.get("signed", [])]
    found = [*stretches, kept, kept.get("part", {})]
    return [row["thoughtSignature"] for row in found if row.get("thoughtSignature")]


def _cited(grounding: dict[str, Any]) -> list[Any]:
    chunks = grounding.get("grounding_chunks") or []
    found = []
    for support in grounding.get("grounding_supports") or []:
        for number in support["grounding_chunk_indices"]:
            (source,) = chunks[number].values()
            found.append([source.get("uri"), source.get("title"), support["segment"]["text"]])
    return found


def _our_cited(message: Message) -> list[Any]:
    texts = [part for part in message.parts if isinstance(part, p.TextPart)]
    return [
        [cited.url, cited.title, part.text[cited.start : cited.end]]
        for part in texts
        for cited in part.citations
        if cited.provider_metadata.get("gemini", {}).keys() & {"web", "retrievedContext"}
    ]


def _sum(usage: dict[str, Any], *names: str) -> int:
    return sum(usage.get(name) or 0 for name in names)


def _bytes(text: str) -> bytes:
    """Base64 in either alphabet: the SDK uses the URL-safe one."""
    return base64.urlsafe_b64decode(text.replace("+", "-").replace("/", "_") + "==")


def _snake(value: Any) -> Any:
    """Names in the SDK's style."""
    if isinstance(value, list):
        return [_snake(one) for one in value]
    if isinstance(value, dict):
        return {_snake_name(key): _snake(one) for key, one in value.items()}
    return value


def _snake_name(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name)
