"""Converts parameters such as ``temperature`` to fields of a Messages API request.

What the API or a Claude model does not take is refused.

Source: https://platform.claude.com/docs/en/api/messages/create and the pages named below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core.shown import shown
from nbstream.errors import UsageError
from nbstream.protocols.anthropic.models import OTHER, claude
from nbstream.protocols.parameters import PROTOCOL_TITLES, body_fields

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbstream.protocols.anthropic.models import Claude

_WHERE = PROTOCOL_TITLES["anthropic"]
_SMALLEST_BUDGET = 1_024
_LEAST_TOP_P = 0.95  # while it thinks


def parameter_fields(model: str, given: Mapping[str, Any], *, tools: bool) -> dict[str, Any]:
    """The body's fields for the parameters ``given``; see ``WireProtocol.parameter_fields``.

    Raises:
        UsageError: the API, or ``model``, cannot do one of them.
    """
    body = body_fields(given, "anthropic", _WHERE)
    known = claude(model)
    if (reasoning := given.get("reasoning")) is not None:
        body |= _thinking(model, known, reasoning)
    if known is not OTHER:  # the rules are Anthropic's
        _check_budget(model, known, body)
        _check_sampling(model, known, given, body)
    if metadata := _metadata(given):
        body["metadata"] = metadata
    if cache := given.get("cache"):
        body["cache_control"] = _cache_control(cache)
    parallel = given.get("parallel_tool_calls")
    if parallel is not None and tools:
        body["tool_choice"] = {"disable_parallel_tool_use": not parallel}
    return body


def _thinking(model: str, known: Claude, reasoning: str | int | dict[str, Any]) -> dict[str, Any]:
    """The fields for ``reasoning=``.

    https://platform.claude.com/docs/en/build-with-claude/thinking#configuring-thinking.
    """
    if isinstance(reasoning, dict):
        return {"thinking": reasoning}
    if isinstance(reasoning, int):
        if not known.budget:
            raise UsageError(
                f"{model} does not take reasoning= as a number of tokens.",
                remedy='Write reasoning="medium".' if known.adaptive else "Leave it out.",
            )
        return {"thinking": {"type": "enabled", "budget_tokens": reasoning}}
    if reasoning == "none":
        return _no_thinking(model, known)
    words = (*known.efforts, *(("adaptive",) if known.adaptive else ()))
    if reasoning not in words:
        tokens = "Give a number of tokens, as reasoning=4096." if known.budget else "Leave it out."
        raise UsageError(
            f"{model} does not take reasoning={reasoning!r}.",
            remedy=f"It takes {', '.join(words)}." if words else tokens,
        )
    fields: dict[str, Any] = {}
    if known.adaptive:
        # Newer models leave their thinking out of the answer unless asked for its summary.
        shown = {} if known.sampling else {"display": "summarized"}
        fields["thinking"] = {"type": "adaptive", **shown}
    if reasoning != "adaptive":
        fields["output_config"] = {"effort": reasoning}
    return fields


def _no_thinking(model: str, known: Claude) -> dict[str, Any]:
    if not known.budget and not known.adaptive:
        return {}  # the model does not think
    if known.off is None:
        raise UsageError(
            f"{model} always thinks; reasoning cannot be turned off.",
            remedy='Write reasoning="low" for little of it.',
        )
    return {"thinking": {"type": known.off}}


def _check_budget(model: str, known: Claude, body: Mapping[str, Any]) -> None:
    """Check that ``budget_tokens`` is ">=1024 and less than `max_tokens`", as the API requires."""
    budget = body.get("thinking", {}).get("budget_tokens")
    if budget is None:
        return
    if budget < _SMALLEST_BUDGET:
        raise UsageError(
            f"{_WHERE} takes reasoning= from {_SMALLEST_BUDGET:,} tokens on, not {budget:,}.",
            remedy=f"Write reasoning={_SMALLEST_BUDGET}, or reasoning=0 to turn it off.",
        )
    limit = body.get("max_tokens", known.max_output)
    if budget >= limit:
        of = "max_tokens=" if "max_tokens" in body else f"the most that {model} can give,"
        raise UsageError(
            f"reasoning={budget} leaves no tokens for the answer: {of} {limit}, counts both.",
            remedy=f"Give max_tokens= above {budget}."
            if budget < known.max_output
            else f"Write reasoning= with less than {known.max_output} tokens.",
        )


def _check_sampling(
    model: str, known: Claude, given: Mapping[str, Any], body: Mapping[str, Any]
) -> None:
    """Refuse sampling parameters and forced tools that the API answers with HTTP 400.

    https://platform.claude.com/docs/en/build-with-claude/thinking ("Sampling parameters"):
    models since Opus 4.7 take none but ``temperature`` of 1; others, while they think, take
    ``top_p`` from 0.95 too. .../extended-thinking: with a budget no tool can be forced.
    """
    thinking = body.get("thinking", {}).get("type", "disabled")
    thinks = thinking in ("enabled", "adaptive")
    if not known.sampling or thinks:
        where = f"{model}, while it thinks," if known.sampling else model
        if given.get("temperature", 1) != 1:
            raise _limited("temperature", f"{where} takes temperature=1 only")
        if "top_k" in given:
            raise _limited("top_k", f"{where} has no top_k=")
        if "top_p" in given and not known.sampling:
            raise _limited("top_p", f"{where} has no top_p=")
        if given.get("top_p", 1) < _LEAST_TOP_P:
            raise _limited("top_p", f"{where} takes top_p= from {_LEAST_TOP_P}")
    choice = given.get("tool_choice") or "auto"
    if thinking == "enabled" and isinstance(choice, str) and choice not in ("auto", "none"):
        raise _limited(
            "tool_choice", f"With reasoning= in tokens {model} cannot be made to use a tool"
        )


def _limited(name: str, text: str) -> UsageError:
    return UsageError(f"{text}.", remedy=f"Leave {name}= out.")


def _metadata(given: Mapping[str, Any]) -> dict[str, str]:
    metadata = dict(given.get("metadata") or {})
    if others := [name for name in metadata if name != "user_id"]:
        raise UsageError(
            f"{_WHERE} takes metadata= with user_id only, not {shown(others[0])}.",
            remedy="Leave the rest out.",
        )
    if "user" in given:
        if "user_id" in metadata:
            raise UsageError("user= and metadata= both name the user.", remedy="Leave one out.")
        metadata["user_id"] = given["user"]
    return metadata


def _cache_control(cache: bool | str) -> dict[str, str]:
    """The field for ``cache=``.

    https://platform.claude.com/docs/en/build-with-claude/prompt-caching (automatic caching).
    """
    if cache is True:
        return {"type": "ephemeral"}
    if cache not in ("5m", "1h"):
        raise UsageError(
            f"{_WHERE} takes cache=True, '5m' or '1h', not {shown(cache)}.",
            remedy="Write cache=True: the prompt is its own key.",
        )
    return {"type": "ephemeral", "ttl": str(cache)}
