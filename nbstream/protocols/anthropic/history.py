"""Converts a conversation to the alternating turns that the Messages API accepts.

The shared repair of calls is in ``nbstream.protocols.history``; here is what only this API
demands. ``content`` converts each part.

Sources: https://platform.claude.com/docs/en/api/messages/create, "messages";
https://platform.claude.com/docs/en/agents-and-tools/tool-use/handle-tool-calls;
https://platform.claude.com/docs/en/build-with-claude/extended-thinking
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nbstream.core.parts import BuiltinToolCallPart, BuiltinToolResultPart, ToolCallPart
from nbstream.protocols.anthropic.content import part_blocks, whole_block
from nbstream.protocols.anthropic.message import KEY
from nbstream.protocols.call_rules import CallRules
from nbstream.protocols.history import EARLIER, repaired
from nbstream.protocols.json_fields import Json, dict_of, text_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from nbstream.core.message import Message, Part

_RULES = CallRules(re.compile(r"[a-zA-Z0-9_-]+"), prefix="toolu_", longest=128)

_THINKING = ("thinking", "redacted_thinking")

_NO_CONTINUATION = ("cancelled", "error", "length")
"""How a message ends after which the API does not run the tools that it began."""


def turns(
    messages: Sequence[Message], *, declared: Collection[str] = (), thinks: bool = False
) -> list[Json]:
    """The turns. ``declared``: names of the request's tools. ``thinks``: thinking is asked for.

    Neighbours of one role are one turn, and the results of all calls of one turn come first in
    the next. No turn of the model ends with thinking, which the API refuses.
    """
    messages = repaired(messages, _RULES, declared=declared, can_cancel=_is_direct)
    rows = _joined(_blocks(messages))
    while any(_strip_thinking(row, drop_all=row is rows[-1] and not thinks) for row in rows):
        rows = _joined((row["role"], block) for row in rows for block in row["content"])
    for row in rows:
        if row["role"] == "user":
            row["content"].sort(key=lambda block: block["type"] != "tool_result")
    if not rows or rows[0]["role"] == "assistant":
        rows.insert(0, {"role": "user", "content": [{"type": "text", "text": EARLIER}]})
    _strip_end(rows)
    return rows


def must_not_think(rows: Sequence[Json]) -> bool:
    """Whether the API refuses a thinking budget: the open tool loop began without thinking.

    "When thinking is enabled, a final assistant message must start with a thinking block":
    another model made the calls, or this one while its thinking was off.
    """
    if len(rows) < 2 or not any(block["type"] == "tool_result" for block in rows[-1]["content"]):
        return False
    return rows[-2]["content"][0]["type"] not in _THINKING


def is_called_by_code(call: ToolCallPart) -> bool:
    """Whether a program that the API runs made the call."""
    caller = dict_of(dict_of(call.provider_metadata.get(KEY)).get("caller"))
    return bool(caller) and caller.get("type") != "direct"


def _is_direct(call: ToolCallPart) -> bool:
    # The program would go on with the result, but after "go on" there is no program to wait.
    return not is_called_by_code(call)


def _joined(blocks: Iterator[tuple[str, Json]]) -> list[Json]:
    rows: list[Json] = []
    for role, block in blocks:
        if not rows or rows[-1]["role"] != role:
            rows.append({"role": role, "content": []})
        rows[-1]["content"].append(block)
    return rows


def _strip_thinking(row: Json, *, drop_all: bool) -> bool:
    """Remove thinking at the end of a turn; True if the turn is empty now.

    ``drop_all``: all of it if the turn ends with text, which the model is to continue: "when
    thinking is disabled, an assistant message in the final position cannot contain thinking".
    """
    content = row["content"]
    if row["role"] == "assistant":
        while content and content[-1]["type"] in _THINKING:
            content.pop()
        if drop_all and content and content[-1]["type"] == "text":
            content[:] = [block for block in content if block["type"] not in _THINKING]
    return not content


def _strip_end(rows: list[Json]) -> None:
    """Remove whitespace at the end: the API refuses a last assistant turn that ends with it."""
    last = rows[-1]["content"][-1] if rows[-1]["role"] == "assistant" else {}
    if last.get("type") == "text":
        last["text"] = last["text"].rstrip()


def _blocks(messages: Sequence[Message]) -> Iterator[tuple[str, Json]]:
    """The content blocks of all messages in order, each with its role."""
    whole = _whole_calls(messages)
    for message in messages:
        for part in message.parts:
            if not isinstance(part, (BuiltinToolCallPart, BuiltinToolResultPart)):
                yield from part_blocks(part, message)
            elif id(part) in whole:
                yield from part_blocks(part, message)
                whole.remove(id(part))  # the same message again would repeat its ids


def _whole_calls(messages: Sequence[Message]) -> set[int]:
    """The ``id()`` of each call of a tool that the API runs, if it has a result, and of these.

    A result may be in a later message. A call without one is sent only if the API goes on with
    it: in the last answer, when nothing but results of tools follows.
    """
    waiting: dict[str, Part] = {}
    whole: set[int] = set()
    ended: set[str] = set()
    last = max((at for at, row in enumerate(messages) if row.role == "assistant"), default=0)
    for at, message in enumerate(messages):
        continues = message.finish_reason not in _NO_CONTINUATION and at == last
        continues = continues and all(row.role == "tool" for row in messages[at + 1 :])
        for part in message.parts:
            if isinstance(part, BuiltinToolCallPart) and whole_block(part):
                whole.add(id(part))  # no call, but a block such as a compaction
            elif isinstance(part, BuiltinToolCallPart) and part.tool_call_id not in ended:
                waiting[part.tool_call_id] = part
                whole |= {id(part)} if continues else set()
            elif isinstance(part, BuiltinToolResultPart) and part.tool_call_id in waiting:
                whole |= {id(waiting.pop(part.tool_call_id)), id(part)}
                ended.add(part.tool_call_id)
    return whole


def container(messages: Sequence[Message]) -> str | None:
    """The container whose code waits for a tool's result. Only that container can continue.

    https://platform.claude.com/docs/en/agents-and-tools/tool-use/programmatic-tool-calling
    """
    answers = [message for message in messages if message.role == "assistant"]
    if not answers or not any(is_called_by_code(call) for call in answers[-1].tool_calls):
        return None
    ours = dict_of(answers[-1].provider_metadata.get(KEY))
    return text_of(dict_of(ours.get("container")).get("id")) or None
