"""Gemini's grounding as citations.

Sources: https://ai.google.dev/gemini-api/docs/google-search (groundingChunks,
groundingSupports) and the API reference's CitationMetadata. Offsets there are
UTF-8 bytes; ours are characters. Knows text parts only as their texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from nbstream.core.message import Citation
from nbstream.protocols.json_fields import dict_of, list_of, text_of

Texts = Sequence[tuple[int, str]]
"""The text parts so far: each one's index and text."""

Cited = tuple[int, Citation]
"""A citation and the index of the part it belongs to."""

Span = tuple[int, int | None, int | None]
"""The index of a part, and where in it a passage starts and ends."""


def citations(metadata: dict[str, Any], texts: Texts) -> Iterator[Cited]:
    """What ``groundingMetadata`` and ``citationMetadata`` of a candidate amount to."""
    if not texts:
        return
    place = _Places(texts)
    yield from _grounded(dict_of(metadata.get("groundingMetadata")), place)
    yield from _recited(dict_of(metadata.get("citationMetadata")), place)


def _grounded(grounding: dict[str, Any], place: _Places) -> Iterator[Cited]:
    chunks = _dicts(grounding.get("groundingChunks"))
    supports = _dicts(grounding.get("groundingSupports"))
    for support in supports:
        span = place.of(dict_of(support.get("segment")))
        scores = list_of(support.get("confidenceScores"))
        for nth, number in enumerate(list_of(support.get("groundingChunkIndices"))):
            if isinstance(number, int) and 0 <= number < len(chunks):
                score = scores[nth] if nth < len(scores) else None
                yield span[0], _source(chunks[number], span, score)
    if not supports:
        # Sources without a passage: the answer as a whole rests on them.
        for chunk in chunks:
            yield place.last, _source(chunk, (place.last, None, None))


def _source(chunk: dict[str, Any], span: Span, score: Any = None) -> Citation:
    kind = next((name for name, value in chunk.items() if isinstance(value, dict)), "")
    source = dict_of(chunk.get(kind))
    extra = {} if score is None else {"confidenceScore": score}
    return Citation(
        url=_text(source.get("uri")) or _text(source.get("sourceUri")),  # an image's page
        title=_text(source.get("title")),
        cited_text=_text(source.get("text")),
        start=span[1],
        end=span[2],
        provider_metadata={"gemini": {**chunk, **extra}},
    )


def _recited(metadata: dict[str, Any], place: _Places) -> Iterator[Cited]:
    # `citationSources` is the name in the first version of the API.
    rows = metadata.get("citations") or metadata.get("citationSources")
    for row in _dicts(rows):
        index, start, end = place.of(row)
        known = (_text(row.get("uri")), _text(row.get("title")), None, start, end)
        yield index, Citation(*known, provider_metadata={"gemini": row})


class _Places:
    """From the provider's offsets to a part and its characters."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._bytes = [text.encode() for _, text in texts]
        self.last = texts[-1][0]

    def of(self, segment: dict[str, Any]) -> Span:
        """Where a segment is.

        The offsets count through all text parts as if they were one, which is
        what Gemini does in a stream, whose parts are the network's pieces. A
        segment that repeats its words is looked for where the offsets are wrong.
        """
        words = _text(segment.get("text"))
        start, end = segment.get("startIndex", 0), segment.get("endIndex")
        if isinstance(start, int) and isinstance(end, int) and 0 <= start < end:
            found = self._at(start, end)
            if found and (words is None or self._words(found) == words):
                return found
        for index, text in self._texts:
            if words and (at := text.find(words)) >= 0:
                return index, at, at + len(words)
        return self.last, None, None

    def _at(self, start: int, end: int) -> Span | None:
        for (index, _), data in zip(self._texts, self._bytes, strict=True):
            if start < len(data):
                first = len(data[:start].decode(errors="ignore"))
                return index, first, first + len(data[start:end].decode(errors="ignore"))
            start, end = start - len(data), end - len(data)
        return None

    def _words(self, span: Span) -> str:
        index, start, end = span
        return next(text for mine, text in self._texts if mine == index)[start:end]


def _text(value: Any) -> str | None:
    return text_of(value) or None


def _dicts(value: Any) -> list[dict[str, Any]]:
    """Each in its place, for others are named by their number."""
    return [dict_of(one) for one in list_of(value)]
