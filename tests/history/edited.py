"""Histories as users write and edit them: any order, any ids, parts of any provider."""

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from nbstream.core import parts as p
from nbstream.core.message import FinishReason, Message, Role

_IDS = (
    *("", "a", "call_0", "call__0", "functions.f:0", "x" * 41, "y" * 65, "z" * 500, "é ☃"),
    *("toolu_1", "abcDEF123", "srvtoolu_1", "line\nbreak", "a b"),
)
_NAMES = ("", "f", "default_api.f", "f:g", "1st", "été", "n" * 65, "n" * 200, "a b", "ns/f")
_ARGS = (
    *("", " ", "{}", "null", "[]", "[1]", '"text"', "3", '{"x": 1}', '{"x": NaN}', "NaN"),
    *('{"x', '"unfinished', "{} {}", "{" * 20_000, '{"INVALID_JSON": "x"}', '{"x": 1e999}'),
)
_TEXTS = ("", " ", "\n", "a", "a \n", "<think>", "é")
_ENDS: tuple[FinishReason | None, ...] = (
    *(None, "stop", "length", "tool_call", "content_filter", "error", "cancelled", "other"),
)
_ROLES: tuple[Role, ...] = ("system", "user", "assistant", "tool")
_KEYS = ("anthropic", "openai_chat", "openai_responses", "gemini")
_METADATA: tuple[dict[str, Any], ...] = (
    {},
    {"type": "server_tool_use"},
    {"type": "web_search_tool_result"},
    {"type": "custom"},
    {"caller": {"type": "code_execution_20250825", "tool_id": "srvtoolu_1"}},
    {"id": "rs_1", "block": "summary"},
    {"id": "msg_1"},
    {"id": "fc_1", "type": "function_call"},
    {"id": "i" * 70, "type": "function_call"},
    {"id": "ct_1", "type": "custom_tool_call"},
    {"item": {"type": "computer_call", "id": "cu_1", "call_id": "a"}},
    {"item": {"type": "mcp_approval_request", "id": "a"}},
    {"item": {"type": "web_search_call", "id": "ws_1"}},
    {"part": {"executableCode": {"code": "1"}}},
    {"part": {"codeExecutionResult": {"output": "1"}}},
    {"signed": [[0, 1, {"thoughtSignature": "s"}]]},
    {"field": "reasoning_content"},
    {"thoughtSignature": "s"},
)


def edited(seed: int) -> list[Message]:
    """A made-up history."""
    chance = random.Random(seed)
    history = [_message(chance) for _ in range(chance.randint(1, 9))]
    return _shuffled(history, chance)


def mixed(answers: Sequence[Message], seed: int) -> list[Message]:
    """A history of recorded answers of several providers, edited at random."""
    chance = random.Random(seed)
    history: list[Message] = []
    for number in range(chance.randint(1, 4)):
        answer = chance.choice(answers)
        history += [Message("user", (p.TextPart(f"question {number}"),)), answer]
        for call in answer.tool_calls:
            if chance.random() < 0.7:
                part = p.ToolResultPart(call.tool_call_id, "done", call.tool_name)
                history.append(Message("tool", (part,)))
    history.append(Message("user", (p.TextPart("go on"),)))
    if chance.random() < 0.5:
        return history
    return _shuffled(history, chance)


def _shuffled(history: list[Message], chance: random.Random) -> list[Message]:
    """The history after some of what a user may do by hand."""
    for _ in range(chance.randint(0, 3)):
        at = chance.randrange(len(history))
        match chance.randrange(6):
            case 0 if len(history) > 1:
                del history[at]
            case 1:
                history.insert(chance.randrange(len(history) + 1), history[at])
            case 2:
                chance.shuffle(history)
            case 3:
                history[at] = replace(history[at], role=chance.choice(_ROLES))
            case 4:
                parts = list(history[at].parts)
                chance.shuffle(parts)
                history[at] = replace(history[at], parts=tuple(parts[: chance.randint(0, 9)]))
            case 5:
                history[at] = replace(history[at], finish_reason=chance.choice(_ENDS))
    return history


def _message(chance: random.Random) -> Message:
    parts = tuple(_part(chance) for _ in range(chance.randint(0, 5)))
    end = chance.choice(_ENDS)
    provider = chance.choice([None, "anthropic", "openai", "google", "mistral"])
    return Message(chance.choice(_ROLES), parts, None, end, provider=provider)


def _part(chance: random.Random) -> p.Part:
    call_id, name = chance.choice(_IDS), chance.choice(_NAMES)
    text, args, more = chance.choice(_TEXTS), chance.choice(_ARGS), _metadata(chance)
    if any("item" in own for own in more.values()):
        call_id = "a"  # the id in the item
    match chance.randrange(9):
        case 0 | 1:
            return p.TextPart(text, provider_metadata=more)
        case 2:
            signature = chance.choice([None, "sig"])
            redacted = chance.choice([None, "data"])
            return p.ThinkingPart(text, signature, redacted, more)
        case 3:
            return p.RefusalPart(text, more)
        case 4:
            return p.ToolCallPart(call_id, name, args, more)
        case 5:
            results = [text, None, {"x": 1}, [p.TextPart("t"), p.FilePart("image/png", b"a")]]
            failed = chance.random() < 0.3
            return p.ToolResultPart(call_id, chance.choice(results), name, failed)
        case 6:
            return p.BuiltinToolCallPart(call_id, name or "web_search", args, more)
        case 7:
            return p.BuiltinToolResultPart(call_id, name, [], provider_metadata=more)
        case _:
            return p.FilePart("image/png", b"a")


def _metadata(chance: random.Random) -> dict[str, Any]:
    own = chance.choice(_METADATA)
    return {chance.choice(_KEYS): own} if own else {}
