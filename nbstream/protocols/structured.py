"""What all wire formats share in asking for an answer of a type.

Knows how a schema is asked for in words, and how an answer that came as a call
of a tool is told as the text it is. Refuses to know the shape of any request.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nbstream.core import events as ev
from nbstream.core.message import Message, TextPart, system_message
from nbstream.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nbstream.core.output_spec import OutputSpec
    from nbstream.core.tool_spec import Tool
    from nbstream.protocols.base import Decoder


def in_words(messages: Sequence[Message], spec: OutputSpec) -> list[Message]:
    """The conversation with the schema in the prompt.

    It joins the first system message: templates of open models take only one.
    """
    from nbstream.typed.dialects import plain  # dear to import, and few streams have a type

    words = plain(dict(spec.schema))
    first = next((at for at, one in enumerate(messages) if one.role == "system"), None)
    if first is None:
        return [system_message(words), *messages]
    told = replace(messages[first], parts=(*messages[first].parts, TextPart(f"\n\n{words}")))
    return [*messages[:first], told, *messages[first + 1 :]]


def check_output(tools: Sequence[Tool], spec: OutputSpec | None) -> None:
    """See that no tool has the name that the answer may come under.

    Raises:
        UsageError: one has.
    """
    if spec is not None and any(tool.name == spec.tool for tool in tools):
        raise UsageError(
            f"A tool called {spec.tool!r} cannot be told from the answer itself.",
            remedy="Rename the tool, or leave output_type= out.",
        )


class AnswerAsText:
    """A decoder whose calls of the tool ``name`` are the answer, and told as its text.

    So whatever reads a stream need not know how the answer was asked for, and
    the message goes back to the provider as text, which needs no result.
    """

    def __init__(self, decoder: Decoder, name: str) -> None:
        self._decoder = decoder
        self._name = name
        self._told: dict[int, list[str]] = {}
        self._has_calls = False

    def feed(self, data: bytes) -> Iterator[ev.Event]:
        """See ``Decoder``."""
        return self._events(self._decoder.feed(data))

    def close(self) -> Iterator[ev.Event]:
        """See ``Decoder``."""
        return self._events(self._decoder.close())

    def _events(self, events: Iterable[ev.Event]) -> Iterator[ev.Event]:
        for event in events:
            if isinstance(event, ev.PartEvent) and event.index in self._told:
                yield from self._as_text(event)
            elif isinstance(event, ev.ToolStart) and event.tool_name == self._name:
                self._told[event.index] = []
                yield ev.TextStart(event.index)
            else:
                yield self._other(event)

    def _as_text(self, event: ev.PartEvent) -> Iterator[ev.Event]:
        told = self._told[event.index]
        if isinstance(event, ev.ToolDelta):
            told.append(event.chunk)
            yield ev.TextDelta(event.index, event.chunk)
        elif isinstance(event, ev.ToolEnd):
            whole = event.tool_call.args_json
            if not told and whole:
                yield ev.TextDelta(event.index, whole)
            lost = bool(told) and "".join(told) != whole
            yield ev.TextEnd(event.index, text=whole if lost else None)

    def _other(self, event: ev.Event) -> ev.Event:
        if isinstance(event, ev.Retry):
            self._told.clear()
            self._has_calls = False
        elif isinstance(event, ev.ToolStart):
            self._has_calls = True
        elif isinstance(event, ev.StreamEnd) and self._told and not self._has_calls:
            # The provider ends for its tool; to everybody else the answer is whole.
            reason = event.finish_reason
            return replace(event, finish_reason="stop" if reason == "tool_call" else reason)
        return event
