"""Converts the sources of a Gemini response to citations: those of a search, and of quotations.

They come in the fields ``groundingMetadata`` and ``citationMetadata`` of a candidate.
The API's offsets count UTF-8 bytes, those of a citation count characters.

Sources: https://ai.google.dev/gemini-api/docs/google-search (groundingChunks,
groundingSupports) and the API reference's CitationMetadata
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from nbstream.core.message import Citation
from nbstream.protocols.json_fields import dict_of, list_of, text_of

Texts = Sequence[tuple[int, str]]
"""The index and text of each text part."""

CitedPart = tuple[int, Citation]
"""The index of a part and a citation in it."""

Span = tuple[int, int | None, int | None]
"""The index of a part, and the start and end of a passage in it."""


def citations(metadata: dict[str, Any], texts: Texts) -> Iterator[CitedPart]:
    """The citations in a candidate's ``groundingMetadata`` and ``citationMetadata``."""
    if not texts:
        return
    spans = _Spans(texts)
    yield from _grounding_citations(dict_of(metadata.get("groundingMetadata")), spans)
    yield from _recitations(dict_of(metadata.get("citationMetadata")), spans)


def _grounding_citations(grounding: dict[str, Any], spans: _Spans) -> Iterator[CitedPart]:
    chunks = _dicts(grounding.get("groundingChunks"))
    supports = _dicts(grounding.get("groundingSupports"))
    for support in supports:
        span = spans.of(dict_of(support.get("segment")))
        scores = list_of(support.get("confidenceScores"))
        for nth, number in enumerate(list_of(support.get("groundingChunkIndices"))):
            if isinstance(number, int) and 0 <= number < len(chunks):
                score = scores[nth] if nth < len(scores) else None
                yield span[0], _source(chunks[number], span, score)
    if not supports:
        # Sources without a passage belong to the whole answer.
        for chunk in chunks:
            yield spans.last, _source(chunk, (spans.last, None, None))


def _source(chunk: dict[str, Any], span: Span, score: Any = None) -> Citation:
    """The citation of one source that a search found."""
    kind = next((name for name, value in chunk.items() if isinstance(value, dict)), "")
    source = dict_of(chunk.get(kind))
    extra = {} if score is None else {"confidenceScore": score}
    return Citation(
        url=_text(source.get("uri")) or _text(source.get("sourceUri")),  # the page of an image
        title=_text(source.get("title")),
        cited_text=_text(source.get("text")),
        start=span[1],
        end=span[2],
        provider_metadata={"gemini": {**chunk, **extra}},
    )


def _recitations(metadata: dict[str, Any], spans: _Spans) -> Iterator[CitedPart]:
    """The citations of text that the model quotes from its training data."""
    # `citationSources` is the field's name in the first version of the API.
    rows = metadata.get("citations") or metadata.get("citationSources")
    for row in _dicts(rows):
        index, start, end = spans.of(row)
        fields = (_text(row.get("uri")), _text(row.get("title")), None, start, end)
        yield index, Citation(*fields, provider_metadata={"gemini": row})


class _Spans:
    """Converts the API's offsets to a part and characters in it."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._bytes = [text.encode() for _, text in texts]
        self.last = texts[-1][0]

    def of(self, segment: dict[str, Any]) -> Span:
        """The span of a segment.

        The offsets count through all text parts as if they were one: in a stream, Gemini's
        parts are only pieces of the transfer. If the offsets do not match the segment's text,
        the text is searched for.
        """
        quoted = _text(segment.get("text"))
        start, end = segment.get("startIndex", 0), segment.get("endIndex")
        if isinstance(start, int) and isinstance(end, int) and 0 <= start < end:
            span = self._at(start, end)
            if span and (quoted is None or self._text_of(span) == quoted):
                return span
        for index, text in self._texts:
            if quoted and (at := text.find(quoted)) >= 0:
                return index, at, at + len(quoted)
        return self.last, None, None

    def _at(self, start: int, end: int) -> Span | None:
        for (index, _), data in zip(self._texts, self._bytes, strict=True):
            if start < len(data):
                first = len(data[:start].decode(errors="ignore"))
                return index, first, first + len(data[start:end].decode(errors="ignore"))
            start, end = start - len(data), end - len(data)
        return None

    def _text_of(self, span: Span) -> str:
        index, start, end = span
        return next(text for at, text in self._texts if at == index)[start:end]


def _text(value: Any) -> str | None:
    return text_of(value) or None


def _dicts(value: Any) -> list[dict[str, Any]]:
    """The rows of a list; invalid ones become empty, as other fields refer to rows by number."""
    return [dict_of(row) for row in list_of(value)]
