"""Helpers for structured output that all wire formats share.

They add the schema to the prompt, refuse a tool with the name that the answer uses, and turn a
tool call that is the answer into text.
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


def schema_in_prompt(messages: Sequence[Message], spec: OutputSpec) -> list[Message]:
    """The conversation with the schema added to the prompt.

    The schema is appended to the first system message: the templates of some open models
    accept only one.
    """
    from nbstream.typed.dialects import schema_prompt  # slow to import, and rarely needed

    instructions = schema_prompt(dict(spec.schema))
    first = next((at for at, message in enumerate(messages) if message.role == "system"), None)
    if first is None:
        return [system_message(instructions), *messages]
    parts = (*messages[first].parts, TextPart(f"\n\n{instructions}"))
    return [*messages[:first], replace(messages[first], parts=parts), *messages[first + 1 :]]


def check_output(tools: Sequence[Tool], spec: OutputSpec | None) -> None:
    """Check that no tool has the name under which the answer may come.

    Raises:
        UsageError: a tool has that name.
    """
    if spec is not None and any(tool.name == spec.tool for tool in tools):
        raise UsageError(
            f"A tool called {spec.tool!r} has the same name as the tool that returns the answer.",
            remedy="Rename the tool, or leave output_type= out.",
        )


class ToolCallAsText:
    """Wraps a decoder: turns calls of the tool ``name``, which are the answer, into text.

    Readers of the stream then need not know how the answer was requested. The message is sent
    back to the provider as text, which needs no tool result.
    """

    def __init__(self, decoder: Decoder, name: str) -> None:
        self._decoder = decoder
        self._name = name
        self._chunks: dict[int, list[str]] = {}
        self._has_calls = False

    def feed(self, data: bytes) -> Iterator[ev.Event]:
        """Decode more bytes of the body."""
        return self._events(self._decoder.feed(data))

    def close(self) -> Iterator[ev.Event]:
        """Signal the end of the body."""
        return self._events(self._decoder.close())

    def _events(self, events: Iterable[ev.Event]) -> Iterator[ev.Event]:
        for event in events:
            if isinstance(event, ev.PartEvent) and event.index in self._chunks:
                yield from self._as_text(event)
            elif isinstance(event, ev.ToolStart) and event.tool_name == self._name:
                self._chunks[event.index] = []
                yield ev.TextStart(event.index)
            else:
                yield self._other(event)

    def _as_text(self, event: ev.PartEvent) -> Iterator[ev.Event]:
        chunks = self._chunks[event.index]
        if isinstance(event, ev.ToolDelta):
            chunks.append(event.chunk)
            yield ev.TextDelta(event.index, event.chunk)
        elif isinstance(event, ev.ToolEnd):
            text = event.tool_call.args_json
            if not chunks and text:
                yield ev.TextDelta(event.index, text)
            differs = bool(chunks) and "".join(chunks) != text
            yield ev.TextEnd(event.index, text=text if differs else None)

    def _other(self, event: ev.Event) -> ev.Event:
        if isinstance(event, ev.Retry):
            self._chunks.clear()
            self._has_calls = False
        elif isinstance(event, ev.ToolStart):
            self._has_calls = True
        elif isinstance(event, ev.StreamEnd) and self._chunks and not self._has_calls:
            # The provider stopped for its tool call. For readers the answer is complete.
            reason = event.finish_reason
            return replace(event, finish_reason="stop" if reason == "tool_call" else reason)
        return event
