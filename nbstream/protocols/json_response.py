"""A decoder for responses whose body is one JSON object and not a stream of events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.errors import IncompleteResponseError
from nbstream.errors.parsing import error_in_stream
from nbstream.protocols.json_object import parse_json_object

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from nbstream.core.events import Event


class JSONResponseDecoder:
    """Collects the body, parses it and yields the events of ``read``; see ``Decoder``."""

    def __init__(self, read: Callable[[dict[str, Any]], Iterable[Event]]) -> None:
        self._read = read
        self._pieces: list[bytes] = []

    def feed(self, data: bytes) -> Iterator[Event]:
        """Store more bytes of the body. There are no events before its end."""
        self._pieces.append(data)
        return iter(())

    def close(self) -> Iterator[Event]:
        """Parse the body.

        Raises:
            IncompleteResponseError: the body is empty.
            ProtocolError: it is not a JSON object.
            ProviderError: it reports an error.
        """
        body, self._pieces = b"".join(self._pieces), []
        if not body.strip():
            raise IncompleteResponseError("The connection ended before the answer arrived.")
        row = parse_json_object(body)
        if row.get("error"):
            raise error_in_stream(row)
        yield from self._read(row)
