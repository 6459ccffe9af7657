"""Where an answer has its knowledge from.

Knows OpenAI's annotations, and Perplexity's and xAI's lists beside the answer.
Refuses to look for marks such as ``[1]`` in the text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core import events as ev
from nbstream.core.message import Citation

if TYPE_CHECKING:
    from nbstream.protocols.part_writer import PartWriter

_OF_RESULT = ("url", "title", "snippet")


class Sources:
    """The citations of an answer. Those that come before any text wait for it."""

    def __init__(self, writer: PartWriter) -> None:
        self.urls: list[Any] = []
        self.results: list[Any] = []
        self.left: dict[str, Any] = {}
        """Annotations of other kinds, as they came."""
        self._writer = writer
        self._waiting: list[Citation] = []

    def annotate(self, rows: list[Any]) -> list[ev.Event]:
        """Take annotations in."""
        for row in rows:
            if citation := _annotation(row):
                self._waiting.append(citation)
            else:
                self.left.setdefault("annotations", []).append(row)
        return self._cite()

    def refer(self, row: dict[str, Any]) -> list[ev.Event]:
        """Take Mistral's ``reference`` chunk in: its ids name results of the user's own tools."""
        self._waiting.append(Citation(provider_metadata={"openai_chat": row}))
        return self._cite()

    def finish(self) -> list[ev.Event]:
        """Cite the lists beside the answer: they grow and repeat, so their latest counts."""
        found = [result for row in self.results if (result := _result(row))]
        titled = {citation.url for citation in found}
        plain = (url for url in self.urls if isinstance(url, str) and url not in titled)
        self._waiting += found + [Citation(url=url) for url in plain]
        events = self._cite()
        if self._waiting:
            self.left["citations"] = self.results or self.urls
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
    found = row.get("url_citation")
    inner = found if isinstance(found, dict) else row
    start, end = inner.get("start_index"), inner.get("end_index")
    # OpenRouter says 0 to 0 where it does not know.
    spans = isinstance(start, int) and isinstance(end, int) and start < end
    return Citation(
        url=_text(inner, "url"),
        title=_text(inner, "title"),
        cited_text=_text(inner, "content"),
        start=start if spans else None,
        end=end if spans else None,
    )


def _result(row: Any) -> Citation | None:
    if not isinstance(row, dict):
        return None
    rest = {name: value for name, value in row.items() if name not in _OF_RESULT}
    return Citation(
        url=_text(row, "url"),
        title=_text(row, "title"),
        cited_text=_text(row, "snippet"),
        provider_metadata={"openai_chat": rest} if rest else {},
    )


def _text(row: dict[str, Any], name: str) -> str | None:
    value = row.get(name)
    return value if isinstance(value, str) and value else None
