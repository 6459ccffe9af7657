"""Answers of a given type: what all wire formats share.

A schema can be described in the prompt, and an answer that comes as the call of a tool is
turned into text.
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
    """The messages with the schema in the prompt.

    It is added to the first system message: templates of open models take only one.
    """
    from nbstream.typed.dialects import plain  # slow to import, and few streams have a type

    words = plain(dict(spec.schema))
    first = next((at for at, one in enumerate(messages) if one.role == "system"), None)
    if first is None:
        return [system_message(words), *messages]
    told = replace(messages[first], parts=(*messages[first].parts, TextPart(f"\n\n{words}")))
    return [*messages[:first], told, *messages[first + 1 :]]


def check_output(tools: Sequence[Tool], spec: OutputSpec | None) -> None:
    """Check that no tool has the name of the tool that may carry the answer.

    Raises:
        UsageError: one has.
    """
    if spec is not None and any(tool.name == spec.tool for tool in tools):
        raise UsageError(
            f"With output_type= no tool can be called {spec.tool!r}: the answer may use that name.",
            remedy="Rename the tool, or leave output_type= out.",
        )


class AnswerAsText:
    """A decoder that turns calls of the tool ``name`` into the answer's text.

    Readers then need not know how the answer was asked for, and the message goes back
    to the provider as text, which needs no tool result.
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
            # The provider stopped for its tool call; for readers the answer is complete.
            reason = event.finish_reason
            return replace(event, finish_reason="stop" if reason == "tool_call" else reason)
        return event
