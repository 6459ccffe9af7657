"""Turns thinking that a server leaves in the text between tags into thinking parts.

``ThinkingTags`` wraps the decoder of any wire format. ``as_text`` puts such a part back between
its tags, to be sent to the server again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nbstream.core import events as ev
from nbstream.core.events.base import set_index
from nbstream.protocols.tag_reader import TagReader, Tags

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nbstream.core.message import ThinkingPart
    from nbstream.protocols.base import Decoder
    from nbstream.protocols.tag_reader import Piece

KEY = "thinking_tags"
"""The key in ``provider_metadata`` of a thinking part for the tags that it stood between."""


def as_text(part: ThinkingPart) -> str:
    """The part as it stood in the text, with its tags; empty if it came in another way."""
    tags = part.provider_metadata.get(KEY)
    if not isinstance(tags, (list, tuple)) or len(tags) != 2 or not part.text:
        return ""
    return f"{tags[0]}\n{part.text}\n{tags[1]}\n\n"


class _Text:
    """A text part of the decoder: where it is, and the parts that it becomes."""

    __slots__ = ("answer", "citations", "has_thought", "place", "reader", "removed", "thinking")

    def __init__(self, place: int, reader: TagReader) -> None:
        self.place, self.reader = place, reader
        self.answer: int | None = None
        self.thinking: int | None = None
        """The index of the open thinking part."""
        self.has_thought = False
        self.removed = 0
        """The number of characters before the answer."""
        self.citations: list[ev.CitationEvent] = []


class ThinkingTags:
    """Wraps a decoder: thinking between tags at the start of a text becomes thinking parts.

    A text starts where no other text part comes right before it. An end tag at its start is
    dropped: the server has sent the thinking apart, or not at all. Thinking that has not ended
    when its text ends stays thinking. A failure of the decoder comes after all that it gave.
    """

    def __init__(self, decoder: Decoder, tags: Tags) -> None:
        self._decoder = decoder
        self._tags = tags
        self._reset()

    def _reset(self) -> None:
        self._inside = self._tags.inside
        self._count = 0
        self._moved: dict[int, int] = {}  # the decoder's index of a part, and its index here
        self._texts: dict[int, _Text] = {}
        self._open: _Text | None = None
        self._last: _Text | None = None  # the latest part, if it is a text

    def feed(self, data: bytes) -> Iterator[ev.Event]:
        """Decode more bytes of the body."""
        return self._events(self._decoder.feed(data))

    def close(self) -> Iterator[ev.Event]:
        """Signal the end of the body."""
        return self._events(self._decoder.close())

    def _events(self, events: Iterable[ev.Event]) -> Iterator[ev.Event]:
        try:
            for event in events:
                if type(event) is ev.TextDelta:
                    text = self._open
                    if text is None or text.place != event.index:
                        text = self._texts[event.index]
                    chunk = event.chunk
                    if text.answer is not None:
                        # The fast path. Nothing else has the event yet, so it may be changed.
                        set_index(event, text.answer)
                        yield event
                    elif text.thinking is not None and text.reader.is_plain(chunk):
                        text.removed += len(chunk)
                        yield ev.ThinkingDelta(text.thinking, chunk)
                    else:
                        yield from self._read(text, chunk)
                elif isinstance(event, ev.PartEvent):
                    yield from self._part(event)
                else:
                    yield from self._other(event)
        except Exception:
            yield from self._flush()
            raise

    def _other(self, event: ev.Event) -> Iterator[ev.Event]:
        if isinstance(event, ev.StreamEnd):
            yield from self._flush()
        elif isinstance(event, ev.Retry):
            self._reset()
        yield event

    def _part(self, event: ev.PartEvent) -> Iterator[ev.Event]:
        """An event of a part, other than a piece of text."""
        place = event.index
        if isinstance(event, ev.TextStart):
            yield from self._flush()
            self._begin_text(place)
        elif isinstance(event, ev.TextEnd):
            yield from self._end_text(self._texts[place], event)
        elif isinstance(event, ev.CitationEvent):
            yield from self._cite(self._texts[place], event)
        elif place in self._moved:
            if self._moved[place] != place:
                event = replace(event, index=self._moved[place])
            yield event
        else:
            if self._open is not None and self._open.reader.state == "start":
                yield from self._flush()
            self._last = None
            if isinstance(event, ev.ThinkingStart):
                self._inside = None  # the server tells thinking from text
            self._moved[place] = self._next_index()
            yield replace(event, index=self._moved[place])

    def _next_index(self) -> int:
        self._count += 1
        return self._count - 1

    # Texts.

    def _begin_text(self, place: int) -> None:
        if self._last is None:
            reader = TagReader(self._tags.pairs, self._inside)
            self._inside = None
        else:
            reader = self._last.reader  # it goes on where the text right before it ended
        self._open = self._last = self._texts[place] = _Text(place, reader)

    def _read(self, text: _Text, chunk: str) -> Iterator[ev.Event]:
        text.removed += len(chunk)
        yield from self._write(text, text.reader.feed(chunk))

    def _write(self, text: _Text, pieces: list[Piece]) -> Iterator[ev.Event]:
        for kind, chunk in pieces:
            if kind == "thinking":
                if text.thinking is None:
                    text.thinking, text.has_thought = self._next_index(), True
                    yield ev.ThinkingStart(text.thinking)
                yield ev.ThinkingDelta(text.thinking, chunk)
            elif kind == "end":
                text.has_thought = True
                yield from self._end_thinking(text)
            else:
                text.removed -= len(chunk)
                yield from self._begin_answer(text)
                yield ev.TextDelta(self._moved[text.place], chunk)

    def _end_thinking(self, text: _Text) -> Iterator[ev.Event]:
        if text.thinking is not None:
            metadata = {KEY: list(text.reader.tags)}
            yield ev.ThinkingEnd(text.thinking, provider_metadata=metadata)
            text.thinking = None

    def _begin_answer(self, text: _Text) -> Iterator[ev.Event]:
        text.answer = self._moved[text.place] = self._next_index()
        yield ev.TextStart(text.answer)
        for event in text.citations:
            yield from self._cite(text, event)

    def _flush(self) -> Iterator[ev.Event]:
        """Pass on what is held back of the open text."""
        if self._open is not None:
            yield from self._write(self._open, self._open.reader.flush())

    def _end_text(self, text: _Text, event: ev.TextEnd) -> Iterator[ev.Event]:
        if text is self._open:
            yield from self._flush()
            self._open = None
        yield from self._end_thinking(text)
        if text.answer is None and (text.citations or not text.has_thought):
            yield from self._begin_answer(text)
        if text.answer is not None:
            yield replace(event, index=text.answer, text=self._answer_in(text, event.text))

    def _answer_in(self, text: _Text, whole: str | None) -> str | None:
        """The answer in ``whole``, the complete text as the decoder has corrected it."""
        if whole is None or not text.removed:
            return whole
        reader = TagReader(self._tags.pairs, self._tags.inside)
        pieces = [*reader.feed(whole), *reader.flush()]
        return "".join(chunk for kind, chunk in pieces if kind == "text")

    def _cite(self, text: _Text, event: ev.CitationEvent) -> Iterator[ev.Event]:
        if text.answer is None:
            text.citations.append(event)
            return
        cited = event.citation
        if text.removed and cited.start is not None and cited.end is not None:
            start, end = cited.start - text.removed, cited.end - text.removed
            cited = replace(cited, start=start, end=end)
            if start < 0:  # it cites the thinking
                cited = replace(cited, start=None, end=None)
        yield replace(event, index=text.answer, citation=cited)
