"""Events of text parts: the answer's text with its citations, thinking, and refusals."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from nbstream.core.events.base import CitedEvent, PartDelta, PartEnd, PartEvent, PartStart
from nbstream.core.parts import RefusalPart, TextPart, ThinkingPart
from nbstream.core.text_buffer import parse_prefix

if TYPE_CHECKING:
    from nbstream.core.parts import Citation


@dataclass(frozen=True, slots=True)
class TextStart(PartStart):
    """A piece of answer text begins.

    >>> stream = nbstream.stream(ScriptedModel("Hello."), "hi")
    >>> [event.index for event in stream if isinstance(event, nbstream.events.TextStart)]
    [0]
    """

    kind: ClassVar[str] = "text_start"

    @property
    def part(self) -> TextPart:
        return TextPart("")


@dataclass(frozen=True, slots=True, init=False, match_args=False)
class TextDelta(PartDelta):
    """More answer text.

    >>> stream = nbstream.stream(ScriptedModel("Hello."), "hi")
    >>> [event.snapshot for event in stream if isinstance(event, nbstream.events.TextDelta)]
    ['Hello', 'Hello.']
    """

    kind: ClassVar[str] = "text_delta"
    type: ClassVar[str] = "text"

    @property
    def text(self) -> str:
        """``chunk``, in Anthropic's word."""
        return self.chunk

    @property
    def content_delta(self) -> str:
        """``chunk``, in PydanticAI's word."""
        return self.chunk

    def parsed_snapshot(self) -> Any:
        """The text up to this event as JSON, parsed as far as it goes, in plain values.

        None before anything has come, and if the text is no JSON. Called at each
        event in turn, each costs what is new. Anthropic's name.
        """
        if self._buffer is None:  # no stream has carried it
            return None
        return parse_prefix(self._buffer, self._length, self.chunk, _nothing)


@dataclass(frozen=True, slots=True)
class TextEnd(CitedEvent, PartEnd):
    """A piece of answer text is complete.

    ``text`` is given only if it differs from the joined deltas: some were lost on
    the way, and the provider has sent the whole text since.

    >>> stream = nbstream.stream(ScriptedModel("Hello."), "hi")
    >>> [event.snapshot for event in stream if isinstance(event, nbstream.events.TextEnd)]
    ['Hello.']
    """

    kind: ClassVar[str] = "text_end"
    provider_metadata: dict[str, Any] = field(default_factory=dict)
    text: str | None = None

    @property
    def part(self) -> TextPart:
        return TextPart(self.snapshot, tuple(self._citations()), self.provider_metadata)


@dataclass(frozen=True, slots=True)
class CitationEvent(CitedEvent):
    """The text part at ``index`` has one more source.

    >>> cited = nbstream.messages.Citation("https://example.org")
    >>> nbstream.events.CitationEvent(0, cited).citation.url
    'https://example.org'
    """

    kind: ClassVar[str] = "citation"
    type: ClassVar[str] = "citation"
    __match_args__ = ("citation", "index")
    citation: Citation

    @property
    def snapshot(self) -> list[Citation]:  # type: ignore[override] # as Anthropic has it
        """The citations of the part so far, this one included."""
        return self._citations()


@dataclass(frozen=True, slots=True)
class ThinkingStart(PartStart):
    """The model begins to write its thinking.

    >>> part = nbstream.messages.ThinkingPart("Hm.", signature="c2ln")
    >>> stream = nbstream.Stream.replay_message(nbstream.assistant_message(part))
    >>> found = [event for event in stream if isinstance(event, nbstream.events.ThinkingStart)]
    >>> [event.index for event in found]
    [0]
    """

    kind: ClassVar[str] = "thinking_start"

    @property
    def part(self) -> ThinkingPart:
        return ThinkingPart("")


@dataclass(frozen=True, slots=True, init=False, match_args=False)
class ThinkingDelta(PartDelta):
    """More thinking.

    >>> part = nbstream.messages.ThinkingPart("Hm.", signature="c2ln")
    >>> stream = nbstream.Stream.replay_message(nbstream.assistant_message(part))
    >>> found = [event for event in stream if isinstance(event, nbstream.events.ThinkingDelta)]
    >>> [event.chunk for event in found]
    ['Hm.']
    """

    kind: ClassVar[str] = "thinking_delta"
    type: ClassVar[str] = "thinking"
    part_delta_kind: ClassVar[str] = "thinking"

    @property
    def thinking(self) -> str:
        """``chunk``, in Anthropic's word."""
        return self.chunk

    @property
    def content_delta(self) -> str:
        """``chunk``, in PydanticAI's word."""
        return self.chunk


@dataclass(frozen=True, slots=True)
class SignatureEvent(PartEvent):
    """The signature of the thinking part at ``index``: the provider can check that it wrote it.

    >>> nbstream.events.SignatureEvent(0, "c2ln").signature
    'c2ln'
    """

    kind: ClassVar[str] = "signature"
    type: ClassVar[str] = "signature"
    __match_args__ = ("signature", "index")
    signature: str


@dataclass(frozen=True, slots=True)
class ThinkingEnd(PartEnd):
    """A piece of thinking is complete. Its signature, or its encrypted form, comes with it.

    ``text`` as in ``TextEnd``.

    >>> part = nbstream.messages.ThinkingPart("Hm.", signature="c2ln")
    >>> stream = nbstream.Stream.replay_message(nbstream.assistant_message(part))
    >>> found = [event for event in stream if isinstance(event, nbstream.events.ThinkingEnd)]
    >>> [event.signature for event in found]
    ['c2ln']
    """

    kind: ClassVar[str] = "thinking_end"
    signature: str | None = None
    redacted: str | None = None
    provider_metadata: dict[str, Any] = field(default_factory=dict)
    text: str | None = None

    @property
    def part(self) -> ThinkingPart:
        held = self.snapshot
        return ThinkingPart(held, self.signature, self.redacted, self.provider_metadata)


@dataclass(frozen=True, slots=True)
class RefusalStart(PartStart):
    """The model begins to say why it will not answer.

    >>> part = nbstream.messages.RefusalPart("No.")
    >>> stream = nbstream.Stream.replay_message(nbstream.assistant_message(part))
    >>> found = [event for event in stream if isinstance(event, nbstream.events.RefusalStart)]
    >>> [event.index for event in found]
    [0]
    """

    kind: ClassVar[str] = "refusal_start"

    @property
    def part(self) -> RefusalPart:
        return RefusalPart("")


@dataclass(frozen=True, slots=True, init=False, match_args=False)
class RefusalDelta(PartDelta):
    """More of a refusal.

    >>> part = nbstream.messages.RefusalPart("No.")
    >>> stream = nbstream.Stream.replay_message(nbstream.assistant_message(part))
    >>> found = [event for event in stream if isinstance(event, nbstream.events.RefusalDelta)]
    >>> [event.chunk for event in found]
    ['No.']
    """

    kind: ClassVar[str] = "refusal_delta"
    type: ClassVar[str] = "refusal"

    @property
    def content_delta(self) -> str:
        """``chunk``, in PydanticAI's word."""
        return self.chunk


@dataclass(frozen=True, slots=True)
class RefusalEnd(PartEnd):
    """A refusal is complete. ``text`` as in ``TextEnd``.

    >>> part = nbstream.messages.RefusalPart("No.")
    >>> stream = nbstream.Stream.replay_message(nbstream.assistant_message(part))
    >>> found = [event for event in stream if isinstance(event, nbstream.events.RefusalEnd)]
    >>> [event.snapshot for event in found]
    ['No.']
    """

    kind: ClassVar[str] = "refusal_end"
    provider_metadata: dict[str, Any] = field(default_factory=dict)
    text: str | None = None

    @property
    def part(self) -> RefusalPart:
        return RefusalPart(self.snapshot, self.provider_metadata)


def _nothing() -> None:
    """The parsed value of a text in which no JSON has begun."""
    return
