"""Collects a Claude response's model, usage, finish reason and other fields.

Reads the wire events ``message_start`` and ``message_delta``, and ``fallback`` blocks; makes
``StreamStart`` and ``StreamEnd``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nbstream.core.events import StreamEnd, StreamStart
from nbstream.core.events.lifecycle import counted
from nbstream.core.message import FinishReason, Usage
from nbstream.protocols.base import with_calls
from nbstream.protocols.counts import Counts
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

_INPUT = frozenset({"input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"})

_KNOWN_FIELDS = frozenset(
    {"type", "id", "role", "model", "content", "usage", "stop_reason", "delta"}
)
"""Fields that become attributes of the message."""


class MessageState:
    """Collects the fields of one response's message; ``end`` makes the final event."""

    def __init__(self) -> None:
        self.unknown: list[Any] = []
        self.ended = False
        """Whether a stop reason has come, and no content since."""
        self.has_calls = False
        """Whether the model calls any of the user's tools."""
        self._start: StreamStart | None = None
        self._usage = Counts(usage, _INPUT)
        self._counts_output = False
        self._stop: str | None = None
        self._extra: dict[str, Any] = {}

    def start(self, message: dict[str, Any]) -> StreamStart:
        """Read the message of ``message_start`` and return the first event."""
        self._read(message)
        self.ended = False
        self._start = StreamStart(
            id=text_of(message.get("id")) or None,
            model=text_of(message.get("model")) or None,
            usage=self._usage(),
        )
        return counted(self._start, self._usage)

    def is_same(self, message: dict[str, Any]) -> bool:
        """Whether ``message`` is this one, begun again; some servers do that while it streams."""
        known = self._start.id if self._start else None
        return known is not None and known == message.get("id")

    def update(self, row: dict[str, Any]) -> Iterator[StreamStart]:
        """Read ``message_delta``. Its counts are cumulative, so they replace earlier ones."""
        delta, counts = dict_of(row.get("delta")), dict_of(row.get("usage"))
        self._read(row)
        if counts.get("output_tokens"):
            self._counts_output = True
        elif counts.get("output_tokens") == 0 and not (
            self._counts_output or _INPUT & counts.keys()
        ):
            # The count in ``message_start`` is a guess, and a refusal has no output.
            self._usage.raw = {**self._usage.raw, "output_tokens": 0}
        self._read(delta)
        model = text_of(row.get("model")) or text_of(delta.get("model"))
        if self._start and not self._start.model and model:
            yield self._name(model)

    def _name(self, model: str) -> StreamStart:
        """The start event again, with the model's name."""
        assert self._start is not None
        self._start = counted(replace(self._start, model=model), self._usage)
        return self._start

    def _read(self, row: dict[str, Any]) -> None:
        self._usage.update(row.get("usage"))
        if isinstance(stop := row.get("stop_reason"), str):
            self._stop, self.ended = stop, True
        for name, value in row.items():
            if name not in _KNOWN_FIELDS and value is not None:
                self._extra[name] = value

    def read_block(self, block: dict[str, Any]) -> Iterator[StreamStart]:
        """Read a fallback block, which says that another model continues the answer."""
        to = text_of(dict_of(block.get("to")).get("model"))
        if self._start and to and block.get("type") == "fallback":
            yield self._name(to)

    def end(self) -> StreamEnd:
        """The final event."""
        metadata: dict[str, Any] = {
            "finish_reason": self._stop,
            "usage": self._usage.raw,
            KEY: self._extra,
            "unknown": self.unknown,
        }
        return StreamEnd(
            with_calls(_FINISH.get(self._stop or "", "other"), self.has_calls),
            self._usage(),
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
