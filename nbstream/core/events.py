"""What can happen on a stream, one frozen class for each thing.

``kind`` names the class in JSON. One can match on the family (``PartDelta``) or on the
member (``TextDelta``); in a pattern the payload comes first: ``case TextDelta(chunk)``.

A run is a list of messages. ``message_index`` says which of them an event belongs to, and
``index`` which part of that message. Messages, and the parts of one message, start in the
order of their index; events of several open ones may interleave.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from nbstream.core.base_events import Event, PartDelta, PartEnd, PartEvent, PartStart
from nbstream.core.text_buffer import parse_prefix

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbstream.core.message import (
        BuiltinToolCallPart,
        BuiltinToolResultPart,
        Citation,
        FinishReason,
        Message,
        ToolCallPart,
        Usage,
    )

__all__ = [
    "BuiltinToolDelta",
    "BuiltinToolEnd",
    "BuiltinToolResult",
    "BuiltinToolStart",
    "CitationEvent",
    "Event",
    "FileEvent",
    "MessageEvent",
    "PartDelta",
    "PartEnd",
    "PartEvent",
    "PartStart",
    "Progress",
    "RefusalDelta",
    "RefusalEnd",
    "RefusalStart",
    "Retry",
    "StreamEnd",
    "StreamStart",
    "TextDelta",
    "TextEnd",
    "TextStart",
    "ThinkingDelta",
    "ThinkingEnd",
    "ThinkingStart",
    "ToolDelta",
    "ToolEnd",
    "ToolStart",
]


@dataclass(frozen=True, slots=True)
class StreamStart(Event):
    """The provider began to answer. ``usage`` is what it has counted by then, if it says."""

    kind: ClassVar[str] = "stream_start"
    id: str | None = None
    model: str | None = None
    provider: str | None = None
    usage: Usage | None = None


@dataclass(frozen=True, slots=True)
class Retry(Event):
    """The answer begins anew; the message so far is void.

    The request is sent again after ``wait`` seconds (``attempt`` counts from
    2), or the provider itself began a second answer in the same stream.
    """

    kind: ClassVar[str] = "retry"
    attempt: int
    reason: str
    wait: float = 0.0


@dataclass(frozen=True, slots=True)
class Progress(Event):
    """A long job, such as a video, goes on; nothing of the answer has come by it.

    ``status`` is the provider's own word. ``fraction`` is how much is done,
    from 0 to 1; None if the provider does not say.
    """

    kind: ClassVar[str] = "progress"
    status: str
    fraction: float | None = None


@dataclass(frozen=True, slots=True)
class StreamEnd(Event):
    """The answer is over. A stream without this event is incomplete.

    ``provider_metadata`` holds the provider's own finish reason and whatever it
    sent that this library has no name for; it becomes the message's.
    """

    kind: ClassVar[str] = "stream_end"
    finish_reason: FinishReason
    usage: Usage | None = None
    provider_metadata: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MessageEvent(Event):
    """A whole message at once: a tool's results, or a user's message added to the run.

    A reply that streams begins with ``StreamStart`` instead.
    """

    kind: ClassVar[str] = "message"
    message: Message


@dataclass(frozen=True, slots=True)
class TextStart(PartStart):
    """A piece of answer text begins."""

    kind: ClassVar[str] = "text_start"


@dataclass(frozen=True, slots=True, init=False, match_args=False)
class TextDelta(PartDelta):
    """More answer text."""

    kind: ClassVar[str] = "text_delta"

    def parsed_snapshot(self) -> Any:
        """The text up to this event as JSON, parsed as far as it goes, in plain values.

        None before anything has come, and if the text is no JSON. Called at each
        event in turn, each costs what is new.
        """
        return _parsed(self, _nothing)


@dataclass(frozen=True, slots=True)
class TextEnd(PartEnd):
    """A piece of answer text is whole.

    ``text`` is given only if it is not what the deltas amounted to: some were
    lost on the way, and the provider has said since what all of it is.
    """

    kind: ClassVar[str] = "text_end"
    provider_metadata: dict[str, Any] = field(default_factory=dict)
    text: str | None = None


@dataclass(frozen=True, slots=True)
class CitationEvent(PartEvent):
    """The text part at ``index`` has one more source."""

    kind: ClassVar[str] = "citation"
    __match_args__ = ("citation", "index")
    citation: Citation


@dataclass(frozen=True, slots=True)
class ThinkingStart(PartStart):
    """The model begins to think aloud."""

    kind: ClassVar[str] = "thinking_start"


@dataclass(frozen=True, slots=True, init=False, match_args=False)
class ThinkingDelta(PartDelta):
    """More thinking."""

    kind: ClassVar[str] = "thinking_delta"


@dataclass(frozen=True, slots=True)
class ThinkingEnd(PartEnd):
    """A piece of thinking is whole; what proves or hides it comes with its end.

    ``text`` as in ``TextEnd``.
    """

    kind: ClassVar[str] = "thinking_end"
    signature: str | None = None
    redacted: str | None = None
    provider_metadata: dict[str, Any] = field(default_factory=dict)
    text: str | None = None


@dataclass(frozen=True, slots=True)
class RefusalStart(PartStart):
    """The model begins to say why it will not answer."""

    kind: ClassVar[str] = "refusal_start"


@dataclass(frozen=True, slots=True, init=False, match_args=False)
class RefusalDelta(PartDelta):
    """More of a refusal."""

    kind: ClassVar[str] = "refusal_delta"


@dataclass(frozen=True, slots=True)
class RefusalEnd(PartEnd):
    """A refusal is whole. ``text`` as in ``TextEnd``."""

    kind: ClassVar[str] = "refusal_end"
    provider_metadata: dict[str, Any] = field(default_factory=dict)
    text: str | None = None


@dataclass(frozen=True, slots=True)
class _CallStart(PartStart):
    tool_call_id: str
    tool_name: str


@dataclass(frozen=True, slots=True, init=False, match_args=False)
class _CallDelta(PartDelta):
    @property
    def args(self) -> Any:
        """The arguments up to this event, parsed as far as they go; ``{}`` at first.

        None if they are no JSON. Read at each event in turn, each costs what is new.
        """
        return _parsed(self, dict)


@dataclass(frozen=True, slots=True)
class ToolStart(_CallStart):
    """The model begins to call a tool; its arguments follow as deltas."""

    kind: ClassVar[str] = "tool_start"


@dataclass(frozen=True, slots=True, init=False, match_args=False)
class ToolDelta(_CallDelta):
    """More of a tool call's arguments, as a piece of JSON text."""

    kind: ClassVar[str] = "tool_delta"


@dataclass(frozen=True, slots=True)
class ToolEnd(PartEnd):
    """A tool call is whole. It is reported, not executed."""

    kind: ClassVar[str] = "tool_end"
    __match_args__ = ("tool_call", "index")
    tool_call: ToolCallPart


@dataclass(frozen=True, slots=True)
class BuiltinToolStart(_CallStart):
    """The provider begins to call a tool of its own, such as a web search."""

    kind: ClassVar[str] = "builtin_tool_start"


@dataclass(frozen=True, slots=True, init=False, match_args=False)
class BuiltinToolDelta(_CallDelta):
    """More of that call's arguments, as a piece of JSON text."""

    kind: ClassVar[str] = "builtin_tool_delta"


@dataclass(frozen=True, slots=True)
class BuiltinToolEnd(PartEnd):
    """The provider's own call is whole; it executes it itself."""

    kind: ClassVar[str] = "builtin_tool_end"
    __match_args__ = ("tool_call", "index")
    tool_call: BuiltinToolCallPart


@dataclass(frozen=True, slots=True)
class BuiltinToolResult(PartEvent):
    """What the provider's own tool gave back: a part of its own, whole at once."""

    kind: ClassVar[str] = "builtin_tool_result"
    __match_args__ = ("result", "index")
    result: BuiltinToolResultPart


@dataclass(frozen=True, slots=True)
class FileEvent(PartEvent):
    """A file, such as an image: a part of its own.

    While ``partial``, another event with the same index will replace it.
    ``data`` or ``url`` is given.
    """

    kind: ClassVar[str] = "file"
    media_type: str
    data: bytes | None = field(default=None, repr=False)
    url: str | None = None
    filename: str | None = None
    partial: bool = False
    provider_metadata: dict[str, Any] = field(default_factory=dict)


def _nothing() -> None:
    return None


def _parsed(event: PartDelta, empty: Callable[[], Any]) -> Any:
    if event._buffer is None:  # no stream has carried it
        return empty()
    return parse_prefix(event._buffer, event._length, event.chunk, empty)
