"""Answers that come as one JSON object, for protocols that do not stream.

Knows how such a body is collected. What it means is the reader's to say, which
gives events. Refuses to know any provider.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.errors import IncompleteResponseError
from nbstream.errors.parsing import error_in_stream
from nbstream.protocols.json_object import parse_row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from nbstream.core.events import Event


class WholeDecoder:
    """Collects the body and gives ``read`` the object; see ``Decoder``."""

    def __init__(self, read: Callable[[dict[str, Any]], Iterable[Event]]) -> None:
        self._read = read
        self._pieces: list[bytes] = []

    def feed(self, data: bytes) -> Iterator[Event]:
        """Take more of the body in; nothing is known before its end."""
        self._pieces.append(data)
        return iter(())

    def close(self) -> Iterator[Event]:
        """The body has ended.

        Raises:
            IncompleteResponseError: nothing came.
            ProtocolError: it is no JSON object.
            ProviderError: it reports an error.
        """
        body, self._pieces = b"".join(self._pieces), []
        if not body.strip():
            raise IncompleteResponseError("The connection ended before the answer had come.")
        row = parse_row(body)
        if row.get("error"):
            raise error_in_stream(row)
        yield from self._read(row)
