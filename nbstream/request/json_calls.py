"""``JsonCalls``: calls of tools as JSON in the answer, for models that are not shown any tools.

The model may write only JSON of a schema: a call of a tool, or the answer. The conversation is
written in the same form, and what the model writes is read as calls and text.
"""

from __future__ import annotations

import json
import secrets
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nbstream.core import events as ev
from nbstream.core.message import Message, TextPart, system_message, user_message
from nbstream.core.output_spec import OutputSpec
from nbstream.core.parts import ToolCallPart, ToolResultPart

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Sequence

    from nbstream.core.tool_spec import ToolSpec

    Source = Callable[[], AsyncGenerator[Iterable[ev.Event], None]]

_HOW = (
    'Reply with JSON. To call a tool: {"reply": {"tool": NAME, "arguments": {...}}}. '
    'To answer: {"reply": {"answer": ...}}. Tools:'
)

_GO_ON = 'If that is enough, answer now: {"reply": {"answer": ...}}.'


class JsonCalls:
    """The form of one request's calls and answers. ``spec`` is the type to ask for."""

    def __init__(self, tools: Sequence[ToolSpec], output: OutputSpec | None) -> None:
        self._rows = [f"- {tool.name}: {tool.description} {_written(tool)}" for tool in tools]
        self._takes_text = output is None
        definitions: dict[str, Any] = {}
        answer = _schema({"type": "string"} if output is None else output.schema, definitions)
        choices = [
            _object(tool={"const": tool.name}, arguments=_schema(tool.parameters, definitions))
            for tool in tools
        ]
        schema = _object(reply={"anyOf": [*choices, _object(answer=answer)]})
        if definitions:
            schema["$defs"] = definitions
        self.spec = OutputSpec("reply", schema)

    def conversation(self, messages: Sequence[Message]) -> list[Message]:
        """The messages without calls and results as parts, and what the model must know."""
        instructions = "\n".join([_HOW, *self._rows])
        written = [self._message(message) for message in messages]
        if written and written[0].role == "system":
            first = written.pop(0)
            return [replace(first, parts=(*first.parts, TextPart(f"\n\n{instructions}"))), *written]
        return [system_message(instructions), *written]

    def _message(self, message: Message) -> Message:
        if message.role == "tool":
            parts = [part for part in message.parts if isinstance(part, ToolResultPart)]
            rows = [f"{part.tool_name} returned: {part.output}" for part in parts]
            return user_message("\n".join([*rows, _GO_ON]))
        if message.role != "assistant" or not message.parts:
            return message
        replies: list[Any] = [
            {"tool": call.tool_name, "arguments": call.input} for call in message.tool_calls
        ]
        if not replies:
            replies = [{"answer": message.text}]
        rows = [json.dumps({"reply": one}, ensure_ascii=False) for one in replies]
        return replace(message, parts=(TextPart("\n".join(rows)),))

    def source(self, source: Source) -> Source:
        """A source of the same answer with its calls as calls, and its text as text."""

        async def events() -> AsyncGenerator[Iterable[ev.Event], None]:
            reply = _Reply(streams=self._takes_text)
            async with aclosing(source()) as batches:
                async for batch in batches:
                    yield [one for event in batch for one in reply.read(event)]

        return events


class _Reply:
    """Reads the JSON of one reply while it arrives."""

    def __init__(self, *, streams: bool) -> None:
        self._streams = streams
        self._begin()

    def _begin(self) -> None:
        self._text = ""
        self._index = 0
        self._given = 0  # characters of the answer
        self._started = False

    def read(self, event: ev.Event) -> Iterator[ev.Event]:
        """The events to give for one event."""
        if isinstance(event, ev.TextStart):
            self._index = event.index
        elif isinstance(event, ev.TextDelta):
            self._text += event.chunk
            if self._streams:
                yield from self._grow(_parsed(self._text, partial=True))
        elif isinstance(event, ev.StreamEnd):
            yield from self._end(event)
        elif not isinstance(event, ev.TextEnd):
            if isinstance(event, ev.Retry):
                self._begin()
            yield event

    def _grow(self, reply: dict[str, Any]) -> Iterator[ev.Event]:
        """What the answer has more than before."""
        answer = reply.get("answer")
        if not isinstance(answer, str) or len(answer) <= self._given:
            return
        if not self._started:
            self._started = True
            yield ev.TextStart(self._index)
        yield ev.TextDelta(self._index, answer[self._given :])
        self._given = len(answer)

    def _end(self, end: ev.StreamEnd) -> Iterator[ev.Event]:
        """The rest of the answer, or the call, and the end."""
        reply = _parsed(self._text)
        if "tool" in reply:
            args = json.dumps(reply.get("arguments") or {}, ensure_ascii=False)
            call = ToolCallPart(f"call_{secrets.token_hex(6)}", str(reply["tool"]), args)
            yield ev.ToolStart(self._index, call.tool_call_id, call.tool_name)
            yield ev.ToolDelta(self._index, args)
            yield ev.ToolEnd(self._index, call)
            yield replace(end, finish_reason="tool_call")
            return
        answer = reply.get("answer", "" if self._started else self._text)
        text = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
        yield from self._grow({"answer": text})
        if self._started:
            yield ev.TextEnd(self._index)
        yield end


def _parsed(text: str, *, partial: bool = False) -> dict[str, Any]:
    """The reply in ``text``; empty if there is none."""
    from pydantic_core import from_json  # slow to import, and few models need this

    try:
        whole = from_json(text, allow_partial="trailing-strings" if partial else "off")
    except ValueError:
        return {}
    reply = whole.get("reply") if isinstance(whole, dict) else None
    return reply if isinstance(reply, dict) else {}


def _object(**properties: Any) -> dict[str, Any]:
    """The schema of an object with just these properties."""
    return {
        "type": "object",
        "properties": properties,
        "required": [*properties],
        "additionalProperties": False,
    }


def _schema(given: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """A schema inside another; its ``$defs`` move to ``definitions``."""
    schema = dict(given)
    definitions.update(schema.pop("$defs", {}))
    return schema


def _written(tool: ToolSpec) -> str:
    return json.dumps(tool.parameters.get("properties", {}), ensure_ascii=False)
