"""Events of tool calls: of the user's tools, and of those that the provider runs itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from nbstream.core.events.base import PartDelta, PartEnd, PartEvent, PartStart
from nbstream.core.parts import BuiltinToolCallPart, ToolCallPart
from nbstream.core.text_buffer import parse_prefix


class _CallEvent(PartEvent):
    """Base class of the start, the deltas and the end of a tool call."""

    __slots__ = ()

    @property
    def args_json(self) -> str:
        """The arguments right after this event, as JSON text; it may break off anywhere."""
        return self._snapshot_text()

    @property
    def args(self) -> Any:
        """The arguments right after this event, parsed as far as they go; ``{}`` at first.

        None if they are no JSON. Read at each event in turn, each costs what is new.
        """
        if self._buffer is None:  # no stream has carried it
            return {}
        return parse_prefix(self._buffer, self._length, getattr(self, "chunk", ""), dict)

    @property
    def snapshot(self) -> Any:
        """``args``, in Anthropic's word."""
        return self.args


@dataclass(frozen=True, slots=True)
class _CallStart(_CallEvent, PartStart):
    """Base class of the start of a tool call."""

    tool_call_id: str
    tool_name: str


@dataclass(frozen=True, slots=True, init=False, match_args=False)
class CallDelta(_CallEvent, PartDelta):
    """More of the arguments of a call, of a user's or a provider's tool.

    >>> event = nbstream.events.ToolDelta(0, '{"city": ')
    >>> isinstance(event, nbstream.events.ToolCallPartDelta), event.chunk
    (True, '{"city": ')
    """

    type: ClassVar[str] = "input_json"
    part_delta_kind: ClassVar[str] = "tool_call"

    @property
    def partial_json(self) -> str:
        """``chunk``, in Anthropic's word."""
        return self.chunk

    @property
    def args_delta(self) -> str:
        """``chunk``, in PydanticAI's word."""
        return self.chunk


@dataclass(frozen=True, slots=True)
class ToolStart(_CallStart):
    """The model begins to call a tool; its arguments follow as deltas.

    >>> part = nbstream.messages.ToolCallPart("call_1", "weather", '{"city": "Bern"}')
    >>> stream = nbstream.Stream.replay_message(nbstream.assistant_message(part))
    >>> found = [event for event in stream if isinstance(event, nbstream.events.ToolStart)]
    >>> [event.tool_name for event in found]
    ['weather']
    """

    kind: ClassVar[str] = "tool_start"

    @property
    def part(self) -> ToolCallPart:
        return ToolCallPart(self.tool_call_id, self.tool_name)


@dataclass(frozen=True, slots=True, init=False, match_args=False)
class ToolDelta(CallDelta):
    """More of a tool call's arguments, as a piece of JSON text.

    >>> part = nbstream.messages.ToolCallPart("call_1", "weather", '{"city": "Bern"}')
    >>> stream = nbstream.Stream.replay_message(nbstream.assistant_message(part))
    >>> found = [event for event in stream if isinstance(event, nbstream.events.ToolDelta)]
    >>> [event.chunk for event in found]
    ['{"cit', 'y": "', 'Bern"', '}']
    """

    kind: ClassVar[str] = "tool_delta"


@dataclass(frozen=True, slots=True)
class ToolEnd(_CallEvent, PartEnd):
    """A tool call is complete. It is reported, not executed.

    >>> part = nbstream.messages.ToolCallPart("call_1", "weather", '{"city": "Bern"}')
    >>> stream = nbstream.Stream.replay_message(nbstream.assistant_message(part))
    >>> found = [event for event in stream if isinstance(event, nbstream.events.ToolEnd)]
    >>> [event.tool_call.args["city"] for event in found]
    ['Bern']
    """

    kind: ClassVar[str] = "tool_end"
    __match_args__ = ("tool_call", "index")
    tool_call: ToolCallPart

    @property
    def part(self) -> ToolCallPart:
        return self.tool_call


@dataclass(frozen=True, slots=True)
class BuiltinToolStart(_CallStart):
    """The provider begins to call a tool of its own, such as a web search.

    >>> part = nbstream.messages.BuiltinToolCallPart("ws_1", "web_search", '{"query": "sky"}')
    >>> stream = nbstream.Stream.replay_message(nbstream.assistant_message(part))
    >>> found = [event for event in stream if isinstance(event, nbstream.events.BuiltinToolStart)]
    >>> [event.tool_name for event in found]
    ['web_search']
    """

    kind: ClassVar[str] = "builtin_tool_start"

    @property
    def part(self) -> BuiltinToolCallPart:
        return BuiltinToolCallPart(self.tool_call_id, self.tool_name)


@dataclass(frozen=True, slots=True, init=False, match_args=False)
class BuiltinToolDelta(CallDelta):
    """More of that call's arguments, as a piece of JSON text.

    >>> part = nbstream.messages.BuiltinToolCallPart("ws_1", "web_search", '{"query": "sky"}')
    >>> stream = nbstream.Stream.replay_message(nbstream.assistant_message(part))
    >>> found = [event for event in stream if isinstance(event, nbstream.events.BuiltinToolDelta)]
    >>> [event.chunk for event in found]
    ['{"que', 'ry": ', '"sky"', '}']
    """

    kind: ClassVar[str] = "builtin_tool_delta"


@dataclass(frozen=True, slots=True)
class BuiltinToolEnd(_CallEvent, PartEnd):
    """A call of a provider's own tool is complete. The provider executes it.

    >>> part = nbstream.messages.BuiltinToolCallPart("ws_1", "web_search", '{"query": "sky"}')
    >>> stream = nbstream.Stream.replay_message(nbstream.assistant_message(part))
    >>> found = [event for event in stream if isinstance(event, nbstream.events.BuiltinToolEnd)]
    >>> [event.tool_call.queries for event in found]
    [['sky']]
    """

    kind: ClassVar[str] = "builtin_tool_end"
    __match_args__ = ("tool_call", "index")
    tool_call: BuiltinToolCallPart

    @property
    def part(self) -> BuiltinToolCallPart:
        return self.tool_call
