"""Reads the streams of google-genai: ``generate_content_stream``, blocking and asynchronous."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from nbstream.protocols.gemini import Gemini
from nbstream.sources.readers import ProviderReader, as_json, class_names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nbstream.core.events import Event
    from nbstream.sources.readers import Reader

_OWN = frozenset({"sdk_http_response", "automatic_function_calling_history", "parsed"})
"""Fields that the library adds to the API's."""

_UNTOUCHED = frozenset({"args", "response"})
"""What a call or its result holds."""

_STANDARD = str.maketrans("-_", "+/")


def reader(item: Any, thing: Any) -> Reader | None:
    """The reader for items like this one; None if they are not of this library."""
    return _Reader(thing) if "GenerateContentResponse" in class_names(item) else None


class _Reader(ProviderReader):
    def __init__(self, thing: Any) -> None:
        super().__init__(Gemini(), "google", thing)

    def read(self, item: Any) -> Iterable[Event]:
        """The events of one piece of the response."""
        text = as_json(item, leave_out=_OWN)
        if '"inlineData"' in text or '"thoughtSignature"' in text:
            text = json.dumps(_as_sent(json.loads(text)))
        return self.feed(f"data: {text}\n\n".encode())


def _as_sent(value: Any) -> Any:
    """The response with the base64 of the API: the library writes bytes in that of URLs."""
    if isinstance(value, list):
        return [_as_sent(one) for one in value]
    if not isinstance(value, dict):
        return value
    row = {name: _as_sent(one) for name, one in value.items() if name not in _UNTOUCHED}
    row |= {name: one for name, one in value.items() if name in _UNTOUCHED}
    places = [(row, "thoughtSignature")]
    if isinstance(file := row.get("inlineData"), dict):
        places.append((file, "data"))
    for holder, name in places:
        if isinstance(text := holder.get(name), str):
            holder[name] = text.translate(_STANDARD)
    return row
