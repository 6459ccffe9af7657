"""Converts parameters such as ``temperature`` to fields of a Responses API request.

Source: https://platform.openai.com/docs/api-reference/responses/create.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.protocols.parameters import PROTOCOL_TITLES, body_fields, effort

if TYPE_CHECKING:
    from collections.abc import Mapping

_WHERE = PROTOCOL_TITLES["openai_responses"]


def parameter_fields(given: Mapping[str, Any], *, tools: bool) -> dict[str, Any]:
    """The body's fields for the parameters ``given``; see ``WireProtocol.parameter_fields``.

    Raises:
        UsageError: the API cannot do one of them.
    """
    body = body_fields(given, "openai_responses", _WHERE)
    if "reasoning" in given:
        body["reasoning"] = {"effort": effort(given["reasoning"], _WHERE)}
    # True needs nothing: prompts are cached without being asked for.
    if isinstance(cache := given.get("cache"), str):
        body["prompt_cache_key"] = cache
    if "parallel_tool_calls" in given and tools:
        body["parallel_tool_calls"] = given["parallel_tool_calls"]
    return body
