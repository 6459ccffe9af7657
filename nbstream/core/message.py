"""``Message``, as a frozen class, and functions that make messages.

Each function makes a message of one role; ``with_parser`` sets how a typed output is read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal

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
from nbstream.core.usage import Usage, with_price

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

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
AI, ``gen_ai.response.finish_reasons``). It is ``tool_call`` whenever the model waits for the
user's tools, also if the provider calls that a stop. The provider's own name is in
``Message.provider_metadata["finish_reason"]``."""


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation.

    ``usage``, ``finish_reason`` and the fields after them are a model's; they
    stay empty on a message the user wrote.

    >>> message = nbstream.assistant_message("Blue, ", "mostly.")
    >>> message.role, message.text, message.tool_calls
    ('assistant', 'Blue, mostly.', [])
    """

    role: Role
    parts: tuple[Part, ...] = ()
    usage: Usage | None = None
    finish_reason: FinishReason | None = None
    id: str | None = None
    model: str | None = None
    provider: str | None = None
    provider_metadata: dict[str, Any] = field(default_factory=dict)
    custom_address: bool = False
    """Whether it came from another address than the provider's own, such as a gateway's, or from
    a batch. The provider's list prices do not count there."""
    _parse: Callable[[Message], Any] | None = field(
        default=None, init=False, repr=False, compare=False
    )
    """Reads the value of the ``output_type``; set by a stream that has one."""

    type: ClassVar[str] = "message"
    """Anthropic's tag."""

    def __post_init__(self) -> None:
        if self.usage is not None:
            provider = None if self.custom_address else self.provider
            object.__setattr__(self, "usage", with_price(self.usage, self.model, provider))

    @property
    def content(self) -> list[Part]:
        """``parts`` as a list, in Anthropic's word."""
        return list(self.parts)

    @property
    def stop_reason(self) -> str | None:
        """The provider's own word for ``finish_reason``; ``finish_reason`` itself if it gave none.

        Anthropic's name. Anthropic's words are ``end_turn``, ``max_tokens``, ``tool_use``.
        """
        return self.provider_metadata.get("finish_reason") or self.finish_reason

    @property
    def parsed_output(self) -> Any:
        """The value of the stream's ``output_type``, in Anthropic's word.

        None without an ``output_type``, while the answer is not complete, and of an
        answer that calls a tool or was refused.

        Raises:
            OutputError: the text is not a value of the type.
        """
        return None if self._parse is None else self._parse(self)

    @property
    def cost(self) -> Decimal | None:
        """The price of the counted tokens in US dollars: ``usage.cost``.

        None if there is no count, or no price of this model at this provider.
        """
        return None if self.usage is None else self.usage.cost

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
        """The text. ``Stream.output`` gives it as a value of the ``output_type``."""
        return self.text


def with_parser(message: Message, parse: Callable[[Message], Any]) -> Message:
    """Return ``message``, with ``parse`` as the function that computes its ``parsed_output``."""
    object.__setattr__(message, "_parse", parse)
    return message


def system_message(text: str) -> Message:
    """Instructions for the whole conversation.

    >>> nbstream.system_message("Answer in one sentence.").role
    'system'
    """
    return Message("system", (TextPart(text),))


def user_message(*content: str | Part) -> Message:
    """A message of the user: text and parts. A plain string can be used in its place.

    >>> image = nbstream.file_part("https://example.org/sky.png")
    >>> message = nbstream.user_message("What is this?", image)
    >>> message.text, [file.media_type for file in message.files]
    ('What is this?', ['image/png'])
    """
    return Message("user", _parts(content))


def assistant_message(*content: str | Part) -> Message:
    """A message of the model, for a conversation that goes on from there.

    >>> asked = [nbstream.user_message("2 + 2?"), nbstream.assistant_message("5.")]
    >>> nbstream.stream(ScriptedModel("No: 4."), [*asked, "Sure?"]).get_final_text()
    'No: 4.'
    """
    return Message("assistant", _parts(content))


def tool_message(call: ToolCallPart | str, result: Any, *, is_error: bool = False) -> Message:
    """The result of a tool call; ``call`` is the call or its id.

    ``result`` is a list of text and file parts, or any value: a date, a pydantic model or
    a dataclass is converted to JSON.

    >>> call = nbstream.messages.ToolCallPart("call_1", "weather", '{"city": "Bern"}')
    >>> message = nbstream.tool_message(call, {"degrees": 21})
    >>> message.role, message.parts[0].result
    ('tool', {'degrees': 21})
    """
    result = parts_in(result) or as_json(result)
    if isinstance(call, str):
        return Message("tool", (ToolResultPart(call, result, is_error=is_error),))
    part = ToolResultPart(call.tool_call_id, result, call.tool_name, is_error)
    return Message("tool", (part,))


def as_json(value: Any) -> Any:
    """A tool's result as a JSON value; what has no JSON form becomes text."""
    if value is None or isinstance(value, (str, bool)):
        return value
    from pydantic_core import to_jsonable_python  # slow to import, and rarely needed

    return to_jsonable_python(value, bytes_mode="base64", fallback=str)


def _parts(content: tuple[str | Part, ...]) -> tuple[Part, ...]:
    return tuple(TextPart(one) if isinstance(one, str) else one for one in content)
