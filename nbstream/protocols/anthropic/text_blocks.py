"""Blocks of text and of thinking.

Knows sources, signatures and redacted thinking. Sources:
https://platform.claude.com/docs/en/build-with-claude/citations and
https://platform.claude.com/docs/en/build-with-claude/extended-thinking.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core import events as ev
from nbstream.core.parts import Citation
from nbstream.protocols.anthropic.block import Block, text_in
from nbstream.protocols.anthropic.message import KEY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Raw = dict[str, Any]


class TextBlock(Block):
    """Answer text, with its sources."""

    __slots__ = ()

    deltas = ("text_delta", "citations_delta")
    fields = frozenset({"type", "text", "citations"})

    def start(self) -> Iterator[ev.Event]:
        yield ev.TextStart(self.index)
        if text := text_in(self.raw, "text"):
            yield ev.TextDelta(self.index, text)
        cited = self.raw.get("citations")
        for one in cited if isinstance(cited, list) else ():
            if isinstance(one, dict):
                yield ev.CitationEvent(self.index, citation(one))

    def grow(self, delta: Raw) -> ev.Event | None:
        kind = delta.get("type")
        if kind == "text_delta":
            text = delta.get("text")
            return ev.TextDelta(self.index, text) if type(text) is str and text else None
        cited = delta.get("citation")
        if kind == "citations_delta" and isinstance(cited, dict):
            return ev.CitationEvent(self.index, citation(cited))
        return None

    def stop(self) -> Iterable[ev.Event]:
        more = self.more()
        return (ev.TextEnd(self.index, {KEY: more} if more else {}),)


class ThinkingBlock(Block):
    """Thinking, open or redacted. Its end is marked as this protocol's.

    Without the mark a signature could not be told from another provider's.
    """

    __slots__ = ("_signature",)

    deltas = ("thinking_delta", "signature_delta")
    fields = frozenset({"type", "thinking", "signature", "data"})

    def start(self) -> Iterator[ev.Event]:
        self._signature = text_in(self.raw, "signature")
        yield ev.ThinkingStart(self.index)
        if text := text_in(self.raw, "thinking"):
            yield ev.ThinkingDelta(self.index, text)

    def grow(self, delta: Raw) -> ev.Event | None:
        kind = delta.get("type")
        if kind == "thinking_delta":
            text = delta.get("thinking")
            return ev.ThinkingDelta(self.index, text) if type(text) is str and text else None
        if kind == "signature_delta":
            self._signature = text_in(delta, "signature")
            return ev.SignatureEvent(self.index, self._signature) if self._signature else None
        return None

    def stop(self) -> Iterable[ev.Event]:
        redacted = text_in(self.raw, "data") if self.raw.get("type") == "redacted_thinking" else ""
        more = {KEY: self.more()}
        return (ev.ThinkingEnd(self.index, self._signature or None, redacted or None, more),)


def citation(raw: Raw) -> Citation:
    """A citation of any kind. ``raw`` is kept whole, for it must be sent back as it is.

    Its positions are in the source, not in the answer, so they stay in there.
    """
    return Citation(
        url=text_in(raw, "url") or text_in(raw, "source") or None,
        title=text_in(raw, "title") or text_in(raw, "document_title") or None,
        cited_text=text_in(raw, "cited_text") or None,
        provider_metadata={KEY: raw},
    )
