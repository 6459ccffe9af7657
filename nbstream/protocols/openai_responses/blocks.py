"""Makes the events for one text block of a message or reasoning item (Responses API).

A block becomes one part of the message.
Servers send a block as deltas and later as complete text, and the two may differ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from nbstream.core import events as ev
from nbstream.core.surrogates import paired
from nbstream.protocols.openai_responses.annotations import citation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nbstream.protocols.json_fields import Json

Kind = Literal["text", "refusal", "summary", "content"]
"""``summary`` and ``content`` are thinking: a summary of it, or the thinking itself."""

_START: dict[Kind, type[ev.PartStart]] = {
    "text": ev.TextStart,
    "refusal": ev.RefusalStart,
    "summary": ev.ThinkingStart,
    "content": ev.ThinkingStart,
}
_DELTA: dict[Kind, type[ev.PartDelta]] = {
    "text": ev.TextDelta,
    "refusal": ev.RefusalDelta,
    "summary": ev.ThinkingDelta,
    "content": ev.ThinkingDelta,
}


class Block:
    """A text block while it streams. ``position`` is its index in its item, as the server counts.

    ``is_typed`` is False while it is not known whether a block holds a summary or content.
    """

    def __init__(self, kind: Kind, position: Any, index: int, *, is_typed: bool = True) -> None:
        self.kind: Kind = kind
        self.position = position
        self.index = index
        self.is_typed = is_typed
        self.ended: ev.PartEnd | None = None
        self.extra: Json = {}
        self._delta = _DELTA[kind]
        self._sent: list[str] = []
        self._final_text: str | None = None
        self._correction: str | None = None
        self._annotations: list[Json] = []

    def start(self) -> ev.Event:
        """The start event."""
        return _START[self.kind](self.index)

    def append(self, chunk: str) -> ev.PartDelta:
        """Add ``chunk`` and return the delta event."""
        self._sent.append(chunk)
        return self._delta(self.index, chunk)

    def complete(self, text: str) -> Iterator[ev.Event]:
        """Compare the deltas with ``text``, the server's complete text; empty if it sent none.

        Text that is missing at the end follows as a delta. Text that is missing elsewhere is
        corrected at the end of the response (``needs_correction``). If the two differ in
        another way, the deltas stand.
        """
        sent = paired("".join(self._sent))
        self._sent = [sent]
        if not text:
            return
        if text == sent:
            self._final_text = None
        elif text.startswith(sent) and not self.ended:
            yield self.append(text[len(sent) :])
        elif _contains(text, sent):
            self._final_text = text

    def needs_correction(self) -> bool:
        """At the end of the response: whether the end event must contain the complete text.

        Not earlier: text that was shown must not change while more deltas may follow.
        """
        self._correction = self._final_text
        return self._correction is not None

    def annotate(self, annotations: Sequence[Json], *, again: bool) -> Iterator[ev.Event]:
        """Add annotations; ``again``: the list may repeat earlier ones."""
        known = list(self._annotations) if again else []
        for row in annotations:
            if row in known:
                known.remove(row)
            else:
                self._annotations.append(row)
                yield ev.CitationEvent(self.index, citation(row))

    def end(self, metadata: Json, redacted: str | None = None) -> Iterator[ev.Event]:
        """The end event; nothing if the same event was sent before."""
        event: ev.PartEnd
        if self.kind == "text":
            event = ev.TextEnd(self.index, metadata, self._correction)
        elif self.kind == "refusal":
            event = ev.RefusalEnd(self.index, metadata, self._correction)
        else:
            event = ev.ThinkingEnd(self.index, None, redacted, metadata, self._correction)
        if event != self.ended:
            self.ended = event
            yield event


def _contains(text: str, pieces: str) -> bool:
    """Whether ``text`` has all characters of ``pieces`` in order, with others between them."""
    rest = iter(text)
    return all(character in rest for character in pieces)
