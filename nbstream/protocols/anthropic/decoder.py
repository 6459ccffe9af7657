"""The answer's bytes as events.

Knows the order in which a Messages stream comes: a message start, blocks with
deltas, a message delta, a message stop. What is in a block stands in
``blocks``, what is said of the whole message in ``envelope``.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from nbstream.core.events import Retry
from nbstream.core.sse import SSEDecoder
from nbstream.errors import ProtocolError
from nbstream.errors.parsing import error_in_stream
from nbstream.protocols.anthropic.blocks import open_block
from nbstream.protocols.anthropic.message import Envelope
from nbstream.protocols.base import cut_short
from nbstream.protocols.json_fields import dict_of, list_of
from nbstream.protocols.json_object import parse_row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from nbstream.core.events import Event
    from nbstream.core.sse import ServerSentEvent
    from nbstream.errors import ProviderError
    from nbstream.protocols.anthropic.block import Block

    Row = dict[str, Any]
    Handler = Callable[["AnthropicDecoder", Row], Iterable[Event]]

_NOTHING = (b"[DONE]", b"")
"""What some gateways add to the protocol's own end."""

_IMPLIED: dict[str, Row] = {
    "text_delta": {"type": "text", "text": ""},
    "thinking_delta": {"type": "thinking", "thinking": ""},
}
"""Deltas that say by themselves what they are a part of, should its start be missing."""


class AnthropicDecoder:
    """The answer's bytes as events; see ``Decoder``. The stream's end is ``message_stop``."""

    def __init__(self) -> None:
        self._sse = SSEDecoder()
        self._envelope = Envelope()
        self._attempt = 0
        self._done = False
        self._begin()

    def _begin(self) -> None:
        self._blocks: dict[int, Block] = {}
        self._names: dict[str, str] = {}
        self._next = 0
        self._last = -1

    def feed(self, data: bytes) -> Iterator[Event]:
        """Take more of the body in."""
        return self._read(self._sse.feed(data))

    def close(self) -> Iterator[Event]:
        """The body has ended."""
        with suppress(ProtocolError):  # half an event is no garbage: the rest did not come
            yield from self._read(self._sse.close())
            if bare := self._sse.bare_json():
                yield from self._read([(b"", bare)])
        if not self._done:
            raise cut_short()

    def _read(self, events: Iterable[ServerSentEvent]) -> Iterator[Event]:
        for name, data in events:
            if self._done:
                return
            if data in _NOTHING:
                continue
            if name == b"error":
                raise _fault(data)
            row = parse_row(data)
            kind = row.get("type") or name.decode(errors="replace")
            if kind == "content_block_delta":  # nearly all are
                index, delta = row.get("index"), row.get("delta")
                block = self._blocks.get(index) if type(index) is int else None
                if block is None or type(delta) is not dict:
                    yield from self._stray(row)
                    continue
                event = block.grow(delta)
                if event is not None:
                    yield event
                elif not block.takes(delta):
                    self._envelope.unknown.append(row)
            else:
                handler = _HANDLERS.get(kind) if type(kind) is str else None
                yield from (handler or _unknown)(self, row)

    def _message_start(self, row: Row) -> Iterator[Event]:
        self._attempt += 1
        if self._attempt > 1:  # a gateway asked anew and spliced the second answer in
            yield Retry(self._attempt, "The provider began its answer anew.")
            self._envelope = Envelope()
            self._begin()
        message = dict_of(row.get("message"))
        yield self._envelope.start(message)
        # Programmatic tool calls come whole, with no events for their blocks.
        for block in list_of(message.get("content")):
            yield from self._open(self._last + 1, block)
            yield from self._close(self._last)

    def _started(self) -> Iterator[Event]:
        """The start, if the stream forgot to say it."""
        if not self._attempt:
            yield from self._message_start({})

    def _block_start(self, row: Row) -> Iterator[Event]:
        yield from self._started()
        index = row.get("index")
        yield from self._open(
            index if type(index) is int else self._last + 1, row.get("content_block")
        )

    def _open(self, wire_index: int, raw: Any) -> Iterator[Event]:
        yield from self._close(wire_index)
        self._last = wire_index
        if not isinstance(raw, dict):
            self._envelope.unknown.append({"type": "content_block_start", "content_block": raw})
            return
        block = open_block(self._next, raw, self._names)
        self._blocks[wire_index] = block
        self._next += block.is_part
        if not block.is_part:
            yield from self._envelope.keep_block(self._next, raw)
        yield from block.start()

    def _stray(self, row: Row) -> Iterator[Event]:
        """A delta with no index or for no open block."""
        index, delta = row.get("index"), row.get("delta")
        kind = delta.get("type") if isinstance(delta, dict) else None
        index = index if type(index) is int else self._last
        if not isinstance(delta, dict) or not isinstance(kind, str):
            self._envelope.unknown.append(row)
            return
        yield from self._started()
        if index not in self._blocks and kind in _IMPLIED:
            yield from self._open(max(index, 0), dict(_IMPLIED[kind]))
            index = self._last
        block = self._blocks.get(index)
        event = block.grow(delta) if block else None
        if event is not None:
            yield event
        elif block is None or not block.takes(delta):
            self._envelope.unknown.append(row)

    def _block_stop(self, row: Row) -> Iterator[Event]:
        index = row.get("index", self._last)
        return self._close(index) if type(index) is int else iter(())

    def _close(self, wire_index: int) -> Iterator[Event]:
        block = self._blocks.pop(wire_index, None)
        if block is not None:
            yield from block.stop()

    def _message_delta(self, row: Row) -> Iterator[Event]:
        yield from self._started()
        self._envelope.update(row)

    def _message_stop(self, row: Row) -> Iterator[Event]:
        del row
        yield from self._started()
        for index in tuple(self._blocks):
            yield from self._close(index)
        self._done = True
        yield self._envelope.end()

    def _message(self, row: Row) -> Iterator[Event]:
        """The whole answer at once, from a server that does not stream."""
        if self._attempt:
            yield from self._unknown(row)
            return
        stop = {name: row.get(name) for name in ("stop_reason", "stop_sequence")}
        yield from self._message_start({"message": row})
        yield from self._message_delta({"delta": stop})
        yield from self._message_stop(row)

    def _ping(self, row: Row) -> Iterable[Event]:
        del row
        return ()

    def _error(self, row: Row) -> Iterable[Event]:
        raise error_in_stream(row)

    def _unknown(self, row: Row) -> Iterable[Event]:
        if "type" not in row and row.get("error"):  # gateways that forget the type
            raise error_in_stream(row)
        self._envelope.unknown.append(row)
        return ()


def _fault(data: bytes) -> ProviderError:
    """An event that calls itself an error, be its data JSON or not."""
    try:
        return error_in_stream(parse_row(data))
    except ProtocolError:
        return error_in_stream(data.decode(errors="replace"))


_unknown: Handler = AnthropicDecoder._unknown

_HANDLERS: dict[str, Handler] = {
    "message_start": AnthropicDecoder._message_start,
    "content_block_start": AnthropicDecoder._block_start,
    "content_block_stop": AnthropicDecoder._block_stop,
    "message_delta": AnthropicDecoder._message_delta,
    "message_stop": AnthropicDecoder._message_stop,
    "message": AnthropicDecoder._message,
    "ping": AnthropicDecoder._ping,
    "error": AnthropicDecoder._error,
}
