"""Makes nbstream's values of PydanticAI's: calls, results, and the facts of a reply."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from nbstream.core import events as ev
from nbstream.core import parts as p
from nbstream.core.message import Usage, as_json
from nbstream.providers.table import is_custom

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nbstream.core.message import FinishReason

_REASONS: dict[str, FinishReason] = {
    one: one for one in ("stop", "length", "content_filter", "tool_call", "error")
}


def facts(response: Any, index: int) -> Iterable[ev.Event]:
    """Who gave a reply, why it ended, and its tokens."""
    provider = {"google-gla": "google"}.get(response.provider_name, response.provider_name)
    address = getattr(response, "provider_url", None) or ""
    custom = bool(provider and address and is_custom(provider, address))
    yield ev.StreamStart(
        getattr(response, "provider_response_id", None),
        response.model_name,
        provider,
        custom_address=custom,
        message_index=index,
    )
    usage = response.usage
    counted = Usage(
        usage.input_tokens,
        usage.output_tokens,
        usage.cache_read_tokens,
        usage.cache_write_tokens,
        (usage.details or {}).get("reasoning_tokens", 0),
    )
    details = getattr(response, "provider_details", None) or {}
    raw = details.get("finish_reason")
    reason = _REASONS.get(response.finish_reason or "stop", "other")
    metadata = {"finish_reason": raw} if raw else {}
    yield ev.StreamEnd(reason, counted, metadata, message_index=index)


def growing_text(part: Any) -> str:
    """What of a part grows."""
    if part.part_kind in ("text", "thinking"):
        return str(part.content)
    return part.args if isinstance(getattr(part, "args", None), str) else ""


def call_part(part: Any) -> Any:
    """A call, with its arguments as JSON."""
    args = part.args
    text = args if isinstance(args, str) else "" if args is None else json.dumps(args)
    cls = p.BuiltinToolCallPart if part.part_kind == "builtin-tool-call" else p.ToolCallPart
    return cls(part.tool_call_id, part.tool_name, text)


def result_part(part: Any) -> p.ToolResultPart:
    """What a tool returned, or what the model is asked to correct."""
    failed = part.part_kind == "retry-prompt" or getattr(part, "outcome", "success") == "failed"
    content = part.model_response() if part.part_kind == "retry-prompt" else part.content
    return p.ToolResultPart(
        part.tool_call_id, as_json(content), part.tool_name or "", is_error=failed
    )
