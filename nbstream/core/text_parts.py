"""The parts of a message that are text (answer, thinking, refusal), and citations of sources."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

Metadata = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a piece of text comes from.

    ``start`` and ``end`` are the span that the source supports, in characters of the text part:
    both None if the provider reports none, 0 and None if it is the whole part. ``cited_text``
    is quoted from the source.

    >>> cited = nbstream.messages.Citation("https://example.org", "Example", start=0, end=4)
    >>> part = nbstream.messages.TextPart("Blue.", (cited,))
    >>> part.text[cited.start : cited.end]
    'Blue'
    """

    url: str | None = None
    title: str | None = None
    cited_text: str | None = None
    start: int | None = None
    end: int | None = None
    provider_metadata: Metadata = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TextPart:
    """Text of the answer, or of a prompt.

    >>> nbstream.messages.TextPart("Blue.").text
    'Blue.'
    """

    kind: ClassVar[str] = "text"
    type: ClassVar[str] = "text"
    """Anthropic's tag of this block."""
    part_kind: ClassVar[str] = "text"
    """PydanticAI's tag of this part."""
    text: str
    citations: tuple[Citation, ...] = ()
    provider_metadata: Metadata = field(default_factory=dict)

    @property
    def content(self) -> str:
        """``text``, in PydanticAI's word."""
        return self.text


@dataclass(frozen=True, slots=True)
class ThinkingPart:
    """The model's thinking before its answer.

    ``signature`` lets the provider verify the text. ``redacted`` is encrypted
    thinking; ``text`` is then empty or a summary.

    >>> part = nbstream.messages.ThinkingPart("Light scatters.", signature="c2ln")
    >>> nbstream.assistant_message(part, "Blue.").thinking
    'Light scatters.'
    """

    kind: ClassVar[str] = "thinking"
    part_kind: ClassVar[str] = "thinking"
    """PydanticAI's tag of this part."""
    text: str
    signature: str | None = None
    redacted: str | None = None
    provider_metadata: Metadata = field(default_factory=dict)

    @property
    def type(self) -> str:
        """Anthropic's tag of this block: ``thinking`` or ``redacted_thinking``."""
        return "redacted_thinking" if self.redacted and not self.text else "thinking"

    @property
    def thinking(self) -> str:
        """``text``, in Anthropic's word."""
        return self.text

    @property
    def data(self) -> str | None:
        """``redacted``, in Anthropic's word."""
        return self.redacted

    @property
    def content(self) -> str:
        """``text``, in PydanticAI's word."""
        return self.text


@dataclass(frozen=True, slots=True)
class RefusalPart:
    """The model's explanation of why it does not answer.

    >>> nbstream.messages.RefusalPart("I cannot help with that.").text
    'I cannot help with that.'
    """

    kind: ClassVar[str] = "refusal"
    type: ClassVar[str] = "refusal"
    """OpenAI's tag of this part; Anthropic has none."""
    part_kind: ClassVar[str] = "refusal"
    """As ``type``; PydanticAI has none."""
    text: str
    provider_metadata: Metadata = field(default_factory=dict)
