"""Converts parameters such as ``temperature`` to fields of Gemini's generateContent request.

What the API or the model does not take is refused.

Source: https://ai.google.dev/api/generate-content and
https://ai.google.dev/gemini-api/docs/thinking.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from nbstream.errors import UsageError
from nbstream.protocols.json_merge import put
from nbstream.protocols.parameters import PROTOCOL_TITLES, body_fields

if TYPE_CHECKING:
    from collections.abc import Mapping

_WHERE = PROTOCOL_TITLES["gemini"]
_CONFIG = "generationConfig.thinkingConfig"

# Gemini 3 and later have levels, Gemini 2.5 has budgets.
_BUDGETS_ONLY = re.compile(r"gemini-(1|2)\b")
_ALWAYS_THINKS = re.compile(r"gemini-2\.5-pro")
_LEVELS = ("minimal", "low", "medium", "high", "xhigh")
_MOST_STOPS = 5

# How Google itself reads an effort for Gemini 2.5:
# https://ai.google.dev/gemini-api/docs/openai#thinking
_BUDGETS = {"none": 0, "minimal": 1_024, "low": 1_024, "medium": 8_192, "high": 24_576}
_DYNAMIC = -1


def parameter_fields(model: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The body's fields for the parameters ``given``; see ``WireProtocol.parameter_fields``.

    Raises:
        UsageError: the API, or ``model``, cannot do one of them.
    """
    body = body_fields(given, "gemini", _WHERE)
    if len(given.get("stop", ())) > _MOST_STOPS:
        raise UsageError(
            f"{_WHERE} takes up to {_MOST_STOPS} strings in stop=, not {len(given['stop'])}.",
            remedy="Leave the rest out.",
        )
    if "reasoning" in given:
        put(body, _CONFIG, _thinking(model, given["reasoning"]))
    # True needs nothing: Gemini 2.5 and later cache prompts without being asked for.
    if isinstance(cache := given.get("cache"), str):
        body["cachedContent"] = cache
    if given.get("parallel_tool_calls") is False:
        raise UsageError(
            f"{_WHERE} has no parallel_tool_calls=False.",
            remedy="Leave it out, and ask for one call at a time in the prompt.",
        )
    return body


def _thinking(model: str, reasoning: str | int | dict[str, Any]) -> dict[str, Any]:
    if isinstance(reasoning, dict):
        raise UsageError(
            f"{_WHERE} takes reasoning= as an effort or a number of tokens,"
            " not with Anthropic's own fields.",
            remedy='Write reasoning="low" or reasoning=4096.',
        )
    shown = {"includeThoughts": True}
    if isinstance(reasoning, int):
        return {**shown, "thinkingBudget": reasoning}
    budgets = _BUDGETS_ONLY.search(model.lower()) is not None
    if reasoning == "adaptive":
        return {**shown, "thinkingBudget": _DYNAMIC} if budgets else shown
    if reasoning == "none" and (not budgets or _ALWAYS_THINKS.search(model.lower())):
        raise UsageError(
            f"{model} always thinks; reasoning cannot be turned off.",
            remedy='Write reasoning="low" for little of it.',
        )
    words: tuple[str, ...] = tuple(_BUDGETS) if budgets else _LEVELS
    if reasoning not in words:
        raise UsageError(
            f"{model} does not take reasoning={reasoning!r}.",
            remedy=f"It takes {', '.join(words)}, or a number of tokens.",
        )
    if not budgets:
        return {**shown, "thinkingLevel": reasoning.upper()}
    budget = _BUDGETS[reasoning]
    return {**shown, "thinkingBudget": budget} if budget else {"thinkingBudget": 0}
