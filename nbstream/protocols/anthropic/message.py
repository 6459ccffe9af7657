"""What is said of a message as a whole: who wrote it, why it ended, what it cost.

Knows ``message_start`` and ``message_delta``. Refuses to know blocks, except
that it keeps those that this library has no part for.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nbstream.core.events import StreamEnd, StreamStart
from nbstream.core.message import FinishReason, Usage
from nbstream.protocols.json_fields import count_of, dict_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY = "anthropic"
"""Under which metadata keep what only this protocol understands."""

_FINISH: dict[str, FinishReason] = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "tool_use": "tool_call",
    "refusal": "content_filter",
    # pause_turn and compaction: the answer goes on when it is sent back.
}

_SAID = frozenset({"type", "id", "role", "model", "content", "usage", "stop_reason", "delta"})
"""Fields that have a place of their own."""


class Envelope:
    """Gathers what the stream says of the message; ``end`` sums it up."""

    def __init__(self) -> None:
        self.unknown: list[Any] = []
        self._start: StreamStart | None = None
        self._usage: dict[str, Any] = {}
        self._stop: str | None = None
        self._more: dict[str, Any] = {}
        self._blocks: list[dict[str, Any]] = []

    def start(self, message: dict[str, Any]) -> StreamStart:
        """Take ``message_start``'s message in."""
        self._take(message)
        self._start = StreamStart(
            id=text_of(message.get("id")) or None,
            model=text_of(message.get("model")) or None,
            usage=usage(self._usage) if self._usage else None,
        )
        return self._start

    def update(self, row: dict[str, Any]) -> None:
        """Take ``message_delta`` in. Its counts are cumulative: they replace earlier ones."""
        self._take(row)
        self._take(dict_of(row.get("delta")))

    def _take(self, row: dict[str, Any]) -> None:
        counts, stop = dict_of(row.get("usage")), row.get("stop_reason")
        self._usage |= {name: one for name, one in counts.items() if one is not None}
        if isinstance(stop, str):
            self._stop = stop
        for name, value in row.items():
            if name not in _SAID and value is not None:
                self._more[name] = value

    def keep_block(self, at: int, block: dict[str, Any]) -> Iterator[StreamStart]:
        """Keep a block that stands before the part at index ``at``, to be sent back there."""
        self._blocks.append({"at": at, "block": block})
        # A fallback block says that another model goes on with the answer.
        to = text_of(dict_of(block.get("to")).get("model"))
        if self._start and to and block.get("type") == "fallback":
            self._start = replace(self._start, model=to)
            yield self._start

    def end(self) -> StreamEnd:
        """The end of the stream."""
        found: dict[str, Any] = {
            "finish_reason": self._stop,
            "usage": self._usage,
            KEY: {**self._more, **({"blocks": self._blocks} if self._blocks else {})},
            "unknown": self.unknown,
        }
        return StreamEnd(
            _FINISH.get(self._stop or "", "other"),
            usage(self._usage) if self._usage else None,
            {name: value for name, value in found.items() if value},
        )


def usage(counts: dict[str, Any]) -> Usage:
    """The API's counts as ours. Its ``input_tokens`` leave out what the cache gave or took."""
    read = count_of(counts, "cache_read_input_tokens")
    written = count_of(counts, "cache_creation_input_tokens")
    return Usage(
        input_tokens=count_of(counts, "input_tokens") + read + written,
        output_tokens=count_of(counts, "output_tokens"),
        cache_read_tokens=read,
        cache_write_tokens=written,
        reasoning_tokens=count_of(counts.get("output_tokens_details"), "thinking_tokens"),
    )
