"""The common parameters as fields of a Chat Completions request.

Source: https://platform.openai.com/docs/api-reference/chat/create and the documents of the
servers named in ``quirks``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.errors import UsageError
from nbstream.protocols.parameters import PROTOCOL_TITLES, body_fields

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from nbstream.protocols.openai_chat.quirks import Effort, Quirks

_EPHEMERAL = {"type": "ephemeral"}


def parameter_fields(
    model: str, given: Mapping[str, Any], quirks: Quirks, provider: str | None, *, tools: bool
) -> dict[str, Any]:
    """The fields of the body for ``given``; see ``WireProtocol.parameter_fields``.

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
        body |= _EFFORTS[quirks.effort](_plain(given["reasoning"], where), where)
    if cache := given.get("cache"):
        body |= _cache(cache, model, quirks, where)
    # OpenAI: "'parallel_tool_calls' is only allowed when 'tools' are specified".
    if "parallel_tool_calls" in given and tools:
        body["parallel_tool_calls"] = given["parallel_tool_calls"]
    return body


def _plain(reasoning: str | int | dict[str, Any], where: str) -> str | int:
    if isinstance(reasoning, dict):
        raise UsageError(
            f"{where} takes reasoning= as an effort, not with Anthropic's own fields.",
            remedy='Write reasoning="low", or a number of tokens where a server has that.',
        )
    if reasoning == "adaptive":
        raise UsageError(
            f"{where} does not take reasoning='adaptive'.",
            remedy="Leave it out: the model decides by itself.",
        )
    return reasoning


def _word(reasoning: str | int, where: str) -> str:
    if isinstance(reasoning, int):
        raise UsageError(
            f"{where} takes reasoning= as an effort, not as a number of tokens.",
            remedy='Write reasoning="low", "medium" or "high".',
        )
    return reasoning


def _effort(reasoning: str | int, where: str) -> dict[str, Any]:
    return {"reasoning_effort": _word(reasoning, where)}


def _object(reasoning: str | int, where: str) -> dict[str, Any]:
    del where
    return {
        "reasoning": {"max_tokens" if isinstance(reasoning, int) else "effort": reasoning},
    }


def _switch(reasoning: str | int, where: str) -> dict[str, Any]:
    if (word := _word(reasoning, where)) == "none":
        return {"thinking": {"type": "disabled"}}
    return {"thinking": {"type": "enabled"}, "reasoning_effort": word}


_EFFORTS: dict[Effort, Callable[[str | int, str], dict[str, Any]]] = {
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
