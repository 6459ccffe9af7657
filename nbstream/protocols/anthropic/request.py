"""Writes a conversation as the JSON body of a request to Anthropic's Messages API.

``content`` converts each part of a message, ``parameters`` the parameters.

Source: https://platform.claude.com/docs/en/api/messages/create.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core.parts import (
    BuiltinToolCallPart,
    BuiltinToolResultPart,
    TextPart,
    ToolCallPart,
    ToolResultPart,
)
from nbstream.protocols.anthropic.content import part_blocks, text_block, whole_block
from nbstream.protocols.anthropic.message import KEY
from nbstream.protocols.anthropic.models import claude
from nbstream.protocols.json_merge import merge

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nbstream.core.message import Message, Part
    from nbstream.protocols.json_fields import Json

_ANSWER = 4_096
"""Tokens left for the answer when a thinking budget is above the model's known limit."""

_INCOMPLETE = ("cancelled", "error")


def request_body(model: str, messages: Sequence[Message], params: dict[str, Any]) -> dict[str, Any]:
    """The JSON body. ``params`` are merged in last and override other fields."""
    body: dict[str, Any] = {"model": model, "max_tokens": _max_tokens(model, params)}
    # The API has one field for instructions, outside the conversation.
    system = [block for message in messages for block in _system(message)]
    if system:
        body["system"] = system
    body["messages"] = _turns(messages)
    if container := _container(messages):
        body["container"] = container
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


def _turns(messages: Sequence[Message]) -> list[Json]:
    """Alternating turns: neighbours of one role are merged, and tool results come first.

    https://platform.claude.com/docs/en/agents-and-tools/tool-use/handle-tool-calls:
    the results of all calls of one turn belong at the start of the next.
    """
    turns: list[Json] = []
    for role, block in _blocks(messages):
        if not turns or turns[-1]["role"] != role:
            turns.append({"role": role, "content": []})
        turns[-1]["content"].append(block)
    for turn in turns:
        if turn["role"] == "user":
            turn["content"].sort(key=lambda block: block["type"] != "tool_result")
    _strip_end(turns)
    return turns


def _strip_end(turns: list[Json]) -> None:
    """Remove whitespace at the end: the API refuses a last assistant turn that ends with it."""
    last = turns[-1]["content"][-1] if turns and turns[-1]["role"] == "assistant" else {}
    if last.get("type") == "text":
        last["text"] = last["text"].rstrip()


def _blocks(messages: Sequence[Message]) -> Iterator[tuple[str, Json]]:
    """The content blocks of all messages in order, each with its role."""
    answered = {
        part.tool_call_id
        for message in messages
        for part in message.parts
        if isinstance(part, (ToolResultPart, BuiltinToolResultPart))
    }
    for message in messages:
        for part in message.parts:
            if not _is_incomplete_call(message, part, answered):
                yield from part_blocks(part, message)


def _is_incomplete_call(message: Message, part: Part, answered: Iterable[str]) -> bool:
    """Whether a call is incomplete and has no result. The API refuses calls without a result."""
    if not isinstance(part, (ToolCallPart, BuiltinToolCallPart)) or whole_block(part):
        return False
    return message.finish_reason in _INCOMPLETE and part.tool_call_id not in answered


def _container(messages: Sequence[Message]) -> str | None:
    """The container whose code waits for a tool's result. Only that container can continue.

    https://platform.claude.com/docs/en/agents-and-tools/tool-use/programmatic-tool-calling
    """
    answers = [message for message in messages if message.role == "assistant"]
    last = answers[-1] if answers else None
    ours = last.provider_metadata.get(KEY) if last else None
    if last is None or not isinstance(ours, dict) or not isinstance(ours.get("container"), dict):
        return None
    waits = any(_called_by_code(call) for call in last.tool_calls)
    container_id = ours["container"].get("id")
    return container_id if waits and isinstance(container_id, str) else None


def _called_by_code(call: ToolCallPart) -> bool:
    ours = call.provider_metadata.get(KEY)
    caller = ours.get("caller") if isinstance(ours, dict) else None
    return isinstance(caller, dict) and caller.get("type") != "direct"
