"""Writes a conversation as the JSON body of a request to Anthropic's Messages API.

``history`` converts the conversation, ``parameters`` the parameters.

Source: https://platform.claude.com/docs/en/api/messages/create.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core.parts import TextPart
from nbstream.protocols.anthropic.content import text_block
from nbstream.protocols.anthropic.history import container, must_not_think, turns
from nbstream.protocols.anthropic.models import claude
from nbstream.protocols.json_fields import dict_of, dicts_of, text_of
from nbstream.protocols.json_merge import merge

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nbstream.core.message import Message
    from nbstream.protocols.json_fields import Json

_ANSWER = 4_096
"""Tokens left for the answer when a thinking budget is above the model's known limit."""


def request_body(model: str, messages: Sequence[Message], params: dict[str, Any]) -> dict[str, Any]:
    """The JSON body. ``params`` are merged in last and override other fields."""
    body: dict[str, Any] = {"model": model, "max_tokens": _max_tokens(model, params)}
    # The API has one field for instructions, outside the conversation.
    system = [block for message in messages for block in _system(message)]
    if system:
        body["system"] = system
    thinking = dict_of(params.get("thinking")).get("type")
    declared = {text_of(tool.get("name")) for tool in dicts_of(params.get("tools"))}
    thinks = thinking in ("enabled", "adaptive")
    body["messages"] = turns(messages, declared=declared, thinks=thinks)
    if thinking == "enabled" and must_not_think(body["messages"]):
        params = {name: value for name, value in params.items() if name != "thinking"}
    if container_id := container(messages):
        body["container"] = container_id
    return merge({**body, "stream": True}, params)


def _max_tokens(model: str, params: dict[str, Any]) -> int:
    """The model's longest answer: the API requires ``max_tokens`` and has no default."""
    limit = claude(model).max_output
    thinking = params.get("thinking")
    budget = thinking.get("budget_tokens") if isinstance(thinking, dict) else None
    return max(limit, budget + _ANSWER) if isinstance(budget, int) else limit


def _system(message: Message) -> Iterator[Json]:
    """The text blocks of a system message; nothing for other messages."""
    if message.role == "system":
        for part in message.parts:
            if isinstance(part, TextPart) and (block := text_block(part)):
                yield block
