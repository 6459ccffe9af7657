"""The state of the Chat Completions decoder from chunk to chunk; also makes the end events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core import events as ev
from nbstream.protocols.base import with_calls
from nbstream.protocols.counts import Counts
from nbstream.protocols.openai_chat.calls import Calls
from nbstream.protocols.openai_chat.citations import Citations
from nbstream.protocols.openai_chat.media import Audio
from nbstream.protocols.openai_chat.part_writer import PartWriter
from nbstream.protocols.openai_chat.reasoning import Reasoning
from nbstream.protocols.openai_chat.server_tools import ServerTools
from nbstream.protocols.openai_chat.usage import finish_reason, read_usage

if TYPE_CHECKING:
    from nbstream.core.message import Usage
    from nbstream.protocols.openai_chat.quirks import Quirks


class DecoderState:
    """The state of a response's first choice. Events wait in ``out`` until ``drain``."""

    def __init__(self, quirks: Quirks) -> None:
        self.out: list[ev.Event] = []
        self.reasoning = Reasoning()
        self.audio = Audio()
        self.writer = PartWriter({"thinking": self.reasoning.end_fields, "text": self._text_end})
        self.calls = Calls(self.writer)
        self.server_tools = ServerTools(self.writer)
        self.citations = Citations(self.writer)
        self.finish: str | None = None
        self.ended = False
        """Whether a finish reason has come, and no content since."""
        self.usage = Counts(self._read_usage)
        self.metadata: dict[str, Any] = {}
        """Fields that this library does not know; each field's latest value."""
        self.other_choices: list[dict[str, Any]] = []
        """Chunks of the other choices, if more than one was requested: the first 64, unchanged."""
        self.has_deltas = False
        self._quirks = quirks

    def drain(self) -> list[ev.Event]:
        """Return the events since the last call."""
        out, self.out = self.out, []
        return out

    def end(self) -> None:
        """End the open parts, then the stream."""
        out = self.out
        out += self.calls.finish()
        out += self.server_tools.finish()
        if self.reasoning.has_details:  # without any thinking text after them
            out += self.writer.append("thinking", "")
        if (audio := self.audio.file()) is not None:
            out += self.writer.begin(audio)
        out += self.citations.finish()
        out += self.writer.close()
        self.metadata |= self.citations.unknown
        if self.other_choices:
            self.metadata["unknown"] = self.other_choices
        if self.finish is not None:
            self.metadata["finish_reason"] = self.finish
        if self.usage.raw:
            self.metadata["usage"] = self.usage.raw
        reason = with_calls(finish_reason(self.finish), self.calls.count)
        out.append(ev.StreamEnd(reason, self.usage(), self.metadata))

    def _read_usage(self, usage: dict[str, Any]) -> Usage:
        return read_usage(usage, reasoning_apart=self._quirks.reasoning_apart)

    def _text_end(self) -> dict[str, Any]:
        return {"provider_metadata": self.audio.transcript_metadata()}
