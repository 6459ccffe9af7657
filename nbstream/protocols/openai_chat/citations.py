"""Converts the citations of a Chat Completions response to events.

Reads OpenAI's annotations, Mistral's references, and the lists that Perplexity and xAI send with
the response. Marks in the text such as ``[1]`` are not parsed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core import events as ev
from nbstream.core.message import Citation

if TYPE_CHECKING:
    from nbstream.protocols.openai_chat.part_writer import PartWriter

_RESULT_FIELDS = ("url", "title", "snippet")


class Citations:
    """Collects a response's citations. Those that come before any text wait for it."""

    def __init__(self, writer: PartWriter) -> None:
        self.urls: list[Any] = []
        self.results: list[Any] = []
        self.unknown: dict[str, Any] = {}
        """Annotations of unknown types and uncited lists, unchanged."""
        self._writer = writer
        self._waiting: list[Citation] = []

    def add_annotations(self, rows: list[Any]) -> list[ev.Event]:
        """Add OpenAI's annotations and return the events to yield."""
        for row in rows:
            if citation := _annotation(row):
                self._waiting.append(citation)
            else:
                self.unknown.setdefault("annotations", []).append(row)
        return self._cite()

    def add_reference(self, row: dict[str, Any]) -> list[ev.Event]:
        """Add Mistral's ``reference`` chunk; its ids refer to results of the user's own tools."""
        self._waiting.append(Citation(provider_metadata={"openai_chat": row}))
        return self._cite()

    def finish(self) -> list[ev.Event]:
        """The events for the lists sent with the response; the latest contains the earlier ones."""
        results = [result for row in self.results if (result := _result(row))]
        cited = {citation.url for citation in results}
        uncited = (url for url in self.urls if isinstance(url, str) and url not in cited)
        self._waiting += results + [Citation(url=url) for url in uncited]
        events = self._cite()
        if self._waiting:
            self.unknown["citations"] = self.results or self.urls
        return events

    def _cite(self) -> list[ev.Event]:
        at = self._writer.last_text
        if at is None:
            return []
        waiting, self._waiting = self._waiting, []
        return [ev.CitationEvent(at, citation) for citation in waiting]


def _annotation(row: Any) -> Citation | None:
    if not isinstance(row, dict) or row.get("type") != "url_citation":
        return None
    value = row.get("url_citation")
    inner = value if isinstance(value, dict) else row
    start, end = inner.get("start_index"), inner.get("end_index")
    # OpenRouter sends 0 and 0 if it does not know the range.
    has_range = isinstance(start, int) and isinstance(end, int) and start < end
    return Citation(
        url=_text(inner, "url"),
        title=_text(inner, "title"),
        cited_text=_text(inner, "content"),
        start=start if has_range else None,
        end=end if has_range else None,
    )


def _result(row: Any) -> Citation | None:
    if not isinstance(row, dict):
        return None
    rest = {name: value for name, value in row.items() if name not in _RESULT_FIELDS}
    return Citation(
        url=_text(row, "url"),
        title=_text(row, "title"),
        cited_text=_text(row, "snippet"),
        provider_metadata={"openai_chat": rest} if rest else {},
    )


def _text(row: dict[str, Any], name: str) -> str | None:
    value = row.get(name)
    return value if isinstance(value, str) and value else None
