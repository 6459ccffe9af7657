"""Writes the JSON body of a Responses API request: instructions, input items, what to include.

Source: https://platform.openai.com/docs/api-reference/responses/create.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core.message import Message, TextPart
from nbstream.protocols.json_fields import dicts_of, text_of
from nbstream.protocols.json_merge import merge
from nbstream.protocols.openai_responses.history import items

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.protocols.json_fields import Json

_ENCRYPTED = "reasoning.encrypted_content"

# For these models OpenAI answers "Encrypted content is not supported with this model".
# Every newer model reasons, so the list names the old ones.
_CANNOT_REASON = ("gpt-3", "gpt-4", "gpt-5-chat", "chatgpt-4", "gpt-audio", "grok-3")


def body(
    model: str,
    messages: Sequence[Message],
    params: dict[str, Any],
    *,
    include: Sequence[str] = (),
) -> Json:
    """The JSON body. ``params`` are merged in last. ``include`` is what tools ask for."""
    first, rest = _instructions(messages)
    if "instructions" in params:  # system messages then follow as input, so none is lost
        first, rest = "", messages
    stored = bool(params.get("store", params.get("background", False)))
    fields: Json = {
        "model": model,
        "input": items(rest, stored=stored, declared=_tool_names(params)),
        "stream": True,
        "store": stored,
    }
    if first:
        fields["instructions"] = first
    encrypted = [_ENCRYPTED] if not stored and _reasons(model) else []
    if encrypted or include:
        fields["include"] = [*encrypted, *include]
    return merge(fields, params)


def _instructions(messages: Sequence[Message]) -> tuple[str, Sequence[Message]]:
    """The leading system messages as one text, and the messages after them.

    What else is in the leading ones, such as files, stays a message.
    """
    count = 0
    while count < len(messages) and messages[count].role == "system":
        count += 1
    text = "\n\n".join(message.text for message in messages[:count])
    parts = [part for message in messages[:count] for part in message.parts]
    if others := tuple(part for part in parts if not isinstance(part, TextPart)):
        return text, [Message("user", others), *messages[count:]]
    return text, messages[count:]


def _tool_names(params: dict[str, Any]) -> set[str]:
    return {text_of(tool.get("name")) for tool in dicts_of(params.get("tools"))}


def _reasons(model: str) -> bool:
    name = model.rpartition("/")[2].lower()
    return not name.removeprefix("openai.").startswith(_CANNOT_REASON)
