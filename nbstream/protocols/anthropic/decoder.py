"""Decodes the bytes of a response from Anthropic's Messages API to events.

A stream consists of message_start, blocks with deltas, message_delta, and message_stop. A complete
message, from a server that does not stream, is read too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core.events import Retry
from nbstream.errors import ProtocolError
from nbstream.errors.parsing import error_in_stream
from nbstream.protocols.anthropic.block_types import open_block
from nbstream.protocols.anthropic.calls import ToolBlock
from nbstream.protocols.anthropic.message import MessageState
from nbstream.protocols.base import incomplete_answer_error, keep_unknown
from nbstream.protocols.framing import Frames
from nbstream.protocols.json_fields import Json, dict_of, list_of
from nbstream.protocols.json_object import TooDeepError, parse_json_object
from nbstream.protocols.surrogate_pairs import SurrogatePairs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from nbstream.core.events import Event
    from nbstream.core.sse import ServerSentEvent
    from nbstream.errors import ProviderError
    from nbstream.protocols.anthropic.block import Block

    Handler = Callable[["AnthropicDecoder", Json], Iterable[Event]]

_IGNORED = (b"[DONE]", b"")
"""Data that some gateways send after the protocol's own end."""

_WITHOUT_CONTENT = (b"message_stop", b"message_delta", b"ping")

_IMPLIED: dict[str, Json] = {
    "text_delta": {"type": "text", "text": ""},
    "thinking_delta": {"type": "thinking", "thinking": ""},
}
"""The block that a delta implies if the start of its block is missing."""


class AnthropicDecoder:
    """Decodes one response; see ``Decoder``.

    It ends with ``message_stop``, or with a stop reason that no content follows.
    """

    def __init__(self) -> None:
        self._frames = Frames()
        self._pairs = SurrogatePairs()
        self._message = MessageState()
        self._attempt = 0
        self._done = False
        self._begin()

    def _begin(self) -> None:
        self._blocks: dict[int, Block] = {}
        self._paused: dict[int, Block] = {}  # those that were open when the stop reason came
        self._names: dict[str, str] = {}
        self._next = 0
        self._last = -1

    def feed(self, data: bytes) -> Iterator[Event]:
        """Decode more bytes of the body."""
        return self._read(self._frames.feed(data))

    def close(self) -> Iterator[Event]:
        """Signal the end of the body."""
        try:
            yield from self._read(self._frames.close())
        except ProtocolError as error:  # an incomplete event: the rest of the body is missing
            if isinstance(error, TooDeepError):
                raise
            self._message.ended = False
        if self._frames.unfinished:
            self._message.ended = False
        if self._message.ended and not self._done:  # the body ended without message_stop
            yield from self._joined(self._message_stop({}))
        if not self._done:
            yield from self._pairs.flush()
            if not self._attempt:
                self._frames.check()
            raise incomplete_answer_error()

    def _read(self, events: Iterable[ServerSentEvent]) -> Iterator[Event]:
        for name, data in events:
            if self._done:
                return
            if data in _IGNORED:
                continue
            if name == b"error":
                yield from self._pairs.flush()
                raise _error_of(data)
            try:
                row = parse_json_object(data, b"", self._pairs)
            except ProtocolError:
                if self._message.ended and name in _WITHOUT_CONTENT:
                    return  # the body was cut in an event that adds nothing
                raise
            kind = row.get("type") or name.decode(errors="replace")
            if kind != "content_block_delta":
                handler = _HANDLERS.get(kind) if type(kind) is str else None
                yield from self._joined((handler or _handle_unknown)(self, row))
                continue
            # The fast path: nearly all events are deltas.
            index, delta = row.get("index"), row.get("delta")
            block = self._blocks.get(index) if type(index) is int else None
            if block is None or type(delta) is not dict:
                yield from self._joined(self._unmatched_delta(row))
                continue
            event = block.apply(delta)
            if event is not None:
                if self._pairs.active:
                    yield from self._pairs.join((event,))
                else:
                    yield event
            elif not block.accepts(delta):
                yield from self._joined(self._unmatched_delta(row))

    def _joined(self, events: Iterable[Event]) -> Iterable[Event]:
        """The events, with the characters whole that the server sent in two halves."""
        return self._pairs.join(events) if self._pairs.active else events

    def _message_start(self, row: Json) -> Iterator[Event]:
        message = dict_of(row.get("message"))
        if self._attempt and self._message.is_same(message):
            yield from self._message.update({"usage": message.get("usage")})
            return
        self._attempt += 1
        if self._attempt > 1:  # a gateway repeated the request and appended the second response
            yield Retry(self._attempt, "The provider started its answer again.")
            self._message = MessageState()
            self._begin()
        yield self._message.start(message)
        # Programmatic tool calls are complete here, with no events for their blocks.
        for block in list_of(message.get("content")):
            yield from self._open(self._last + 1, block)
            yield from self._close(self._last)

    def _started(self) -> Iterator[Event]:
        """``StreamStart``, if the server's stream began without ``message_start``."""
        if not self._attempt:
            yield from self._message_start({})

    def _block_start(self, row: Json) -> Iterator[Event]:
        yield from self._started()
        index = row.get("index")
        yield from self._open(
            index if type(index) is int else self._last + 1, row.get("content_block")
        )

    def _resume(self) -> None:
        """Content after a stop reason: the answer goes on until the next one."""
        if self._message.ended:
            self._message.ended = False
            self._blocks, self._paused = self._paused, {}

    def _open(self, wire_index: int, raw: Any) -> Iterator[Event]:
        self._resume()
        yield from self._close(wire_index)
        self._last = wire_index
        if not isinstance(raw, dict):
            row = {"type": "content_block_start", "content_block": raw}
            keep_unknown(self._message.unknown, row)
            return
        block = open_block(self._next, raw, self._names)
        self._blocks[wire_index] = block
        self._message.has_calls |= type(block) is ToolBlock
        self._next += 1
        yield from self._message.read_block(raw)
        yield from block.start()

    def _unmatched_delta(self, row: Json) -> Iterator[Event]:
        """Handle a delta without an index, or for a block that is not open or does not fit."""
        index, delta = row.get("index"), row.get("delta")
        kind = delta.get("type") if isinstance(delta, dict) else None
        index = index if type(index) is int else self._last
        if not isinstance(delta, dict) or not isinstance(kind, str):
            keep_unknown(self._message.unknown, row)
            return
        yield from self._started()
        self._resume()
        if index not in self._blocks or not self._blocks[index].accepts(delta):
            # Some servers count the deltas, or not all blocks: it is for the open block.
            fitting = (at for at, one in reversed(self._blocks.items()) if one.accepts(delta))
            index = next(fitting, index)
        if index not in self._blocks and kind in _IMPLIED:
            yield from self._open(max(index, 0), dict(_IMPLIED[kind]))
            index = self._last
        block = self._blocks.get(index)
        event = block.apply(delta) if block else None
        if event is not None:
            yield event
        elif block is None or not block.accepts(delta):
            keep_unknown(self._message.unknown, row)

    def _block_stop(self, row: Json) -> Iterator[Event]:
        index = row.get("index", self._last)
        return self._close(index) if type(index) is int else iter(())

    def _close(self, wire_index: int) -> Iterator[Event]:
        block = self._blocks.pop(wire_index, None) or self._paused.pop(wire_index, None)
        if block is not None:
            yield from block.stop()
            if (event := block.result(self._next)) is not None:
                self._next += 1
                yield event

    def _message_delta(self, row: Json) -> Iterator[Event]:
        yield from self._started()
        yield from self._message.update(row)
        if self._message.ended:
            self._paused |= self._blocks
            self._blocks = {}

    def _message_stop(self, row: Json) -> Iterator[Event]:
        yield from self._started()
        yield from self._message.update({"usage": row.get("usage")})
        for index in (*self._blocks, *self._paused):
            yield from self._close(index)
        self._done = True
        yield self._message.end()

    def _complete_message(self, row: Json) -> Iterator[Event]:
        """Convert a complete message, from a server that does not stream."""
        if self._attempt:
            yield from self._unknown(row)
            return
        stop = {name: row.get(name) for name in ("stop_reason", "stop_sequence")}
        yield from self._message_start({"message": row})
        yield from self._message_delta({"delta": stop})
        yield from self._message_stop(row)

    def _ping(self, row: Json) -> Iterable[Event]:
        del row
        return ()

    def _error(self, row: Json) -> Iterable[Event]:
        raise error_in_stream(row)

    def _unknown(self, row: Json) -> Iterable[Event]:
        if "type" not in row and row.get("error"):  # some gateways omit the type
            raise error_in_stream(row)
        keep_unknown(self._message.unknown, row)
        return ()


def _error_of(data: bytes) -> ProviderError:
    """The error in an ``error`` event, whose data need not be JSON."""
    try:
        return error_in_stream(parse_json_object(data))
    except ProtocolError:
        return error_in_stream(data.decode(errors="replace"))


_handle_unknown: Handler = AnthropicDecoder._unknown

_HANDLERS: dict[str, Handler] = {
    "message_start": AnthropicDecoder._message_start,
    "content_block_start": AnthropicDecoder._block_start,
    "content_block_stop": AnthropicDecoder._block_stop,
    "message_delta": AnthropicDecoder._message_delta,
    "message_stop": AnthropicDecoder._message_stop,
    "message": AnthropicDecoder._complete_message,
    "ping": AnthropicDecoder._ping,
    "error": AnthropicDecoder._error,
}
