"""What one may give as messages, as messages.

Knows prompts, messages, dicts of a role and a text, and what people give
instead of them. Refuses to know models, and who takes which parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, get_args

from nbstream.core.message import Message, Part, Role, TextPart, system_message, user_message
from nbstream.errors import UsageError

One = str | Message | Mapping[str, Any]
Messages = One | Sequence[One]

_ROLES = get_args(Role)
_PARTS = get_args(Part)
_REMEDY = "Give the prompt as a text, or a list of texts and messages."


def conversation_of(messages: Messages, system: str | None) -> list[Message]:
    """What was given as messages, with the system's in front.

    Raises:
        UsageError: there is nothing to send, or something is no message.
    """
    rows = [messages] if isinstance(messages, (str, Message, Mapping)) else _rows(messages)
    conversation = [_message(row) for row in rows]
    if system is not None and not isinstance(system, str):
        raise UsageError(
            f"system= takes a text, not {_kind(system)}.",
            remedy="A message of the system's stands first among the messages.",
        )
    if not any(message.parts and _says_something(message) for message in conversation):
        raise UsageError("There is nothing to send: the prompt is empty.")
    return [system_message(system), *conversation] if system else conversation


def _rows(given: Any) -> list[Any]:
    # A set has no order; bytes are numbers when they are read one by one.
    if isinstance(given, _PARTS):
        raise _no_message(given)
    if not isinstance(given, Iterable) or isinstance(given, (bytes, bytearray, set, frozenset)):
        raise UsageError(f"There is no message in {_kind(given)}.", remedy=_REMEDY)
    return list(given)


def _message(row: Any) -> Message:
    if isinstance(row, str):
        return user_message(row)
    if isinstance(row, Message):
        _check(row)
        return row
    if not isinstance(row, Mapping):
        raise _no_message(row)
    role: Any = row.get("role")
    content = row.get("content")
    if role not in _ROLES or not isinstance(content, str):
        raise UsageError(
            "A message given as a dict has a role and a text as its content.",
            remedy="Build others with nbstream.user_message(...) and its like.",
        )
    return Message(role, (TextPart(content),))


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
