"""Converts the text and thinking blocks of a Claude response to events.

Sources: https://platform.claude.com/docs/en/build-with-claude/citations and
https://platform.claude.com/docs/en/build-with-claude/extended-thinking
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbstream.core import events as ev
from nbstream.core.parts import Citation
from nbstream.protocols.anthropic.block import Block, text_in
from nbstream.protocols.anthropic.message import KEY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nbstream.protocols.json_fields import Json


class TextBlock(Block):
    """A block of text with citations."""

    __slots__ = ()

    deltas = ("text_delta", "citations_delta")
    known_fields = frozenset({"type", "text", "citations"})

    def start(self) -> Iterator[ev.Event]:
        yield ev.TextStart(self.index)
        if text := text_in(self.raw, "text"):
            yield ev.TextDelta(self.index, text)
        citations = self.raw.get("citations")
        for row in citations if isinstance(citations, list) else ():
            if isinstance(row, dict):
                yield ev.CitationEvent(self.index, citation(row))

    def apply(self, delta: Json) -> ev.Event | None:
        kind = delta.get("type")
        if kind == "text_delta":
            text = delta.get("text")
            return ev.TextDelta(self.index, text) if type(text) is str and text else None
        row = delta.get("citation")
        if kind == "citations_delta" and isinstance(row, dict):
            return ev.CitationEvent(self.index, citation(row))
        return None

    def stop(self) -> Iterable[ev.Event]:
        extra = self.extra_fields()
        return (ev.TextEnd(self.index, {KEY: extra} if extra else {}),)


class ThinkingBlock(Block):
    """A block of thinking, plain or redacted.

    Its end event always has this protocol's key in its metadata; a signature without it may be
    of another provider.
    """

    __slots__ = ("_signature", "_tokens")

    deltas = ("thinking_delta", "signature_delta")
    known_fields = frozenset({"type", "thinking", "signature", "data"})

    def start(self) -> Iterator[ev.Event]:
        self._signature = text_in(self.raw, "signature")
        self._tokens = 0
        yield ev.ThinkingStart(self.index)
        if text := text_in(self.raw, "thinking"):
            yield ev.ThinkingDelta(self.index, text)

    def apply(self, delta: Json) -> ev.Event | None:
        kind = delta.get("type")
        if kind == "thinking_delta":
            text = delta.get("thinking")
            if type(text) is str and text:
                return ev.ThinkingDelta(self.index, text)
            return self._estimate(delta.get("estimated_tokens"))
        if kind == "signature_delta":
            self._signature = text_in(delta, "signature")
            return ev.SignatureEvent(self.index, self._signature) if self._signature else None
        return None

    def _estimate(self, tokens: object) -> ev.Event | None:
        """Progress of thinking that is not shown: its tokens so far, which come as increments."""
        if type(tokens) is not int or tokens <= 0:
            return None
        self._tokens += tokens
        return ev.Progress(f"thinking, about {self._tokens:,} tokens")

    def stop(self) -> Iterable[ev.Event]:
        redacted = text_in(self.raw, "data") if self.raw.get("type") == "redacted_thinking" else ""
        metadata = {KEY: self.extra_fields()}
        signature = self._signature or None
        return (ev.ThinkingEnd(self.index, signature, redacted or None, metadata),)


def citation(raw: Json) -> Citation:
    """Convert a citation of any type. ``raw`` is kept in the metadata to be sent back unchanged.

    Its positions refer to the source; it belongs to the whole block of the answer.
    """
    return Citation(
        url=text_in(raw, "url") or text_in(raw, "source") or None,
        title=text_in(raw, "title") or text_in(raw, "document_title") or None,
        cited_text=text_in(raw, "cited_text") or None,
        start=0,
        provider_metadata={KEY: raw},
    )
