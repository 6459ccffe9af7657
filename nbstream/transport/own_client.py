"""Makes an httpx2 client with headers of its own, for a library that talks to one server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.errors import UsageError
from nbstream.transport.certificates import default_error
from nbstream.transport.clients import client_of, library, route_to

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

CONNECT = 30.0
READ = 300.0  # seconds between two pieces of a response; a stream of events may be silent
_EVENTS = "text/event-stream"


def own_client(
    url: str, headers: Mapping[str, str], most_bytes: int, heard: Callable[[int], None]
) -> Any:
    """A client for requests to ``url``: with its proxy and certificates, as all requests of ours.

    Args:
        url: The server's address.
        headers: What every request has.
        most_bytes: How long a response may be, unless it is a stream of events.
        heard: Called with the status of each response.

    Raises:
        UsageError: a proxy or certificates cannot be used, or a header is not valid.
    """
    http = library("httpx2")
    try:
        client = client_of(http, route_to(url))
    except OSError as error:
        raise default_error(error) from None
    client.timeout = http.Timeout(CONNECT, read=READ)
    try:
        client.headers.update(dict(headers))
    except (TypeError, ValueError, AttributeError) as error:
        raise UsageError(
            f"headers= cannot be sent: {type(error).__name__}.",
            remedy="Pass a dict of texts that consist of ASCII characters.",
        ) from None
    client.headers["accept-encoding"] = "identity"  # a few compressed bytes can be gigabytes
    client.event_hooks = {"response": [_limit(http, most_bytes, heard)]}
    return client


def _limit(http: Any, most_bytes: int, heard: Callable[[int], None]) -> Any:
    """A hook that ends a response which is compressed or too long."""

    class Limited(http.AsyncByteStream):  # type: ignore[misc]
        """The bytes of a response, up to the limit."""

        def __init__(self, stream: Any) -> None:
            self._stream = stream

        async def __aiter__(self) -> AsyncIterator[bytes]:
            left = most_bytes
            async for piece in self._stream:
                left -= len(piece)
                if left < 0:
                    raise http.ReadError(f"The response is longer than {most_bytes:,} bytes.")
                yield piece

        async def aclose(self) -> None:
            """Close the response."""
            await self._stream.aclose()

    async def limit(response: Any) -> None:
        heard(response.status_code)
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            raise http.ReadError("The response is compressed, which was not asked for.")
        if _EVENTS not in response.headers.get("content-type", ""):
            response.stream = Limited(response.stream)

    return limit
