"""Decodes the bytes of a response from OpenAI's Responses API to events.

Also reads what compatible servers send: other events that end a response, and a response
that is not streamed. ``_HANDLERS`` lists the events about the response as a whole.

Source: https://platform.openai.com/docs/api-reference/responses-streaming
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from nbstream.core import events as ev
from nbstream.core.sse import SSEDecoder
from nbstream.errors import ProtocolError
from nbstream.protocols.base import incomplete_answer_error
from nbstream.protocols.json_fields import Json, dict_of, text_of
from nbstream.protocols.json_object import parse_json_object
from nbstream.protocols.openai_responses import final_response, output
from nbstream.protocols.openai_responses.item import custom_tool_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from nbstream.core.sse import ServerSentEvent


class OpenAIResponsesDecoder:
    """Decodes one Responses API response; see ``Decoder``."""

    def __init__(self) -> None:
        self._sse = SSEDecoder()
        self._output = output.OutputReader()
        self._id: str | None = None
        self._started = False
        self._done = False

    def feed(self, data: bytes) -> Iterator[ev.Event]:
        """Decode more bytes of the body."""
        return self._read(self._sse.feed(data))

    def close(self) -> Iterator[ev.Event]:
        """Signal the end of the body."""
        with suppress(ProtocolError):  # an incomplete event: the rest of the body is missing
            yield from self._read(self._sse.close())
            if bare := self._sse.bare_json():
                yield from self._read([(b"", bare)])
        if not self._done:
            raise incomplete_answer_error()

    def _read(self, events: Iterable[ServerSentEvent]) -> Iterator[ev.Event]:
        for name, data in events:
            if self._done or data == b"[DONE]":  # OpenRouter sends it after the end
                continue
            event = parse_json_object(data, name)
            kind, cursor = event.get("type"), self._output.cursor
            if (
                kind == cursor.type
                and event.get("output_index") == cursor.output_index
                and event.get(cursor.position_field) == cursor.position
                and type(chunk := event.get("delta")) is str
            ):
                if chunk:  # the fast path: nearly all events are like this
                    yield cursor.append(chunk)
            else:
                yield from self._dispatch(text_of(kind) or name.decode(errors="replace"), event)

    def _dispatch(self, kind: str, event: Json) -> Iterator[ev.Event]:
        if handler := output.HANDLERS.get(kind):
            yield from self._start({})
            yield from handler(self._output, kind, event)
        elif response_handler := _HANDLERS.get(kind):
            yield from response_handler(self, kind, event)
        elif not kind and event.get("error"):
            raise final_response.failure(event)
        elif not kind and event.get("object") == "response":  # a response that is not streamed
            yield from self._dispatch(f"response.{event.get('status')}", {"response": event})
        elif not kind.endswith(_PROGRESS):
            self._output.state.keep_unknown(event)

    def _response(self, kind: str, event: Json) -> Iterator[ev.Event]:
        response = dict_of(event.get("response"))
        is_new = kind == "response.created" and text_of(response.get("id")) != self._id
        if self._started and is_new and self._output.state.part_count:
            self._output, self._started = output.OutputReader(), False
            yield ev.Retry(2, "the provider started its answer again")
        self._output.state.custom_tools = custom_tool_names(response.get("tools"))
        yield from self._start(response)

    def _start(self, response: Json) -> Iterator[ev.Event]:
        if not self._started:
            self._started = True
            self._id = text_of(response.get("id")) or None
            yield ev.StreamStart(self._id, text_of(response.get("model")) or None)

    def _end(self, kind: str, event: Json) -> Iterator[ev.Event]:
        response = dict_of(event.get("response"))
        if kind == "response.failed" or response.get("status") == "failed":
            raise final_response.failure(event)
        yield from self._start(response)
        yield from self._output.end(response.get("output"))
        state = self._output.state
        reason, raw = final_response.finish_reason(response, kind, state)
        self._done = True
        metadata = final_response.metadata(event, response, raw, state)
        yield ev.StreamEnd(reason, final_response.usage(response), metadata)

    def _error(self, _: str, event: Json) -> Iterator[ev.Event]:
        raise final_response.failure(event)


_HANDLERS: dict[str, Callable[[OpenAIResponsesDecoder, str, Json], Iterator[ev.Event]]] = {
    "response.created": OpenAIResponsesDecoder._response,
    "response.queued": OpenAIResponsesDecoder._response,
    "response.in_progress": OpenAIResponsesDecoder._response,
    "response.completed": OpenAIResponsesDecoder._end,
    "response.done": OpenAIResponsesDecoder._end,
    "response.incomplete": OpenAIResponsesDecoder._end,
    "response.cancelled": OpenAIResponsesDecoder._end,
    "response.failed": OpenAIResponsesDecoder._end,
    "error": OpenAIResponsesDecoder._error,
}

# Endings of events about a tool's progress, and keep-alives. The item has all they say.
_PROGRESS = (
    ".in_progress",
    ".queued",
    ".searching",
    ".interpreting",
    ".generating",
    ".compacting",
    ".completed",
    ".failed",
    "keepalive",
    "ping",
)
