"""What ``messages=`` takes, as a list of messages: prompts, messages, and dicts.

A dict is a message as Anthropic or OpenAI writes it, an item of OpenAI's Responses,
or what ``message_to_dict`` made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, get_args

from nbstream.core.codec import message_from_dict
from nbstream.core.message import (
    Message,
    Part,
    RefusalPart,
    Role,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    ToolResultPart,
    user_message,
)
from nbstream.errors import UsageError
from nbstream.request.block_fields import shown
from nbstream.request.content_blocks import parts_of, tool_call, tool_result

One = str | Message | Mapping[str, Any]
Messages = One | Sequence[One]

_ROLES = get_args(Role)
_PARTS = get_args(Part)
_SAME_ROLE = {"developer": "system", "model": "assistant"}
_BESIDE_CONTENT = {"tool_calls", "refusal", "reasoning_content"}
_REMEDY = "Give the prompt as a text, or a list of texts and messages."


def conversation_of(
    messages: Messages, system: str | Sequence[Mapping[str, Any]] | None
) -> list[Message]:
    """What was given as messages, with the system's in front.

    Raises:
        UsageError: there is nothing to send, or something is no message.
    """
    rows = [messages] if isinstance(messages, (str, Message, Mapping)) else _rows(messages)
    try:
        conversation = [
            one for at, row in enumerate(rows) for one in _messages(row, f"messages[{at}]")
        ]
    except RecursionError:
        raise UsageError("A message contains itself.", remedy=_REMEDY) from None
    if system is not None and not isinstance(system, (str, list, tuple)):
        raise UsageError(
            f"system= takes a text, not {_kind(system)}.",
            remedy="A message of the system's stands first among the messages.",
        )
    if not any(message.parts and _says_something(message) for message in conversation):
        raise UsageError("There is nothing to send: the prompt is empty.")
    if not system:
        return conversation
    return [Message("system", parts_of(system, "system=")), *conversation]


def _rows(given: Any) -> list[Any]:
    # A set has no order; bytes are numbers when they are read one by one.
    if isinstance(given, _PARTS):
        raise _no_message(given)
    if not isinstance(given, Iterable) or isinstance(given, (bytes, bytearray, set, frozenset)):
        raise UsageError(f"There is no message in {_kind(given)}.", remedy=_REMEDY)
    return list(given)


def _messages(row: Any, place: str) -> list[Message]:
    if isinstance(row, str):
        return [user_message(row)]
    if isinstance(row, Message):
        _check(row)
        return [row]
    if not isinstance(row, Mapping):
        raise _no_message(row)
    if "role" not in row and isinstance(row.get("type"), str):
        return [_item(row, place)]
    role: Any = row.get("role")
    role = _SAME_ROLE.get(role, role) if isinstance(role, str) else None
    if role not in _ROLES:
        known = ", ".join((*_ROLES, *_SAME_ROLE))
        raise UsageError(
            f"{place} has no role that nbstream knows: {shown(row)}.",
            remedy=f'Write {{"role": "user", "content": "..."}}. Known roles: {known}.',
        )
    if "content" not in row and "parts" in row:
        return [_saved(row, place)]
    return _of_blocks(role, row, place)


def _of_blocks(role: Role, row: Mapping[str, Any], place: str) -> list[Message]:
    content, where = row.get("content"), f"{place}['content']"
    if role == "tool" and "tool_call_id" in row:
        name = str(row.get("name") or "")
        return [
            Message("tool", (tool_result(row["tool_call_id"], content, where, tool_name=name),))
        ]
    if content is None and not (role == "assistant" and row.keys() & _BESIDE_CONTENT):
        raise UsageError(
            f'{place} has nothing under "content": {shown(row)}.',
            remedy='Write {"role": "user", "content": "..."}, or a list of blocks.',
        )
    parts = [*parts_of(content, where)]
    if isinstance(refusal := row.get("refusal"), str):
        parts.append(RefusalPart(refusal))
    if isinstance(thinking := row.get("reasoning_content"), str):
        parts.insert(0, ThinkingPart(thinking))
    parts += _calls(row.get("tool_calls"), f"{place}['tool_calls']")
    # Anthropic's results are a user's; every format has them as messages of their own.
    results = tuple(part for part in parts if isinstance(part, ToolResultPart))
    rest = tuple(part for part in parts if not isinstance(part, ToolResultPart))
    if role == "user" and results:
        return [Message("tool", results), *([Message("user", rest)] if rest else [])]
    return [Message(role, tuple(parts))]


def _calls(rows: Any, place: str) -> list[ToolCallPart]:
    """OpenAI's ``tool_calls``."""
    calls = []
    for at, row in enumerate(rows or ()):
        if isinstance(row, ToolCallPart):
            calls.append(row)
            continue
        inner = row.get("function") or row.get("custom") if isinstance(row, Mapping) else None
        if not isinstance(inner, Mapping):
            raise UsageError(
                f"{place}[{at}] is not a tool's call: {shown(row)}.",
                remedy='Write {"id": ..., "type": "function", '
                '"function": {"name": ..., "arguments": "{...}"}}.',
            )
        args = inner.get("arguments", inner.get("input"))
        calls.append(tool_call(row.get("id"), inner.get("name"), args, f"{place}[{at}]"))
    return calls


def _item(row: Mapping[str, Any], place: str) -> Message:
    """An item of OpenAI's Responses that has no role."""
    call_id = row.get("call_id")
    if row["type"] == "function_call":
        call = tool_call(call_id, row.get("name"), row.get("arguments"), place)
        return Message("assistant", (call,))
    if row["type"] == "function_call_output":
        return Message("tool", (tool_result(call_id, row.get("output"), f"{place}['output']"),))
    raise UsageError(
        f"{place} is a dict without a role: {shown(row)}.",
        remedy='Write {"role": "user", "content": [...]} around blocks; '
        "give an answer as the message that get_final_message() returned.",
    )


def _saved(row: Mapping[str, Any], place: str) -> Message:
    try:
        return message_from_dict(dict(row))
    except (TypeError, ValueError, KeyError, AttributeError):
        raise UsageError(
            f"{place} is not what nbstream saved of a message: {shown(row)}.",
            remedy='Write {"role": ..., "content": ...}.',
        ) from None


def _check(message: Message) -> None:
    if message.role not in _ROLES:
        raise UsageError(
            f"A message has the role {message.role!r}.", remedy=f"Known: {', '.join(_ROLES)}."
        )
    for part in message.parts:
        text = getattr(part, "text", "")
        if not isinstance(part, _PARTS) or not isinstance(text, str):
            wrong = part if isinstance(text, str) else text
            raise UsageError(
                f"A message holds {_kind(wrong)}, which is neither a text nor a part.",
                remedy="Write str(...) around it, or make a file_part(...) of it.",
            )


def _no_message(given: Any) -> UsageError:
    remedy = "Write user_message(...) around it." if isinstance(given, _PARTS) else _REMEDY
    return UsageError(f"A message cannot be {_kind(given)}.", remedy=remedy)


def _kind(given: Any) -> str:
    if given is None or isinstance(given, (bool, int, float)):
        return repr(given)
    return f"an object of type {type(given).__name__}"


def _says_something(message: Message) -> bool:
    return any(not isinstance(part, TextPart) or part.text.strip() for part in message.parts)
