"""Decodes the bytes of a response from OpenAI's Responses API to events.

Also reads what compatible servers send: other events that end a response, and a response
that is not streamed. ``_HANDLERS`` lists the events about the response as a whole.

Source: https://platform.openai.com/docs/api-reference/responses-streaming
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from nbstream.core import events as ev
from nbstream.core.events.lifecycle import counted
from nbstream.errors import ProtocolError
from nbstream.protocols.base import incomplete_answer_error
from nbstream.protocols.counts import Counts
from nbstream.protocols.framing import Frames
from nbstream.protocols.json_fields import Json, dict_of, text_of
from nbstream.protocols.json_object import TooDeepError, parse_json_object
from nbstream.protocols.openai_responses import final_response, output
from nbstream.protocols.openai_responses.item import custom_tool_names
from nbstream.protocols.surrogate_pairs import SurrogatePairs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from nbstream.core.sse import ServerSentEvent


class OpenAIResponsesDecoder:
    """Decodes one Responses API response; see ``Decoder``."""

    def __init__(self) -> None:
        self._frames = Frames()
        self._pairs = SurrogatePairs()
        self._output = output.OutputReader()
        self._usage = Counts(final_response.usage)
        self._id = self._model = ""
        self._started = False
        self._done = False
        self._event: Json = {}
        """The last event."""
        self._skipped = -1
        """The number of the last event before the connection was resumed."""

    def resume(self) -> str | None:
        """The path of the rest of an answer in background mode; see ``ResumableDecoder``.

        https://platform.openai.com/docs/guides/background#streaming-a-background-response
        """
        place = self._skipped if (at := _number(self._event)) == _NO_NUMBER else int(at)
        if not self._id or place < 0:
            return None
        self._skipped, self._event = place, {}
        self._frames = Frames()
        return f"/responses/{quote(self._id, safe='')}?stream=true&starting_after={place}"

    def feed(self, data: bytes) -> Iterator[ev.Event]:
        """Decode more bytes of the body."""
        return self._read(self._frames.feed(data))

    def close(self) -> Iterator[ev.Event]:
        """Signal the end of the body."""
        try:
            yield from self._read(self._frames.close())
        except ProtocolError as error:  # an incomplete event: the rest of the body is missing
            if isinstance(error, TooDeepError):
                raise
        if not self._done:
            yield from self._pairs.flush()
            if not self._started:
                self._frames.check()
            raise incomplete_answer_error()

    def _read(self, events: Iterable[ServerSentEvent]) -> Iterator[ev.Event]:
        for name, data in events:
            if self._done or data == b"[DONE]":  # OpenRouter sends it after the end
                continue
            event = parse_json_object(data, name, self._pairs)
            if self._skipped >= 0 and _number(event) <= self._skipped:
                continue  # it came before the connection broke
            self._event = event
            kind, cursor = event.get("type"), self._output.cursor
            if (
                kind == cursor.type
                and event.get("output_index") == cursor.output_index
                and event.get(cursor.position_field) == cursor.position
                and type(chunk := event.get("delta")) is str
            ):
                if not chunk:
                    continue
                delta = cursor.append(chunk)  # the fast path: nearly all events are like this
                if self._pairs.active:
                    yield from self._pairs.join((delta,))
                elif delta.chunk:
                    yield delta
            else:
                kind = text_of(kind) or name.decode(errors="replace")
                found = self._dispatch(kind, event)
                yield from self._pairs.join(found) if self._pairs.active else found

    def _dispatch(self, kind: str, event: Json) -> Iterator[ev.Event]:
        if handler := output.HANDLERS.get(kind):
            yield from self._start({})
            yield from handler(self._output, kind, event)
        elif response_handler := _HANDLERS.get(kind):
            yield from response_handler(self, kind, event)
        elif not kind and event.get("error"):
            yield from self._fail(event)
        elif not kind and event.get("object") == "response":  # a response that is not streamed
            yield from self._dispatch(f"response.{event.get('status')}", {"response": event})
        elif not kind.endswith(_PROGRESS):
            self._output.state.keep_unknown(event)

    def _response(self, kind: str, event: Json) -> Iterator[ev.Event]:
        response = dict_of(event.get("response"))
        is_new = kind == "response.created" and text_of(response.get("id")) != self._id
        if self._started and is_new and self._output.state.part_count:
            self._output, self._started = output.OutputReader(), False
            self._usage = Counts(final_response.usage)
            self._id = self._model = ""
            yield ev.Retry(2, "the provider started its answer again")
        self._output.state.custom_tools = custom_tool_names(response.get("tools"))
        yield from self._start(response)

    def _start(self, response: Json) -> Iterator[ev.Event]:
        """Begin the message, or add its id or its model's name, which some servers send late."""
        self._usage.update(response.get("usage"))
        if self._started and self._id and self._model:
            return
        known = self._id, self._model
        self._id = self._id or text_of(response.get("id"))
        self._model = self._model or text_of(response.get("model"))
        if self._started and known == (self._id, self._model):
            return
        self._started = True
        start = ev.StreamStart(self._id or None, self._model or None)
        yield counted(start, self._usage)

    def _fail(self, event: Json) -> Iterator[ev.Event]:
        yield from self._pairs.flush()
        raise final_response.failure(event)

    def _end(self, kind: str, event: Json) -> Iterator[ev.Event]:
        response = dict_of(event.get("response"))
        if kind == "response.failed" or response.get("status") == "failed":
            self._usage.update(response.get("usage"))
            yield from self._fail(event)
        yield from self._start(response)
        yield from self._output.end(response.get("output"))
        state = self._output.state
        reason, raw = final_response.finish_reason(response, kind, state)
        self._done = True
        metadata = final_response.metadata(event, response, raw, state, self._usage.raw)
        yield ev.StreamEnd(reason, self._usage(), metadata)

    def _error(self, _: str, event: Json) -> Iterator[ev.Event]:
        yield from self._fail(event)


_NO_NUMBER = float("inf")


def _number(event: Json) -> float:
    """The number of an event in its response, which not every server gives."""
    given = event.get("sequence_number")
    return given if type(given) is int else _NO_NUMBER


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
