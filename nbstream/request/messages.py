"""Converts what ``messages=`` takes (prompts, messages and dicts) to a list of messages.

A dict is a message as Anthropic or OpenAI writes it, an item of OpenAI's Responses API,
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
from nbstream.core.shown import shown
from nbstream.errors import UsageError
from nbstream.request.content_blocks import parts_of, tool_call, tool_result
from nbstream.request.json_values import json_value

Item = str | Message | Mapping[str, Any]
Messages = Item | Sequence[Item]

_ROLES = get_args(Role)
_PARTS = get_args(Part)
_ROLE_ALIASES = {"developer": "system", "model": "assistant"}
_OTHER_CONTENT = {"tool_calls", "refusal", "reasoning_content"}
_REMEDY = "Pass the prompt as a string, or a list of strings and messages."


def messages_from(
    messages: Messages, system: str | Sequence[Mapping[str, Any]] | None
) -> list[Message]:
    """The messages, with the system message first if ``system`` is given.

    Raises:
        UsageError: there is nothing to send, or a value is not a message.
    """
    rows = [messages] if isinstance(messages, (str, Message, Mapping)) else _rows(messages)
    try:
        conversation = [
            one for at, row in enumerate(rows) for one in _messages(row, f"messages[{at}]")
        ]
        head = parts_of(system, "system=") if isinstance(system, (str, list, tuple)) else ()
    except RecursionError:
        raise UsageError("A message contains itself.", remedy=_REMEDY) from None
    if system is not None and not isinstance(system, (str, list, tuple)):
        raise UsageError(
            f"system= takes a string, not {_described(system)}.",
            remedy="Pass a system Message as the first of messages= instead.",
        )
    if not any(message.parts and _has_content(message) for message in conversation):
        raise UsageError("The prompt is empty.", remedy="Pass at least one message with content.")
    return [Message("system", head), *conversation] if system else conversation


def _rows(given: Any) -> list[Any]:
    """The items of ``messages=`` as a list. The items are not checked yet."""
    # A set has no order. Iterating over bytes gives numbers.
    if isinstance(given, _PARTS):
        raise _no_message(given)
    if not isinstance(given, Iterable) or isinstance(given, (bytes, bytearray, set, frozenset)):
        raise UsageError(f"messages= cannot be {_described(given)}.", remedy=_REMEDY)
    return list(given)


def _messages(row: Any, place: str) -> list[Message]:
    """Convert one item of ``messages=`` to messages."""
    if isinstance(row, str):
        return [user_message(row)]
    if isinstance(row, Message):
        _check_message(row)
        return [row]
    if not isinstance(row, Mapping):
        raise _no_message(row)
    if "role" not in row and isinstance(row.get("type"), str):
        return [_from_item(row, place)]
    role: Any = row.get("role")
    role = _ROLE_ALIASES.get(role, role) if isinstance(role, str) else None
    if role not in _ROLES:
        known = ", ".join((*_ROLES, *_ROLE_ALIASES))
        raise UsageError(
            f"{place} has no known role: {shown(row)}.",
            remedy=f'Write {{"role": "user", "content": "..."}}. Known roles: {known}.',
        )
    if "content" not in row and "parts" in row:
        return [_from_saved(row, place)]
    return _from_content(role, row, place)


def _from_content(role: Role, row: Mapping[str, Any], place: str) -> list[Message]:
    """The messages of a dict that has ``content``, in Anthropic's or OpenAI's form."""
    content, where = row.get("content"), f"{place}['content']"
    if role == "tool" and "tool_call_id" in row:
        name = row["name"] if isinstance(row.get("name"), str) else ""
        return [
            Message("tool", (tool_result(row["tool_call_id"], content, where, tool_name=name),))
        ]
    if content is None and not (role == "assistant" and row.keys() & _OTHER_CONTENT):
        raise UsageError(
            f'{place} has no "content": {shown(row)}.',
            remedy='Write {"role": "user", "content": "..."}, or a list of blocks.',
        )
    parts = [*parts_of(content, where)]
    if isinstance(refusal := row.get("refusal"), str):
        parts.append(RefusalPart(refusal))
    if isinstance(thinking := row.get("reasoning_content"), str):
        parts.insert(0, ThinkingPart(thinking))
    parts += _calls(row.get("tool_calls"), f"{place}['tool_calls']")
    # Anthropic puts tool results into a user message; here they are a message of their own.
    results = tuple(part for part in parts if isinstance(part, ToolResultPart))
    rest = tuple(part for part in parts if not isinstance(part, ToolResultPart))
    if role == "user" and results:
        return [Message("tool", results), *([Message("user", rest)] if rest else [])]
    return [Message(role, tuple(parts))]


def _calls(rows: Any, place: str) -> list[ToolCallPart]:
    """The ``tool_calls`` of OpenAI's Chat Completions."""
    calls = []
    if rows is not None and not isinstance(rows, (list, tuple)):
        raise UsageError(
            f"{place} is {shown(rows)}, which is not a list.",
            remedy="Write the calls as a list, or leave it out.",
        )
    for at, row in enumerate(rows or ()):
        if isinstance(row, ToolCallPart):
            calls.append(row)
            continue
        inner = row.get("function") or row.get("custom") if isinstance(row, Mapping) else None
        if not isinstance(inner, Mapping):
            raise UsageError(
                f"{place}[{at}] is not a tool call: {shown(row)}.",
                remedy='Write {"id": ..., "type": "function", '
                '"function": {"name": ..., "arguments": "{...}"}}.',
            )
        args = inner.get("arguments", inner.get("input"))
        calls.append(tool_call(row.get("id"), inner.get("name"), args, f"{place}[{at}]"))
    return calls


def _from_item(row: Mapping[str, Any], place: str) -> Message:
    """An item of OpenAI's Responses API that has no role."""
    call_id = row.get("call_id")
    if row["type"] == "function_call":
        call = tool_call(call_id, row.get("name"), row.get("arguments"), place)
        return Message("assistant", (call,))
    if row["type"] == "function_call_output":
        return Message("tool", (tool_result(call_id, row.get("output"), f"{place}['output']"),))
    raise UsageError(
        f"{place} is a dict without a role: {shown(row)}.",
        remedy='Wrap content blocks in {"role": "user", "content": [...]}. '
        "Pass an answer as the message that get_final_message() returned.",
    )


def _from_saved(row: Mapping[str, Any], place: str) -> Message:
    """The message of a dict that ``message_to_dict`` made."""
    try:
        message = message_from_dict(json_value(dict(row), place))
    except (TypeError, ValueError, KeyError, AttributeError):
        raise UsageError(
            f"{place} is not a message that nbstream saved: {shown(row)}.",
            remedy='Pass what message_to_dict() returned, or {"role": ..., "content": ...}.',
        ) from None
    _check_message(message)
    return message


def _check_message(message: Message) -> None:
    """Raise an error for an unknown role, or for content that is no part."""
    if message.role not in _ROLES:
        raise UsageError(
            f"A message has the unknown role {shown(message.role)}.",
            remedy=f"Use one of {', '.join(_ROLES)}.",
        )
    for part in message.parts:
        text = getattr(part, "text", "")
        if not isinstance(part, _PARTS) or not isinstance(text, str):
            wrong = part if isinstance(text, str) else text
            raise UsageError(
                f"A message contains {_described(wrong)}, which is neither a string nor a part.",
                remedy="Convert it with str(...), or pass a file with file_part(...).",
            )


def _no_message(given: Any) -> UsageError:
    """The error for a value that is no message."""
    remedy = "Wrap it in user_message(...)." if isinstance(given, _PARTS) else _REMEDY
    return UsageError(f"A message cannot be {_described(given)}.", remedy=remedy)


def _described(given: Any) -> str:
    """Describes a wrong value, for the text of an error."""
    if given is None or isinstance(given, (bool, int, float)):
        return shown(given)
    return f"an object of type {type(given).__name__}"


def _has_content(message: Message) -> bool:
    return any(not isinstance(part, TextPart) or part.text.strip() for part in message.parts)
