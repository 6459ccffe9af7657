"""Collects a Claude response's model, usage, finish reason and other fields.

Reads the wire events ``message_start`` and ``message_delta``; makes ``StreamStart``, ``StreamEnd``.
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
"""The key in ``provider_metadata`` for what only this protocol understands."""

_FINISH: dict[str, FinishReason] = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "tool_use": "tool_call",
    "refusal": "content_filter",
    # pause_turn and compaction: the answer continues when it is sent back.
}

_KNOWN_FIELDS = frozenset(
    {"type", "id", "role", "model", "content", "usage", "stop_reason", "delta"}
)
"""Fields that become attributes of the message."""


class MessageState:
    """Collects the fields of one response's message; ``end`` makes the final event."""

    def __init__(self) -> None:
        self.unknown: list[Any] = []
        self._start: StreamStart | None = None
        self._usage: dict[str, Any] = {}
        self._stop: str | None = None
        self._extra: dict[str, Any] = {}

    def start(self, message: dict[str, Any]) -> StreamStart:
        """Read the message of ``message_start`` and return the first event."""
        self._read(message)
        self._start = StreamStart(
            id=text_of(message.get("id")) or None,
            model=text_of(message.get("model")) or None,
            usage=usage(self._usage) if self._usage else None,
        )
        return self._start

    def update(self, row: dict[str, Any]) -> None:
        """Read ``message_delta``. Its counts are cumulative, so they replace earlier ones."""
        self._read(row)
        self._read(dict_of(row.get("delta")))

    def _read(self, row: dict[str, Any]) -> None:
        counts, stop = dict_of(row.get("usage")), row.get("stop_reason")
        self._usage |= {name: count for name, count in counts.items() if count is not None}
        if isinstance(stop, str):
            self._stop = stop
        for name, value in row.items():
            if name not in _KNOWN_FIELDS and value is not None:
                self._extra[name] = value

    def read_block(self, block: dict[str, Any]) -> Iterator[StreamStart]:
        """Read a fallback block, which says that another model continues the answer."""
        to = text_of(dict_of(block.get("to")).get("model"))
        if self._start and to and block.get("type") == "fallback":
            self._start = replace(self._start, model=to)
            yield self._start

    def end(self) -> StreamEnd:
        """The final event."""
        metadata: dict[str, Any] = {
            "finish_reason": self._stop,
            "usage": self._usage,
            KEY: self._extra,
            "unknown": self.unknown,
        }
        return StreamEnd(
            _FINISH.get(self._stop or "", "other"),
            usage(self._usage) if self._usage else None,
            {name: value for name, value in metadata.items() if value},
        )


def usage(counts: dict[str, Any]) -> Usage:
    """Convert token counts to ``Usage``. The API's ``input_tokens`` exclude cached tokens."""
    read = count_of(counts, "cache_read_input_tokens")
    written = count_of(counts, "cache_creation_input_tokens")
    return Usage(
        input_tokens=count_of(counts, "input_tokens") + read + written,
        output_tokens=count_of(counts, "output_tokens"),
        cache_read_tokens=read,
        cache_write_tokens=written,
        reasoning_tokens=count_of(counts.get("output_tokens_details"), "thinking_tokens"),
    )
