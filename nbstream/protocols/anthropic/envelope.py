"""What is said of a message as a whole: who wrote it, why it ended, what it cost.

Knows ``message_start`` and ``message_delta``. Refuses to know blocks, except
that it keeps those that this library has no part for.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nbstream.core.events import StreamEnd, StreamStart
from nbstream.core.message import FinishReason, Usage

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
        name, model = message.get("id"), message.get("model")
        self._start = StreamStart(
            id=name if isinstance(name, str) else None,
            model=model if isinstance(model, str) else None,
            usage=usage(self._usage) if self._usage else None,
        )
        return self._start

    def update(self, row: dict[str, Any]) -> None:
        """Take ``message_delta`` in. Its counts are cumulative: they replace earlier ones."""
        self._take(row)
        if isinstance(delta := row.get("delta"), dict):
            self._take(delta)

    def _take(self, row: dict[str, Any]) -> None:
        counts, stop = row.get("usage"), row.get("stop_reason")
        if isinstance(counts, dict):
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
        to = block.get("to") if block.get("type") == "fallback" else None
        if self._start and isinstance(to, dict) and isinstance(to.get("model"), str):
            self._start = replace(self._start, model=to["model"])
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
    read, written = _count(counts, "cache_read_input_tokens"), _count(counts, _WRITTEN)
    details = counts.get("output_tokens_details")
    return Usage(
        input_tokens=_count(counts, "input_tokens") + read + written,
        output_tokens=_count(counts, "output_tokens"),
        cache_read_tokens=read,
        cache_write_tokens=written,
        reasoning_tokens=_count(details, "thinking_tokens") if isinstance(details, dict) else 0,
    )


_WRITTEN = "cache_creation_input_tokens"


def _count(counts: dict[str, Any], name: str) -> int:
    value = counts.get(name)
    return value if type(value) is int and value >= 0 else 0
