"""How an answer begins and ends: its name, why it ended, what it cost, what went wrong.

Knows the response object of the API reference. Refuses to know its output.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbstream.core.message import FinishReason, Usage
from nbstream.errors.parsing import error_in_stream, provider_error
from nbstream.protocols.json_fields import Json, count_of, dict_of, text_of
from nbstream.protocols.openai_responses.names import KEY

if TYPE_CHECKING:
    from nbstream.errors import ProviderError
    from nbstream.protocols.openai_responses.item import Answer

_INCOMPLETE: dict[str, FinishReason] = {
    "max_output_tokens": "length",
    "content_filter": "content_filter",
}

# The request repeated, and what a Message has fields for.
_ORDINARY = frozenset(
    (
        *("id", "object", "created_at", "completed_at", "status", "error", "incomplete_details"),
        *("model", "output", "output_text", "usage", "instructions", "metadata", "tools", "text"),
        *("tool_choice", "parallel_tool_calls", "max_tool_calls", "max_output_tokens", "prompt"),
        *("reasoning", "temperature", "top_p", "top_logprobs", "truncation", "store", "user"),
        *("background", "previous_response_id", "prompt_cache_key", "prompt_cache_retention"),
        *("safety_identifier", "frequency_penalty", "presence_penalty", "billing"),
    )
)


def finish_reason(response: Json, kind: str, answer: Answer) -> tuple[FinishReason, str]:
    """Why it ended, in this library's word and in the provider's."""
    status = text_of(response.get("status"))
    reason = text_of(dict_of(response.get("incomplete_details")).get("reason"))
    if reason or kind == "response.incomplete" or status == "incomplete":
        return _INCOMPLETE.get(reason, "other"), reason or "incomplete"
    if status == "cancelled":
        return "cancelled", status
    return "tool_call" if answer.called else "stop", status or "completed"


def usage(response: Json) -> Usage | None:
    """What it cost, if the server says."""
    counts = response.get("usage")
    if not isinstance(counts, dict):
        return None
    read, written = counts.get("input_tokens_details"), counts.get("output_tokens_details")
    return Usage(
        input_tokens=count_of(counts, "input_tokens"),
        output_tokens=count_of(counts, "output_tokens"),
        cache_read_tokens=count_of(read, "cached_tokens"),
        cache_write_tokens=count_of(read, "cache_write_tokens"),
        reasoning_tokens=count_of(written, "reasoning_tokens"),
    )


def metadata(event: Json, response: Json, raw_reason: str, answer: Answer) -> Json:
    """What the message keeps of the response beyond its own fields."""
    found: Json = {"finish_reason": raw_reason}
    if isinstance(response.get("usage"), dict):
        found["usage"] = response["usage"]
    beside = {
        name: value
        for row, usual in ((event, _EVENT), (response, _ORDINARY))
        for name, value in row.items()
        if name not in usual and value is not None
    }
    if beside:
        found[KEY] = beside
    if answer.unknown:
        found["unknown"] = answer.unknown
    return found


_EVENT = frozenset(("type", "sequence_number", "response"))


def failure(event: Json) -> ProviderError:
    """The error that an ``error`` or ``response.failed`` event reports."""
    error = event.get("error") or dict_of(event.get("response")).get("error")
    if error:
        return error_in_stream(error)
    if "response" in event:
        return provider_error("The provider could not finish its answer and did not say why.")
    return error_in_stream(event)
