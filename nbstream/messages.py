"""Messages and their parts, where users import them: ``from nbstream.messages import Message``.

The classes are defined in ``nbstream.core``, ``file_part`` in ``nbstream.files``; this module adds
functions that write and read messages as JSON text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, get_args

from nbstream.core.call_record import ExecutedCall
from nbstream.core.codec import message_from_dict, message_to_dict
from nbstream.core.message import (
    BuiltinToolCallPart,
    BuiltinToolResultPart,
    Citation,
    FilePart,
    FinishReason,
    Message,
    Part,
    RefusalPart,
    Role,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    ToolResultPart,
    Usage,
    assistant_message,
    system_message,
    tool_message,
    user_message,
)
from nbstream.errors import UsageError
from nbstream.files import file_part

__all__ = [
    "BuiltinToolCallPart",
    "BuiltinToolResultPart",
    "Citation",
    "ExecutedCall",
    "FilePart",
    "FinishReason",
    "Message",
    "Part",
    "RefusalPart",
    "Role",
    "TextPart",
    "ThinkingPart",
    "ToolCallPart",
    "ToolResultPart",
    "Usage",
    "assistant_message",
    "file_part",
    "message_from_json",
    "message_to_json",
    "messages_from_json",
    "messages_to_json",
    "system_message",
    "tool_message",
    "user_message",
]

_REMEDY = "Pass what message_to_json() or messages_to_json() returned."


def __dir__() -> list[str]:
    return __all__  # what Tab offers


def message_to_json(message: Message, *, indent: int | None = None) -> str:
    """One message as JSON text; ``message_from_json`` reads it back.

    Fields that hold their default are left out. Bytes are written as base64. ``indent`` is the
    number of spaces a level, as in ``json.dumps``; None (the default) writes one line.

    >>> text = nbstream.messages.message_to_json(nbstream.user_message("Hi."))
    >>> nbstream.messages.message_from_json(text).text
    'Hi.'

    Raises:
        UsageError: what is given is not a message; or a tool's result or a metadata value has no
            JSON form.
    """
    return _dumps(_as_dict(message, "message_to_json()"), indent)


def message_from_json(text: str | bytes) -> Message:
    """The message that ``message_to_json`` wrote. Unknown fields are ignored.

    >>> nbstream.messages.message_from_json('{"role": "user", "parts": []}').role
    'user'

    Raises:
        UsageError: ``text`` is not JSON, or not a message.
    """
    return _message(_loads(text), "The JSON")


def messages_to_json(messages: Iterable[Message], *, indent: int | None = None) -> str:
    """A conversation as a JSON array, in order; ``messages_from_json`` reads it back.

    ``indent`` is as in ``message_to_json``.

    >>> said = [nbstream.system_message("Be brief."), nbstream.user_message("Hi.")]
    >>> text = nbstream.messages.messages_to_json(said, indent=2)
    >>> nbstream.messages.messages_from_json(text) == said
    True

    Raises:
        UsageError: what is given is not a message; or a tool's result or a metadata value has no
            JSON form.
    """
    if isinstance(messages, Message) or not isinstance(messages, Iterable):
        raise UsageError(
            f"messages_to_json() takes a list of messages, not a {type(messages).__name__}.",
            remedy="Write [...] around it, or use message_to_json().",
        )
    return _dumps([_as_dict(message, "messages_to_json()") for message in messages], indent)


def messages_from_json(text: str | bytes) -> list[Message]:
    """The messages that ``messages_to_json`` wrote.

    >>> nbstream.messages.messages_from_json('[{"role": "user", "parts": []}]')[0].role
    'user'

    Raises:
        UsageError: ``text`` is not JSON, or not an array of messages.
    """
    rows = _loads(text)
    if not isinstance(rows, list):
        raise UsageError(f"The JSON is not an array of messages: {_start(rows)}", remedy=_REMEDY)
    return [_message(row, f"Message {number}") for number, row in enumerate(rows)]


def _as_dict(message: Any, function: str) -> dict[str, Any]:
    """A message as JSON-ready values; ``function`` is named in the error."""
    if isinstance(message, Message):
        return message_to_dict(message)
    raise UsageError(
        f"{function} takes messages, and found a {type(message).__name__}.",
        remedy="Make a message with user_message(...), or take stream.all_messages().",
    )


def _dumps(value: Any, indent: int | None) -> str:
    """``json.dumps`` with our error."""
    try:
        return json.dumps(value, indent=indent)
    except (TypeError, ValueError, RecursionError) as error:
        raise UsageError(
            f"The message cannot be written as JSON: {error}.",
            remedy="Let tools return text, JSON values, or text and file parts.",
        ) from error


def _loads(text: str | bytes) -> Any:
    """``json.loads`` with our error."""
    try:
        return json.loads(text)
    except (TypeError, ValueError, RecursionError) as error:
        raise UsageError(f"The text is not JSON: {error}.", remedy=_REMEDY) from None


def _message(row: Any, name: str) -> Message:
    """The message of one JSON object; ``name`` is what errors call it."""
    if not isinstance(row, dict) or row.get("role") not in get_args(Role):
        roles = ", ".join(get_args(Role))
        raise UsageError(
            f"{name} is not a message with one of the roles {roles}: {_start(row)}", remedy=_REMEDY
        )
    if "parts" not in row:  # another library's: its content must not be lost
        raise UsageError(
            f"{name} has no parts, so nbstream did not write it: {_start(row)}",
            remedy="Give another library's messages to nbstream.stream() as they are, parsed.",
        )
    try:
        return message_from_dict(row)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise UsageError(
            f"{name} cannot be read as a message: {error}. It begins {_start(row)}", remedy=_REMEDY
        ) from error


def _start(value: Any) -> str:
    """The first characters of ``value``, enough to recognise it in an error."""
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:80]}..."
