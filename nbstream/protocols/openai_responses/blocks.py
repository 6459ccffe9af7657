"""Blocks: the stretches of text that messages and reasoning are made of.

Knows how a block grows, and how to make what came in deltas agree with what the
server says at the end it amounts to. Refuses to know which item it belongs to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from nbstream.core import events as ev
from nbstream.protocols.openai_responses.annotations import citation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nbstream.protocols.json_fields import Json

Kind = Literal["text", "refusal", "summary", "content"]
"""``summary`` and ``content`` are thinking: OpenAI's summary of it, and the thing itself."""

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
    """One part of the message; ``position`` is its place in its item, as the server counts.

    ``claimed`` is False for a block that stands open before the server has said
    which kind of thinking it will hold.
    """

    def __init__(self, kind: Kind, position: Any, index: int, *, claimed: bool = True) -> None:
        self.kind: Kind = kind
        self.position = position
        self.index = index
        self.claimed = claimed
        self.ended: ev.PartEnd | None = None
        self.extra: Json = {}
        self._make = _DELTA[kind]
        self._sent: list[str] = []
        self._whole: str | None = None
        self._amended: str | None = None
        self._annotations: list[Json] = []

    def start(self) -> ev.Event:
        """The event it begins with."""
        return _START[self.kind](self.index)

    def grow(self, chunk: str) -> ev.Event:
        """``chunk`` more of it."""
        self._sent.append(chunk)
        return self._make(self.index, chunk)

    def settle(self, text: str) -> Iterator[ev.Event]:
        """The server says that all of it is ``text``; nothing, if it says nothing.

        What the deltas left out at the end follows as a delta. If some were lost
        on the way, ``amend`` puts it right; if the two merely disagree, what one
        has already read stands.
        """
        sent = "".join(self._sent)
        self._sent = [sent]
        if not text:
            return
        if text == sent:
            self._whole = None
        elif text.startswith(sent) and not self.ended:
            yield self.grow(text[len(sent) :])
        elif _holds(text, sent):
            self._whole = text

    def amend(self) -> bool:
        """The answer is over: whether its end has to tell the text anew.

        Not before, for what one has read must not change while more may follow.
        """
        self._amended = self._whole
        return self._amended is not None

    def annotate(self, annotations: Sequence[Json], *, again: bool) -> Iterator[ev.Event]:
        """Its sources; ``again`` if the list may repeat those that came before."""
        known = list(self._annotations) if again else []
        for row in annotations:
            if row in known:
                known.remove(row)
            else:
                self._annotations.append(row)
                yield ev.CitationEvent(self.index, citation(row))

    def end(self, metadata: Json, redacted: str | None = None) -> Iterator[ev.Event]:
        """It is whole. Told again only if what there is to tell has changed."""
        event: ev.PartEnd
        if self.kind == "text":
            event = ev.TextEnd(self.index, metadata, self._amended)
        elif self.kind == "refusal":
            event = ev.RefusalEnd(self.index, metadata, self._amended)
        else:
            event = ev.ThinkingEnd(self.index, None, redacted, metadata, self._amended)
        if event != self.ended:
            self.ended = event
            yield event


def _holds(whole: str, pieces: str) -> bool:
    """Whether ``whole`` has all characters of ``pieces`` in their order, and more between."""
    rest = iter(whole)
    return all(character in rest for character in pieces)
