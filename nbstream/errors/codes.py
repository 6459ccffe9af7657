"""Finds the error class for a provider's error codes, error text and HTTP status.

Also tells whether the account's budget is used up. The tables hold the codes and types that
providers document, and patterns for providers that have no code for an error. To support another
provider's code, add it to a row.

Sources: the error pages of Anthropic ("Errors"), OpenAI ("Error codes", and the
Responses API's ``response.error.code``), Google (``google.rpc.Code``), Azure
OpenAI, Mistral, DeepSeek, OpenRouter, llama.cpp and vLLM.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nbstream.errors import provider

if TYPE_CHECKING:
    from collections.abc import Iterable

Kind = type[provider.ProviderError]

# The first row that fits wins: a request that is too long is also a bad request.
_WORDS: dict[Kind, str] = {
    provider.ContextLengthError: """
        context_length_exceeded exceed_context_size_error model_max_prompt_tokens_exceeded
        model_context_window_exceeded context_window_exceeded max_context_length_exceeded
    """,
    provider.ContentFilterError: """
        content_filter content_filtered content_policy_violation responsibleaipolicyviolation
        image_content_policy_violation moderation_blocked prohibited_content safety cyber_policy
    """,
    provider.AuthenticationError: """
        authentication_error invalid_api_key incorrect_api_key api_key_invalid unauthenticated
        unauthorized invalid_authentication_error authentication_required expired_api_key
    """,
    provider.PermissionDeniedError: """
        permission_error permission_denied permissiondenied forbidden access_denied
        unsupported_country_region_territory
    """,
    provider.NotFoundError: """
        not_found_error not_found notfound notfounderror model_not_found model_not_found_error
        deploymentnotfound invalid_model unknown_model model_not_exist
    """,
    provider.RateLimitError: """
        rate_limit_error rate_limit_exceeded rate_limited rate_limit resource_exhausted
        too_many_requests insufficient_quota quota_exceeded billing_error insufficient_balance
        billing_hard_limit_reached request_quota_exceeded token_quota_exceeded ratelimitreached
    """,
    provider.OverloadedError: """
        overloaded_error overloaded server_overloaded engine_overloaded unavailable
        service_unavailable engine_overloaded_error server_is_overloaded capacity_exceeded
        service_tier_capacity_exceeded slow_down
    """,
    provider.ServerError: """
        api_error server_error internal_server_error internal_error internal bad_gateway
        gateway_timeout timeout_error deadline_exceeded internalservererror
    """,
    provider.BadRequestError: """
        invalid_request_error invalid_argument failed_precondition out_of_range bad_request
        badrequesterror unprocessable_entity invalid_prompt request_too_large validation_error
        invalid_value unsupported_parameter unsupported_value invalid_request
    """,
}
_BY_WORD: dict[str, tuple[int, Kind]] = {
    word: (weight, kind)
    for weight, (kind, words) in enumerate(_WORDS.items())
    for word in words.split()
}

_BY_STATUS: dict[int, Kind] = {
    400: provider.BadRequestError,
    401: provider.AuthenticationError,
    402: provider.RateLimitError,
    403: provider.PermissionDeniedError,
    404: provider.NotFoundError,
    408: provider.ServerError,
    429: provider.RateLimitError,
    503: provider.OverloadedError,
    529: provider.OverloadedError,
}

# For providers that send 400 or no code, and say what is wrong in the message only.
_SENTENCES: list[tuple[Kind, re.Pattern[str]]] = [
    (
        provider.ContextLengthError,
        re.compile(
            r"maximum context|context (length|window|size)|prompt is too long|input is too long"
            r"|too many (input |prompt )?tokens|token count .{0,80}exceeds"
            r"|exceeds? the (maximum|model'?s) .{0,40}tokens",
            re.IGNORECASE,
        ),
    ),
    (
        provider.ContentFilterError,
        re.compile(
            r"content (management|filter)|content[_ ]policy|usage polic|blocked by .{0,40}safety",
            re.IGNORECASE,
        ),
    ),
    (
        provider.AuthenticationError,
        re.compile(
            r"(invalid|incorrect|missing|no) api[- ]key|api[- ]key not valid", re.IGNORECASE
        ),
    ),
    (
        provider.RateLimitError,
        re.compile(r"credit balance|insufficient (balance|quota)", re.IGNORECASE),
    ),
    (
        provider.NotFoundError,
        re.compile(
            r"not a valid model|unknown model|invalid model"
            r"|model .{0,120}(does not exist|not found|not exist|is not supported)",
            re.IGNORECASE,
        ),
    ),
]
_VAGUE = (provider.ProviderError, provider.BadRequestError)

_NO_BUDGET = re.compile(
    r"insufficient_quota|billing|insufficient_balance|credit balance|exceeded your current quota,"
    r"|insufficient (balance|credits)|payment",
    re.IGNORECASE,
)


def kind_of(words: Iterable[str], status: int | None, text: str) -> Kind:
    """The error class: by the provider's own codes, else by the HTTP status.

    ``ProviderError`` itself if neither is known.
    """
    known = [_BY_WORD[word] for word in map(_normalized, words) if word in _BY_WORD]
    kind = min(known, key=lambda row: row[0])[1] if known else _of_status(status)
    if kind in _VAGUE:
        kind = next((named for named, says in _SENTENCES if says.search(text)), kind)
    return kind


def is_out_of_budget(words: Iterable[str], status: int | None, text: str) -> bool:
    """Whether the account's budget is used up, so that waiting does not help."""
    return status == 402 or _NO_BUDGET.search(" ".join([*words, text])) is not None


def _of_status(status: int | None) -> Kind:
    """The error class for an HTTP status."""
    if status is None or not 400 <= status < 1000:
        return provider.ProviderError
    return _BY_STATUS.get(
        status, provider.BadRequestError if status < 500 else provider.ServerError
    )


def _normalized(word: str) -> str:
    """A code in lower case, with ``_`` between its words."""
    return re.sub(r"[^a-z0-9]+", "_", word.strip().lower())
