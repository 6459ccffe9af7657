"""Reads the last event of a Responses API stream: finish reason, usage, metadata, error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbstream.core.message import FinishReason, Usage
from nbstream.errors.parsing import error_in_stream, provider_error
from nbstream.protocols.base import with_calls
from nbstream.protocols.json_fields import Json, count_of, dict_of, text_of
from nbstream.protocols.openai_responses.metadata_key import KEY

if TYPE_CHECKING:
    from nbstream.errors import ProviderError
    from nbstream.protocols.openai_responses.item import ResponseState

_INCOMPLETE: dict[str, FinishReason] = {
    "max_output_tokens": "length",
    "content_filter": "content_filter",
}

# Fields that repeat the request, or that a Message has fields for.
_KNOWN_FIELDS = frozenset(
    (
        *("id", "object", "created_at", "completed_at", "status", "error", "incomplete_details"),
        *("model", "output", "output_text", "usage", "instructions", "metadata", "tools", "text"),
        *("tool_choice", "parallel_tool_calls", "max_tool_calls", "max_output_tokens", "prompt"),
        *("reasoning", "temperature", "top_p", "top_logprobs", "truncation", "store", "user"),
        *("background", "previous_response_id", "prompt_cache_key", "prompt_cache_retention"),
        *("safety_identifier", "frequency_penalty", "presence_penalty", "billing"),
    )
)


def finish_reason(response: Json, kind: str, state: ResponseState) -> tuple[FinishReason, str]:
    """The finish reason, in this library's word and in the provider's."""
    status = text_of(response.get("status"))
    reason = text_of(dict_of(response.get("incomplete_details")).get("reason"))
    if reason or kind == "response.incomplete" or status == "incomplete":
        return _INCOMPLETE.get(reason, "other"), reason or "incomplete"
    if status == "cancelled":
        return "cancelled", status
    return with_calls("stop", state.needs_client), status or "completed"


def usage(counts: Json) -> Usage:
    """The token counts of the response's ``usage``."""
    read, written = counts.get("input_tokens_details"), counts.get("output_tokens_details")
    return Usage(
        input_tokens=count_of(counts, "input_tokens"),
        output_tokens=count_of(counts, "output_tokens"),
        cache_read_tokens=count_of(read, "cached_tokens"),
        cache_write_tokens=count_of(read, "cache_write_tokens"),
        reasoning_tokens=count_of(written, "reasoning_tokens"),
    )


def metadata(
    event: Json, response: Json, raw_reason: str, state: ResponseState, counts: Json
) -> Json:
    """The message's ``provider_metadata``. ``counts``: the token counts as the server sent them."""
    result: Json = {"finish_reason": raw_reason}
    if counts:
        result["usage"] = counts
    unknown_fields = {
        name: value
        for source, known in ((event, _EVENT_FIELDS), (response, _KNOWN_FIELDS))
        for name, value in source.items()
        if name not in known and value is not None
    }
    if unknown_fields:
        result[KEY] = unknown_fields
    if state.unknown:
        result["unknown"] = state.unknown
    return result


_EVENT_FIELDS = frozenset(("type", "sequence_number", "response"))


def failure(event: Json) -> ProviderError:
    """The error that an ``error`` or ``response.failed`` event reports."""
    error = event.get("error") or dict_of(event.get("response")).get("error")
    if error:
        return error_in_stream(error)
    if "response" in event:
        return provider_error("The provider could not finish its answer and gave no reason.")
    return error_in_stream(event)
