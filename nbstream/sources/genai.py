"""Reads the streams of google-genai: ``generate_content_stream``, blocking and asynchronous."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.protocols.gemini import Gemini
from nbstream.sources.readers import ProviderReader, as_json, class_names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nbstream.core.events import Event
    from nbstream.sources.readers import Reader

_OWN = frozenset({"sdk_http_response", "automatic_function_calling_history", "parsed"})
"""Fields that the library adds to the API's."""


def reader(item: Any, thing: Any) -> Reader | None:
    """The reader for items like this one; None if they are not of this library."""
    return _Reader(thing) if "GenerateContentResponse" in class_names(item) else None


class _Reader(ProviderReader):
    def __init__(self, thing: Any) -> None:
        super().__init__(Gemini(), "google", thing)

    def read(self, item: Any) -> Iterable[Event]:
        """The events of one piece of the response."""
        return self.feed(f"data: {as_json(item, leave_out=_OWN)}\n\n".encode())
