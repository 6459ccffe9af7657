"""The keywords of ``nbstream.stream()``: their types, and errors for keywords that it lacks.

``FOREIGN`` maps other libraries' names to ours; ``with_signature`` lets notebooks complete them.
"""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_type_hints

from nbstream.core.shown import shown
from nbstream.errors import UsageError
from nbstream.protocols.parameters import Effort, Parameters, Row, Special, checked, table
from nbstream.transport.timeouts import Timeouts, as_timeouts

if TYPE_CHECKING:
    from collections.abc import Callable

_NOT_SENT = Special("(not sent)")
_LOCAL = Row(None, _NOT_SENT, _NOT_SENT, _NOT_SENT, _NOT_SENT)


class Keywords(Parameters, total=False):
    """All keywords of ``stream()`` but ``output_type``. None is the same as not given."""

    system: str | Sequence[Mapping[str, Any]] | None
    tools: Iterable[Any] | None
    thinking: Mapping[str, Any] | None
    timeout: Annotated[Timeouts | float | None, _LOCAL]
    retries: Annotated[int | None, _LOCAL]
    thinking_tags: Annotated[bool | tuple[str, str] | None, _LOCAL]
    base_url: str | None
    api_key: str | None
    client: Any
    extra_body: Mapping[str, Any] | None
    extra_headers: Mapping[str, str] | None
    extra_query: Mapping[str, str | int | float | bool] | None


EFFORTS = frozenset(get_args(Effort))
"""The efforts of ``reasoning=``."""
KNOWN = frozenset(Keywords.__annotations__)
_POSITIONAL = ("model", "messages")
_FIRST = ("output_type", "system", "tools", "tool_choice")

FOREIGN: dict[str, tuple[str, ...]] = {
    "output_type=": (
        *("output_format", "response_format", "response_schema", "response_json_schema"),
        *("responseSchema", "responseJsonSchema", "response_model", "text_format", "json_schema"),
        *("result_type", "schema", "response_mime_type", "responseMimeType"),
    ),
    "stop=": ("stop_sequences", "stopSequences", "stop_tokens", "stop_words"),
    "max_tokens=": (
        *("max_completion_tokens", "max_output_tokens", "maxOutputTokens", "maxTokens"),
        *("max_new_tokens", "max_tokens_to_sample", "num_predict", "n_predict", "max_length"),
    ),
    "reasoning=": (
        *("reasoning_effort", "effort", "output_config", "budget_tokens", "thinking_budget"),
        *("thinkingBudget", "thinking_level", "thinkingLevel", "thinking_config"),
        *("thinkingConfig", "reasoning_tokens"),
    ),
    "thinking_tags=": ("reasoning_format", "reasoning_parser", "think_tags", "thinking_tag"),
    "verbosity=": ("text",),
    "tools=": ("functions", "function_declarations", "functionDeclarations"),
    "tool_choice=": ("function_call", "toolChoice", "tool_config", "toolConfig"),
    "parallel_tool_calls=False": ("disable_parallel_tool_use",),
    "system=": ("instructions", "system_prompt", "system_instruction", "systemInstruction"),
    "messages": ("prompt", "input", "contents", "content", "user_prompt"),
    "model": ("model_name", "model_id", "deployment"),
    "temperature=": ("temp",),
    "top_p=": ("topP", "top_probability"),
    "top_k=": ("topK",),
    "seed=": ("random_seed",),
    "presence_penalty=": ("presencePenalty",),
    "frequency_penalty=": ("frequencyPenalty",),
    "cache=": (
        *("cache_control", "prompt_cache_key", "promptCacheKey", "cached_content"),
        *("cachedContent", "caching", "prompt_cache_retention", "prompt_cache_options"),
    ),
    "service_tier=": ("serviceTier", "tier"),
    "user=": ("user_id", "safety_identifier"),
    "metadata=": ("labels",),
    "timeout=": ("request_timeout", "http_timeout", "timeout_ms"),
    "retries=": ("max_retries", "num_retries"),
    "client=": ("http_client", "http_async_client", "async_client", "session"),
    "base_url=": ("api_base", "url", "endpoint", "host", "azure_endpoint"),
    "api_key=": ("key", "token", "auth_token"),
    "extra_headers=": ("headers", "default_headers", "http_headers"),
    'extra_headers={"anthropic-beta": ...}': ("betas", "beta", "anthropic_beta"),
    "extra_query=": ("query", "default_query", "query_params"),
    "extra_body=": (
        *("body", "params", "model_settings", "settings", "options"),
        *("provider_options", "providerOptions", "model_kwargs"),
    ),
    "the parameters one by one": ("generation_config", "generationConfig", "config"),
}
"""Our keywords, each with the names that other libraries have for it."""

_REMEDIES = {
    "stream": "Leave it out: stream() always streams.",
    "n": "Leave it out, and call stream() once for each answer.",
    "candidate_count": "Leave it out, and call stream() once for each answer.",
    "candidateCount": "Leave it out, and call stream() once for each answer.",
    "best_of": "Leave it out, and call stream() once for each answer.",
}


def check_names(
    given: Mapping[str, Any],
    call: str = "stream",
    also: Iterable[str] = (),
    elsewhere: tuple[Sequence[str], str] = ((), ""),
) -> None:
    """Refuse keywords that ``stream()`` does not have.

    ``call`` is what the user called in its place; it has the keywords ``also``, too.
    ``elsewhere``: keywords that belong to another call, and its name.

    Raises:
        UsageError: there is one; the remedy names what to write.
    """
    for name in given:
        if name not in KNOWN:
            names, other = elsewhere
            remedy = f"Pass it to {other}." if name in names else _remedy(name, also)
            raise UsageError(f"{call}() has no keyword {name}=.", remedy=remedy)


def check_value(name: str, value: Any) -> None:
    """Refuse a value that no model takes, before a request has it.

    Raises:
        UsageError: it is such a value.
    """
    if name == "timeout":
        as_timeouts(value)
    elif name in table():
        checked({name: value})


def _remedy(name: str, more: Iterable[str] = ()) -> str:
    """What to write in place of the unknown keyword ``name``; ``more`` may be meant, too."""
    if name in _REMEDIES:
        return _REMEDIES[name]
    for ours, theirs in FOREIGN.items():
        if name in theirs:
            return f"Write {ours}."
    own = [*more, *_POSITIONAL, "output_type", *Keywords.__annotations__]
    also = f'A field of the provider\'s own goes in extra_body={{"{name}": ...}}.'
    if close := difflib.get_close_matches(name, own, n=1, cutoff=0.7):
        return f"Did you mean {close[0]}=? {also}"
    return also


def thinking_as_reasoning(given: dict[str, Any]) -> None:
    """Move Anthropic's ``thinking=`` to ``reasoning=``, which takes the same dict.

    Raises:
        UsageError: both are given, or it is no dict.
    """
    thinking = given.pop("thinking", None)
    if thinking is None:
        return
    if given.get("reasoning") is not None:
        raise UsageError(
            "thinking= and reasoning= are the same parameter.", remedy="Leave one of them out."
        )
    if not isinstance(thinking, Mapping):
        raise UsageError(
            f"thinking= takes Anthropic's dict, not {shown(thinking)}.",
            remedy='Write reasoning="low", or reasoning=4096 for a number of tokens.',
        )
    given["reasoning"] = thinking


def with_signature(function: Callable[..., Any]) -> None:
    """Set the signature of ``function`` to name each keyword, for completion in notebooks.

    ``**keywords: Unpack[Keywords]`` says the same to type checkers and editors.
    """
    first = list(inspect.signature(function).parameters.values())[:-1]
    hints = get_type_hints(Keywords)
    names = sorted(hints, key=lambda name: _FIRST.index(name) if name in _FIRST else len(_FIRST))
    kind = inspect.Parameter.KEYWORD_ONLY
    rest = [inspect.Parameter(one, kind, default=None, annotation=hints[one]) for one in names]
    function.__signature__ = inspect.Signature([*first, *rest])  # type: ignore[attr-defined]
