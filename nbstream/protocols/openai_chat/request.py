"""Writes the JSON body of a Chat Completions request: the conversation and the fixed fields.

Source: https://platform.openai.com/docs/api-reference/chat/create.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.protocols.base import Request
from nbstream.protocols.json_fields import Json, dict_of, dicts_of, text_of
from nbstream.protocols.json_merge import merge
from nbstream.protocols.openai_chat.history import rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.core.message import Message
    from nbstream.protocols.openai_chat.quirks import Quirks


def build_request(
    model: str,
    messages: Sequence[Message],
    params: dict[str, Any],
    quirks: Quirks,
    provider: str | None,
) -> Request:
    """The request; see ``OpenAIChat.request``."""
    found = rows(model, messages, quirks, provider, _tool_names(params))
    body: Json = {"model": model, "messages": found, "stream": True}
    if quirks.progress:
        body["return_progress"] = True
    if quirks.usage_option:
        body["stream_options"] = {"include_usage": True}
    return Request("/chat/completions", merge(body, params))


def _tool_names(params: dict[str, Any]) -> set[str]:
    """The names of the request's tools."""
    tools = dicts_of(params.get("tools"))
    inner = (dict_of(tool.get("function") or tool.get("custom")) for tool in tools)
    return {text_of(tool.get("name")) for tool in inner}
