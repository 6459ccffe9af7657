"""The interface of a provider's batches: many requests at once, answered within a day. No I/O."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Protocol
from urllib.parse import quote

from nbstream.errors import ProtocolError, ProviderError
from nbstream.protocols.json_fields import text_of
from nbstream.protocols.json_object import parse_json_object

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nbstream.errors import StreamError
    from nbstream.protocols.base import Request

NOT_SENT = ("stream", "stream_options")
"""Fields of a streamed request that a request in a batch does not have."""


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """What came of one request: the body of its response, or its error."""

    body: bytes = field(default=b"", repr=False)
    error: StreamError | None = None


@dataclass(frozen=True, slots=True)
class BatchState:
    """The state of a batch.

    ``status`` is the provider's word; ``done`` and ``failed`` count requests. ``files`` are the
    paths of the results, once it has ``ended``. ``error`` says why no request was answered.
    """

    status: str
    done: int = 0
    failed: int = 0
    ended: bool = False
    files: tuple[str, ...] = ()
    error: StreamError | None = None


class BatchProtocol(Protocol):
    """One provider's interface for batches."""

    headers: ClassVar[dict[str, str]]
    """Those of every request, besides the key."""
    max_requests: int
    max_bytes: int

    def line(self, custom_id: str, body: bytes) -> bytes:
        """One request of a batch; ``body`` is that of a request of its own."""
        ...

    def upload(self, lines: Sequence[bytes]) -> Request | None:
        """The request that uploads the lines; None if ``create`` sends them."""
        ...

    def create(self, lines: Sequence[bytes], file_id: str) -> Request:
        """The request that starts a batch. ``file_id`` is that of the uploaded lines, or empty."""
        ...

    def path(self, batch_id: str) -> str:
        """The path below the base URL that returns the batch's state."""
        ...

    def cancel(self, batch_id: str) -> str:
        """The path to which an empty POST cancels the batch."""
        ...

    def state(self, row: dict[str, Any]) -> BatchState:
        """The batch's state, from the response of ``create`` or of ``path``."""
        ...

    def answer(self, row: dict[str, Any]) -> BatchAnswer:
        """What a line of the results says."""
        ...


def id_of(row: dict[str, Any]) -> str:
    """The id in the response to an upload or a new batch.

    Raises:
        ProtocolError: there is none.
    """
    if not (found := text_of(row.get("id"))):
        raise ProtocolError("The provider's response to a new batch has no id.")
    return found


def in_path(batch_id: str) -> str:
    """An id, as a part of a path."""
    return quote(batch_id, safe="")


def answers(protocol: BatchProtocol, data: bytes) -> Iterator[tuple[str, BatchAnswer]]:
    """The custom id and the answer of each line of a file of results.

    A line that is not whole is left out, so that its request counts as unanswered.
    """
    for line in data.split(b"\n"):
        if line.strip():
            try:
                row = parse_json_object(line)
            except (ProtocolError, ProviderError):
                continue
            yield text_of(row.get("custom_id")), protocol.answer(row)


def as_body(row: dict[str, Any]) -> bytes:
    """A response in a line of results, as the bytes that a decoder reads."""
    return json.dumps(row).encode()
