"""Converts parameters such as ``temperature`` to fields of a Chat Completions request.

Source: https://platform.openai.com/docs/api-reference/chat/create and the documents of the
servers named in ``quirks``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.errors import UsageError
from nbstream.protocols.parameters import PROTOCOL_TITLES, body_fields, effort

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from nbstream.protocols.openai_chat.quirks import Effort, Quirks

    Reasoning = str | int | dict[str, Any]

_EPHEMERAL = {"type": "ephemeral"}


def parameter_fields(
    model: str, given: Mapping[str, Any], quirks: Quirks, provider: str | None, *, tools: bool
) -> dict[str, Any]:
    """The body's fields for the parameters ``given``; see ``WireProtocol.parameter_fields``.

    Raises:
        UsageError: the server cannot do one of them.
    """
    where = PROTOCOL_TITLES["openai_chat"] + (f" of {provider}" if provider else "")
    body = body_fields(given, "openai_chat", where, quirks.lacks)
    if "max_tokens" in given:
        body[quirks.limit] = given["max_tokens"]
    if "seed" in given:
        body[quirks.seed] = given["seed"]
    if "reasoning" in given:
        body |= _EFFORTS[quirks.effort](given["reasoning"], where)
    if cache := given.get("cache"):
        body |= _cache(cache, model, quirks, where)
    # OpenAI: "'parallel_tool_calls' is only allowed when 'tools' are specified".
    if "parallel_tool_calls" in given and tools:
        body["parallel_tool_calls"] = given["parallel_tool_calls"]
    return body


def _effort(reasoning: Reasoning, where: str) -> dict[str, Any]:
    return {"reasoning_effort": effort(reasoning, where)}


def _object(reasoning: Reasoning, where: str) -> dict[str, Any]:
    value = effort(reasoning, where, tokens=True)
    return {"reasoning": {"max_tokens" if isinstance(value, int) else "effort": value}}


def _switch(reasoning: Reasoning, where: str) -> dict[str, Any]:
    if (word := effort(reasoning, where)) == "none":
        return {"thinking": {"type": "disabled"}}
    return {"thinking": {"type": "enabled"}, "reasoning_effort": word}


_EFFORTS: dict[Effort, Callable[[Reasoning, str], dict[str, Any]]] = {
    "reasoning_effort": _effort,
    "reasoning": _object,
    "thinking": _switch,
}


def _cache(cache: bool | str, model: str, quirks: Quirks, where: str) -> dict[str, Any]:
    """Servers cache prompts by themselves; only gateways to Claude must be asked."""
    if cache is True:
        if quirks.cache == "cache_control" and "claude" in model.lower():
            return {"cache_control": dict(_EPHEMERAL)}
        if quirks.cache == "gateway":
            return {"providerOptions": {"gateway": {"caching": "auto"}}}
        return {}
    if quirks.cache != "key":
        raise UsageError(
            f"{where} has no key for its cache.",
            remedy="Write cache=True, or leave it out: prompts are cached where the server can.",
        )
    return {"prompt_cache_key": cache}
