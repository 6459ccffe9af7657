"""Messages and token usage, as frozen values, and the functions that make messages."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, Literal

from nbstream.core.parts import (
    BuiltinToolCallPart,
    BuiltinToolResultPart,
    Citation,
    FilePart,
    Part,
    RefusalPart,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    ToolResultPart,
    parts_in,
)

__all__ = [
    "BuiltinToolCallPart",
    "BuiltinToolResultPart",
    "Citation",
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
    "system_message",
    "tool_message",
    "user_message",
]

Role = Literal["system", "user", "assistant", "tool"]

FinishReason = Literal[
    "stop", "length", "tool_call", "content_filter", "error", "cancelled", "other"
]
"""Why a message ended, by OpenTelemetry's names (semantic conventions for generative
AI, ``gen_ai.response.finish_reasons``). The provider's own name is in
``Message.provider_metadata["finish_reason"]``."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Token counts from the provider.

    ``input_tokens`` counts all input, cached or not; ``reasoning_tokens`` are
    part of ``output_tokens``.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    reasoning_tokens: int = 0

    @property
    def total_tokens(self) -> int:
        """Input and output together."""
        return self.input_tokens + self.output_tokens

    def __add__(self, other: Usage) -> Usage:
        """The sum of two counts, field by field."""
        pairs = ((getattr(self, row.name), getattr(other, row.name)) for row in fields(Usage))
        return Usage(*(one + two for one, two in pairs))


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation.

    ``usage``, ``finish_reason`` and the fields after them are a model's; they
    stay empty on a message the user wrote.
    """

    role: Role
    parts: tuple[Part, ...] = ()
    usage: Usage | None = None
    finish_reason: FinishReason | None = None
    id: str | None = None
    model: str | None = None
    provider: str | None = None
    provider_metadata: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """All text parts, joined."""
        return "".join(part.text for part in self.parts if isinstance(part, TextPart))

    @property
    def thinking(self) -> str:
        """All thinking parts, joined."""
        return "".join(part.text for part in self.parts if isinstance(part, ThinkingPart))

    @property
    def tool_calls(self) -> list[ToolCallPart]:
        """The tool calls, in order; the provider's own are not among them."""
        return [part for part in self.parts if isinstance(part, ToolCallPart)]

    @property
    def files(self) -> list[FilePart]:
        """The files, in order."""
        return [part for part in self.parts if isinstance(part, FilePart)]

    @property
    def images(self) -> list[FilePart]:
        """The files that are images."""
        return [part for part in self.files if part.media_type.startswith("image/")]

    @property
    def citations(self) -> list[Citation]:
        """The citations of all text parts, in order."""
        texts = (part for part in self.parts if isinstance(part, TextPart))
        return [citation for part in texts for citation in part.citations]

    @property
    def output(self) -> str:
        """The text. ``Stream.output`` is it as a value of the ``output_type``."""
        return self.text


def system_message(text: str) -> Message:
    """Instructions for the whole conversation.

    >>> system_message("Answer in one word.").role
    'system'
    """
    return Message("system", (TextPart(text),))


def user_message(*content: str | Part) -> Message:
    """A message of the user: text and parts. A plain string can be used in its place.

    >>> user_message("Hi.", TextPart("There.")).text
    'Hi.There.'
    """
    return Message("user", _parts(content))


def assistant_message(*content: str | Part) -> Message:
    """A message of the model, for a conversation that goes on from there.

    >>> assistant_message("It is sunny.").text
    'It is sunny.'
    """
    return Message("assistant", _parts(content))


def tool_message(call: ToolCallPart | str, result: Any, *, is_error: bool = False) -> Message:
    """The result of a tool call; ``call`` is the call or its id.

    ``result`` is a list of text and file parts, or any value: a date, a pydantic model or
    a dataclass is converted to JSON.

    >>> tool_message("call_1", {"sky": "clear"}).parts[0].result
    {'sky': 'clear'}
    """
    result = parts_in(result) or _as_json(result)
    if isinstance(call, str):
        return Message("tool", (ToolResultPart(call, result, is_error=is_error),))
    part = ToolResultPart(call.tool_call_id, result, call.tool_name, is_error)
    return Message("tool", (part,))


def _as_json(value: Any) -> Any:
    if value is None or isinstance(value, (str, bool)):
        return value
    from pydantic_core import to_jsonable_python  # slow to import, and rarely needed

    return to_jsonable_python(value, bytes_mode="base64", fallback=str)


def _parts(content: tuple[str | Part, ...]) -> tuple[Part, ...]:
    return tuple(TextPart(one) if isinstance(one, str) else one for one in content)
