"""One request, and the answer's bytes as they come.

Knows connections, time-outs and what their failures are called. Refuses to
know what a body means and whether to try again.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

from nbstream.errors import (
    ConnectionFailedError,
    NotFoundError,
    ProtocolError,
    ResponseTimeoutError,
    StreamError,
    UsageError,
    error_in_stream,
    status_error,
)
from nbstream.transport.clients import has_own_timeouts, our_client
from nbstream.transport.response import Response
from nbstream.transport.timeouts import Timeouts

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_WRITING = 30.0  # seconds that sending may stand still
REDIRECTS = frozenset({301, 302, 303, 307, 308})
_SHOWN = 200  # bytes of what is no JSON that an error quotes
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
            sent = {"json": body} if content is None else {"content": content}
            response = await _send(
                method, url, headers, sent, client, limits=timeout, redirects=redirects
            )
        try:
            if not response.is_success and not (redirects and response.status_code in REDIRECTS):
                async with asyncio.timeout(limits.between):
                    await response.aread()
                raise _refused(response, host, model, secret)
            _refuse_page(response, host)
            about = Response(response.status_code, _plain(url), response.headers)
            yield Answer(about, _bytes(response, limit.when(), limits.between, host, whole=whole))
        finally:
            await response.aclose()
    except (StreamError, UsageError):
        raise
    except Exception as error:
        if (known := _failure(error, host, ours=client is None)) is None:
            raise
        raise known from None


async def _send(
    method: str,
    url: str,
    headers: dict[str, str],
    sent: dict[str, Any],
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
    request = client.build_request(method, url, headers=headers, **sent, **settings)
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
                _refuse_error(first, host)
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


def _refused(response: Any, host: str, model: str | None, secret: str | None) -> StreamError:
    status = response.status_code
    if status < 400:
        return NotFoundError(
            f"{host} answered {status}: it wants the request to go elsewhere.",
            remedy="Check the address (base_url).",
            status=status,
        )
    return status_error(
        status, response.headers, response.text, host=host, model=model, secret=secret
    )


def _refuse_page(response: Any, host: str) -> None:
    if response.headers.get("content-type", "").startswith("text/html"):
        raise ProtocolError(
            f"{host} answered with a web page.",
            remedy="Check the address (base_url); it is not where the API is.",
            status=response.status_code,
        )


def _refuse_error(body: bytes, host: str) -> None:
    """Some servers report an error as JSON with a status that says all is well.

    Raises:
        ProviderError: the body is such a report.
        ProtocolError: it is not even JSON, as its header says.
    """
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        shown = body[:_SHOWN].decode(errors="replace")
        raise ProtocolError(f"{host} sent something that is no JSON: {shown}") from None
    row = found[0] if isinstance(found, list) and found else found
    if isinstance(row, dict) and row.get("error"):
        raise error_in_stream(row)


def _failure(error: Exception, host: str, *, ours: bool) -> Exception | None:
    """What a failure of the connection is called here; None for what is none.

    By the names of its classes, for httpx2's are other classes of those names.
    """
    names = {kind.__name__ for kind in type(error).__mro__}
    if "ConnectTimeout" in names or "PoolTimeout" in names:
        text = f"There was no connection to {host} in time."
        return ResponseTimeoutError(text, retryable=True)
    if "TimeoutError" in names or "TimeoutException" in names:
        return ResponseTimeoutError(f"{host} was silent for too long.")
    if "HTTPError" in names or "InvalidURL" in names:
        said = str(error) or type(error).__name__
        text = f"The connection to {host} failed: {said}."
        return ConnectionFailedError(text, retryable="TransportError" in names)
    if isinstance(error, RuntimeError) and not ours:
        return UsageError(
            f"This client cannot be used by nbstream: {error}",
            remedy="It must be open, and new: nbstream runs on an event loop of its own, and "
            "a client's connections belong to the loop they were made on.",
        )
    return None


def _host(url: str) -> str:
    try:
        return httpx.URL(url).netloc.decode() or "the provider"
    except (httpx.InvalidURL, UnicodeDecodeError):
        return "the provider"


def _plain(url: str) -> str:
    return url.partition("?")[0]
