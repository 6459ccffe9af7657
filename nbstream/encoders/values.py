"""Values of events as JavaScript front ends can take them: files, sources, citations, JSON.

Text of a model, of a tool or of a web page is not trusted: an address is passed on as one only if
a page may open it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from nbstream.core.data_url import data_url
from nbstream.core.message import as_json
from nbstream.core.part_events import events_of_part
from nbstream.core.parts import TextPart, parts_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbstream.core.events import Event, MessageEvent
    from nbstream.core.parts import BuiltinToolResultPart, Citation, FilePart, ToolResultPart

Row = dict[str, Any]


def is_web_address(url: str | None) -> bool:
    """Whether a page may link to ``url``: others, such as ``javascript:``, may be code."""
    return (url or "").lower().startswith(("http://", "https://"))


def plain(value: Any) -> Any:
    """``value`` as JSON; as its JSON text if a JavaScript reader refuses its names.

    ``__proto__`` would change an object's prototype there, so Vercel's client ends the whole
    stream when it finds one.
    """
    found = as_json(value)
    return json.dumps(found) if _changes_prototype(found) else found


def _changes_prototype(value: Any) -> bool:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if "__proto__" in one or "constructor" in one:
                return True
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
    return False


def file_address(part: FilePart) -> str | None:
    """Where a page finds a file: its bytes as a ``data:`` address, or its web address."""
    if part.data is not None:
        return data_url(part.media_type, part.data)
    url = part.url or ""
    return url if is_web_address(url) or url.lower().startswith("data:") else None


def output_of(part: ToolResultPart | BuiltinToolResultPart) -> Any:
    """The result of a tool as JSON; of text and file parts, a list of them."""
    rows = parts_in(part.result)
    if not rows:
        return plain(part.result)
    return [
        {"type": "text", "text": row.text}
        if isinstance(row, TextPart)
        else {"type": "file", "mediaType": row.media_type, "url": file_address(row) or str(row)}
        for row in rows
    ]


def utf16(text: str, place: int | None) -> int | None:
    """A place in ``text`` as JavaScript counts: in UTF-16 units."""
    if place is None:
        return None
    return place + sum(char > "\uffff" for char in text[:place])


def without_none(row: Row) -> Row:
    """``row`` without the fields that are None."""
    return {name: value for name, value in row.items() if value is not None}


class CitedSources:
    """The sources of a run, each once: an address, or the title of a document without one."""

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}

    def new(self, cited: Citation) -> Iterator[Row]:
        """The source of a citation if it is a new one: its ``id``, ``url`` and ``title``."""
        key = cited.url or cited.title
        if key and key not in self._ids:
            self._ids[key] = f"source-{len(self._ids) + 1}"
            url = cited.url if is_web_address(cited.url) else None
            title = cited.title or (None if url else key)
            yield without_none({"id": self._ids[key], "url": url, "title": title})


def events_of_parts(event: MessageEvent) -> Iterator[Event]:
    """The events of the parts of a reply that came in one piece."""
    for index, part in enumerate(event.message.parts):
        yield from events_of_part(part, index, message_index=event.message_index)
