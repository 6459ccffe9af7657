"""One request, and the answer's bytes as they come.

Knows connections and time-outs; what a failure is called stands in ``failures``.
Refuses to know what a body means and whether to try again.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

from nbstream.core.http_response import Response
from nbstream.errors import StreamError, UsageError
from nbstream.transport.body import as_json
from nbstream.transport.clients import our_client
from nbstream.transport.custom_client import has_own_timeouts
from nbstream.transport.failures import failure, refuse_error, refuse_page, refused
from nbstream.transport.timeouts import Timeouts

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_WRITING = 30.0  # seconds that sending may stand still
REDIRECTS = frozenset({301, 302, 303, 307, 308})
_BROKEN_OFF = {"ReadError", "RemoteProtocolError"}


@dataclass(frozen=True, slots=True)
class Answer:
    """A response whose body is still coming."""

    response: Response
    body: AsyncIterator[bytes]


@asynccontextmanager
async def open_stream(
    url: str,
    headers: dict[str, str],
    body: dict[str, Any] | None = None,
    *,
    content: bytes | None = None,
    method: str = "POST",
    client: Any = None,
    timeout: Timeouts | None = None,  # noqa: ASYNC109 - three of them, and not for the block
    model: str | None = None,
    secret: str | None = None,
    redirects: bool = False,
    whole: bool = False,
) -> AsyncIterator[Answer]:
    """Send ``body`` as JSON, or ``content``, and give the response's bytes as they come.

    Leaving the context closes the connection at once if the body is not read
    out. A body that breaks off simply ends: whether that was too soon is the
    protocol's to say. ``client`` is the user's, or ours if None. ``secret`` is
    kept out of error messages, for some providers repeat the key they were
    given; ``model`` is for those that tell the names they know. With
    ``redirects`` an answer that points elsewhere is given as it is, never
    followed; without, it is an error. With ``whole`` a body that breaks off
    fails.

    Raises:
        ConnectionFailedError: no connection, or it broke before the answer.
        ResponseTimeoutError: it went silent.
        ProviderError: the server answered with an error.
        UsageError: the user's client cannot be used here.
    """
    limits = timeout or Timeouts()
    host = _host(url)
    try:
        async with asyncio.timeout(limits.first_byte) as limit:
            if body is not None and content is None:
                headers = {"Content-Type": "application/json", **headers}
                content = as_json(body)
            response = await _send(
                method, url, headers, content, client, limits=timeout, redirects=redirects
            )
        try:
            if not response.is_success and not (redirects and response.status_code in REDIRECTS):
                async with asyncio.timeout(limits.between):
                    await response.aread()
                raise refused(response, host, model, secret)
            refuse_page(response, host)
            about = Response(response.status_code, url.partition("?")[0], response.headers)
            yield Answer(about, _bytes(response, limit.when(), limits.between, host, whole=whole))
        finally:
            await response.aclose()
    except (StreamError, UsageError):
        raise
    except Exception as error:
        if (known := failure(error, host, ours=client is None)) is None:
            raise
        raise known from None


async def _send(
    method: str,
    url: str,
    headers: dict[str, str],
    content: bytes | None,
    client: Any,
    *,
    limits: Timeouts | None,
    redirects: bool,
) -> Any:
    ours = client is None
    client = client or our_client()
    settings: dict[str, Any] = {}
    if ours or limits is not None or not has_own_timeouts(client):
        # connect, read, write, pool. Silence is watched here, where an answer's
        # first byte can be told from the others.
        settings["timeout"] = ((limits or Timeouts()).connect, None, _WRITING, None)
    headers = {"Accept": "text/event-stream", **headers}
    request = client.build_request(method, url, headers=headers, content=content, **settings)
    # A client that follows by itself would take the key along to another host.
    follow = {"follow_redirects": False} if redirects else {}
    return await client.send(request, stream=True, **follow)


async def _bytes(
    response: Any, deadline: float | None, between: float | None, host: str, *, whole: bool
) -> AsyncIterator[bytes]:
    chunks = response.aiter_bytes()
    try:
        async with asyncio.timeout_at(deadline):
            first = await anext(chunks, b"")
        if response.headers.get("content-type", "").startswith("application/json"):
            async for data in chunks:
                first += data
            if first.lstrip()[:1] in {b"{", b"["}:
                refuse_error(first, host)
        yield first
        while True:
            async with asyncio.timeout(between):
                data = await anext(chunks, b"")
            if not data:
                return
            yield data
    except Exception as error:
        if type(error).__name__ in _BROKEN_OFF and not whole:
            return
        raise


def _host(url: str) -> str:
    try:
        return httpx.URL(url).netloc.decode() or "the provider"
    except (httpx.InvalidURL, UnicodeDecodeError):
        return "the provider"
