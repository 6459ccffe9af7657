"""``from_url()``: watches a stream that another process makes and serves with ``stream.sse()``."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from nbstream.core.codec import event_from_dict
from nbstream.core.events import StreamStart
from nbstream.core.redact import (
    Address,
    Secret,
    hide_address,
    secrets_in_address,
    secrets_in_headers,
)
from nbstream.core.rows import row_from_json
from nbstream.errors import (
    AuthenticationError,
    BadRequestError,
    ConnectionFailedError,
    IncompleteResponseError,
    NotFoundError,
    PermissionDeniedError,
    ProtocolError,
    ProviderError,
    ServerError,
    StreamError,
    TransportError,
    UsageError,
)
from nbstream.errors.saved import error_from_dict
from nbstream.providers.keys import split_user
from nbstream.streams.http_exchange import Exchange
from nbstream.streams.run import Run
from nbstream.streams.served import END
from nbstream.streams.stream import Stream

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable, Mapping

    from nbstream.core.events import Event

_BEGINNINGS = (b"id:", b"event:", b"data:", b"retry:", b":", b'{"event_id"')
"""How a line begins that may have been cut."""

_EVENT_ID = re.compile(r"([\w-]{1,64}):([0-9]{1,15})", re.ASCII)
"""The run's token and the event's number. It is sent back in a header."""

_LONGEST_LINE = 512 * 1024 * 1024  # bytes: a file is one line, and may be a video

_SERVE = "Serve it with stream.sse() or stream.ndjson()."
_REMEDIES: dict[type[StreamError], str] = {
    NotFoundError: "Check the path of the address: it is that of the route that serves the stream.",
    AuthenticationError: 'Pass what the server asks for: headers={"Authorization": ...}.',
    PermissionDeniedError: 'Pass what the server asks for: headers={"Authorization": ...}.',
    ServerError: f"See the log of the server. {_SERVE}",
    BadRequestError: f"The route must answer GET. {_SERVE}",
}
_SHOWN = 60  # characters of a body that is none of ours

_LONGEST_WAIT = 8.0  # seconds before a further attempt


def from_url(
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    retries: int = 5,
    output_type: Any = None,
    client: Any = None,
) -> Stream[Any]:
    """A stream that is made elsewhere, as a stream here. This call does not open the connection.

    >>> stream = nbstream.from_url("http://127.0.0.1:8000/answers/1")
    >>> stream.is_started
    False

    Args:
        url: Where ``stream.sse()`` or ``stream.ndjson()`` is served.
        headers: Headers of the request, such as ``Authorization``; no repr and no error shows
            them.
        retries: How often in a row a connection that broke or failed is made again. It goes on
            after the last event that came, so none is lost or doubled. Default: 5.
        output_type: What the text of the answer is a value of. None (default): a text.
        client: An ``httpx.AsyncClient`` (or httpx2's) to connect with. None (default): ours.

    What ended the stream where it is made ends it here. Cancelling it here closes the connection
    alone.

    Raises:
        UsageError: the address is none, or ``output_type`` cannot be a type.
    """
    # First of all: a verbose traceback prints the variables of every frame.
    url = hide_address(url) or url
    hidden = {name: Secret(value) for name, value in (headers or {}).items()}
    headers = None
    plain, basic = _checked(url)
    secrets = (*secrets_in_address(url), *secrets_in_headers(hidden))
    if basic and not any(name.lower() == "authorization" for name in hidden):
        hidden["Authorization"] = Secret(f"Basic {basic}")
        secrets = (*secrets, basic)
    exchange = Exchange(secrets=secrets)
    watch = _Watch(plain, hidden, retries, client, exchange)
    run = Run(watch, exchange=exchange, output_type=output_type)
    watch.run = run
    return Stream(run)


def _checked(url: Any) -> tuple[Address, Secret | None]:
    """The address without user and password, which ``stream.response`` shows, and these.

    Raises:
        UsageError: it is none.
    """
    if isinstance(url, str) and url.startswith(("http://", "https://")):
        with suppress(ValueError):
            plain, basic, _ = split_user(url)
            return Address(plain), basic
    raise UsageError(
        f"from_url() takes an address, not {url!r}.", remedy="Write http://HOST:PORT/PATH."
    )


class _Watch:
    """The source of a run that watches another one."""

    def __init__(
        self, url: str, headers: Mapping[str, str], retries: int, client: Any, exchange: Exchange
    ) -> None:
        self._url, self._headers, self._retries = url, headers, retries
        self._client, self._exchange = client, exchange
        self._last = ""
        """The id of the last event that came, and its number."""
        self._number = 0
        self._ended = False
        self._end: Any = None
        """The error that ended the stream where it is made."""
        self.run: Run

    def _has_ended(self) -> bool:
        return self._ended

    async def __call__(self) -> AsyncGenerator[Iterable[Event], None]:
        failures = 0
        while not self._has_ended():
            before = self._last
            try:
                async for batch in self._connection():
                    yield batch
            except (TransportError, ProviderError) as error:
                if not self._ended:  # what the other side tells as its end has its own remedy
                    error.remedy = _remedy(error)
                if not self._may_retry(error):
                    raise
                problem: StreamError = error
            else:
                problem = _broken_off(begun=bool(self._last))
            if self._has_ended():
                return
            failures = 1 if self._last != before else failures + 1
            if failures > self._retries:
                raise problem
            await asyncio.sleep(min(0.1 * 2 ** (failures - 1), _LONGEST_WAIT))

    def _may_retry(self, error: StreamError) -> bool:
        """Whether a failure to connect may pass. What the other side tells as its end may not."""
        return not self._ended and (isinstance(error, TransportError) or error.retryable)

    async def _connection(self) -> AsyncGenerator[list[Event], None]:
        """The events of one connection, after the last one that came."""
        from nbstream.transport.streamed import open_stream

        again = {"Last-Event-ID": self._last} if self._last else {}
        headers = {**self._headers, **again}
        async with open_stream(self._url, headers, method="GET", client=self._client) as answer:
            self._exchange.set_response(answer.response)
            pieces: list[bytes] = []  # of a line that has not ended
            size = 0
            async for data in answer.body:
                pieces.append(data)
                size += len(data)
                if b"\n" not in data:
                    if size > _LONGEST_LINE:
                        raise ProtocolError("The server sends a line that never ends.")
                    continue
                *lines, rest = b"".join(pieces).split(b"\n")
                pieces, size = [rest], len(rest)
                events = [event for line in lines for event in self._read(line)]
                if events:
                    yield events
                if self._ended:
                    self._raise_end()
                    return
            held = b"".join(pieces)
            if not self._last and held.strip() and not held.startswith(_BEGINNINGS):
                raise self._not_ours(held)

    def _read(self, line: bytes) -> list[Event]:
        """The event of one line: JSON, or the data of a server-sent event."""
        text = line.removeprefix(b"data:").strip()
        if not text.startswith(b"{"):
            return []
        try:
            row = row_from_json(text)
            found = _EVENT_ID.fullmatch(str(row.get("event_id")))
            event = None if row.get("kind") == END else event_from_dict(row)
        except ValueError:
            raise self._not_ours(line) from None
        if found is None:
            raise self._not_ours(line)
        if self._last and found[1] != self._last.partition(":")[0]:
            raise ProtocolError("Another stream is served at this address now.")
        number = int(found[2])
        if number <= self._number:
            return []  # the server does not know Last-Event-ID, and begins again
        if number > self._number + 1:
            raise ProtocolError(
                "The server has left out events.",
                remedy="Give the request's Last-Event-ID to stream.sse() or stream.ndjson().",
            )
        self._last, self._number = found[0], number
        if event is None:
            self._ended = True
            self._end = row.get("error")
            return []
        if isinstance(event, StreamStart) and event.model and not self.run.model:
            self.run.model = "/".join(filter(None, (event.provider, event.model)))
        return [event]

    def _not_ours(self, line: bytes) -> ProtocolError:
        """The error for a body that is none of nbstream's."""
        text = self._exchange.redact(line.strip().decode("utf-8", "replace"))
        begins = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
        return ProtocolError(
            f"The server sends something else than a stream of nbstream: {begins!r}",
            remedy=_SERVE,
        )

    def _raise_end(self) -> None:
        """Raise what ended the stream where it is made."""
        if self._end is not None:
            raise error_from_dict(self._end)


def _broken_off(*, begun: bool) -> IncompleteResponseError:
    """The error for a connection that ended before the stream."""
    when = "" if begun else " before anything came"
    return IncompleteResponseError(
        f"The connection broke off{when}.", remedy=f"See the log of the server. {_SERVE}"
    )


def _remedy(error: StreamError) -> str | None:
    """What to do about a failure of the request: those of errors speak of models and keys."""
    if isinstance(error, ConnectionFailedError):
        return error.remedy and error.remedy.replace(" (base_url)", "")
    for kind, remedy in _REMEDIES.items():
        if isinstance(error, kind):
            return remedy
    return error.remedy
