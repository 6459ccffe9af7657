"""A decoder for responses that are one JSON object, in a body of its own or in an event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.errors import IncompleteResponseError
from nbstream.errors.parsing import error_in_stream
from nbstream.protocols.framing import Frames
from nbstream.protocols.json_object import parse_json_object

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from nbstream.core.events import Event


class JSONResponseDecoder:
    """Collects the body, parses it and yields the events of ``read``; see ``Decoder``."""

    def __init__(self, read: Callable[[dict[str, Any]], Iterable[Event]]) -> None:
        self._read = read
        self._frames = Frames()
        self._texts: list[bytes] = []

    def feed(self, data: bytes) -> Iterator[Event]:
        """Read more bytes of the body. There are no events before its end."""
        self._texts += [text for _, text in self._frames.feed(data)]
        return iter(())

    def close(self) -> Iterator[Event]:
        """Parse the body.

        Raises:
            IncompleteResponseError: the body is empty, or ended within the object.
            ProtocolError: it is not a JSON object.
            ProviderError: it reports an error.
        """
        self._texts += [text for _, text in self._frames.close()]
        texts, self._texts = [text for text in self._texts if text.strip() != b"[DONE]"], []
        if not texts:
            self._frames.check()
            raise IncompleteResponseError("The connection ended before the answer arrived.")
        row = parse_json_object(texts[-1])
        if row.get("error"):
            raise error_in_stream(row)
        yield from self._read(row)
