"""Writes the model's earlier thinking into a Chat Completions request.

The server's quirks decide whether it is sent, when, and in which shape. Thinking that came
by another protocol is not sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbstream.core.message import Message, ThinkingPart
from nbstream.protocols.openai_chat.content import extras
from nbstream.protocols.thinking_tags import as_text

if TYPE_CHECKING:
    from nbstream.protocols.json_fields import Json
    from nbstream.protocols.openai_chat.quirks import Quirks


def thinking_fields(message: Message, quirks: Quirks, *, in_loop: bool) -> Json:
    """The fields of an assistant message that carry its thinking.

    ``in_loop``: no user message has come since, so the model is still in the same tool
    loop. Plain thinking is sent only then; signed and encrypted details always.
    """
    if quirks.reasoning in ("never", "chunks"):
        return {}
    parts = _own(message)
    if quirks.reasoning in ("as_received", "details"):
        details = [row for part in parts for row in extras(part).get("reasoning_details", ())]
        if details:
            return {"reasoning_details": details}
    text = "".join(part.text for part in parts)
    if not text or not in_loop:
        return {}
    if quirks.reasoning == "reasoning_content":
        return {"reasoning_content": text}
    fields = [extras(part).get("field") for part in parts]
    known = (name for name in ("reasoning_content", "reasoning_text", "thinking") if name in fields)
    return {next(known, "reasoning"): text}


def thinking_chunks(message: Message, quirks: Quirks) -> list[Json]:
    """The thinking as content chunks, which is Mistral's form."""
    if quirks.reasoning != "chunks":
        return []
    return [_chunk(part) for part in _own(message) if part.text]


def thinking_text(message: Message, quirks: Quirks, *, in_loop: bool) -> str:
    """The thinking that came as text between tags, to be written before the text again.

    Only in a tool loop: the templates of the models drop it from earlier turns
    (https://huggingface.co/Qwen/Qwen3-8B/blob/main/tokenizer_config.json).
    """
    if not (in_loop and message.tool_calls) or quirks.reasoning in ("never", "chunks"):
        return ""
    return "".join(as_text(part) for part in message.parts if isinstance(part, ThinkingPart))


def _chunk(part: ThinkingPart) -> Json:
    row: Json = {"type": "thinking", "thinking": [{"type": "text", "text": part.text}]}
    return {**row, "signature": part.signature} if part.signature else row


def _own(message: Message) -> list[ThinkingPart]:
    """The thinking parts that came by this protocol."""
    parts = (part for part in message.parts if isinstance(part, ThinkingPart))
    return [part for part in parts if extras(part)]
