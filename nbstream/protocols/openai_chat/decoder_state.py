"""One answer while it is decoded: what the fields of its chunks have amounted to.

Knows what must be remembered from chunk to chunk and what the end is made of.
Refuses to know how chunks are framed and which field does what.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core import events as ev
from nbstream.protocols.openai_chat.calls import Calls
from nbstream.protocols.openai_chat.media import Audio
from nbstream.protocols.openai_chat.reasoning import Reasoning
from nbstream.protocols.openai_chat.server_tools import ExecutedTools
from nbstream.protocols.openai_chat.sources import Sources
from nbstream.protocols.openai_chat.usage import finish_reason, read_usage
from nbstream.protocols.part_writer import PartWriter

if TYPE_CHECKING:
    from nbstream.protocols.openai_chat.quirks import Quirks


class Answer:
    """The first choice of a response; events wait in ``out`` until they are drained."""

    def __init__(self, quirks: Quirks) -> None:
        self.out: list[ev.Event] = []
        self.reasoning = Reasoning()
        self.audio = Audio()
        self.writer = PartWriter({"thinking": self.reasoning.end_fields, "text": self._text_end})
        self.calls = Calls(self.writer)
        self.executed = ExecutedTools(self.writer)
        self.sources = Sources(self.writer)
        self.id: str | None = None
        self.finish: str | None = None
        self.usage: dict[str, Any] | None = None
        self.metadata: dict[str, Any] = {}
        """Fields this library has no name for; each field's latest value."""
        self.others: list[dict[str, Any]] = []
        """The other choices, where more than one was asked for, as they came."""
        self.in_deltas = False
        self._quirks = quirks

    def drain(self) -> list[ev.Event]:
        """Give out what has happened since the last time."""
        out, self.out = self.out, []
        return out

    def end(self) -> None:
        """The answer is whole: end what is open, then the stream."""
        out = self.out
        out += self.calls.finish()
        out += self.executed.finish()
        if self.reasoning.unsaid:  # it came after, or without, any thinking in words
            out += self.writer.grow("thinking", "")
        if (audio := self.audio.file()) is not None:
            out += self.writer.begin(audio)
        out += self.sources.finish()
        out += self.writer.close()
        self.metadata |= self.sources.left
        if self.others:
            self.metadata["unknown"] = self.others
        if self.finish is not None:
            self.metadata["finish_reason"] = self.finish
        usage = None
        if self.usage is not None:
            self.metadata["usage"] = self.usage
            usage = read_usage(self.usage, reasoning_apart=self._quirks.reasoning_apart)
        out.append(ev.StreamEnd(finish_reason(self.finish), usage, self.metadata))

    def _text_end(self) -> dict[str, Any]:
        return {"provider_metadata": self.audio.transcript_metadata()}
