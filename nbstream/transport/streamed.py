"""Sends one HTTP request and streams the bytes of its response, within time limits."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbstream.core.http_response import Response
from nbstream.errors import StreamError, UsageError
from nbstream.transport.body import encode_json
from nbstream.transport.clients import route_to, shared_client
from nbstream.transport.clocks import Clock
from nbstream.transport.compression import ACCEPTED, plain_chunks
from nbstream.transport.connection_errors import connection_error, is_truncated
from nbstream.transport.custom_client import has_own_timeouts
from nbstream.transport.failures import (
    BLANK,
    ERROR_BODY,
    LONGEST_TAG,
    WEB_PAGE,
    Limit,
    error_for_status,
    is_web_page,
    web_page_error,
)
from nbstream.transport.hosts import netloc
from nbstream.transport.timeouts import Timeouts

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

_WRITE_TIMEOUT = 30.0  # seconds
REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class StreamedResponse:
    """A response with its body, which is still arriving, as an iterator of bytes.

    Call ``clock.event_came()`` when a real event has come of them.
    """

    response: Response
    body: AsyncIterator[bytes]
    clock: Clock


@asynccontextmanager
async def open_stream(
    url: str,
    headers: dict[str, str],
    body: dict[str, Any] | None = None,
    *,
    content: bytes | None = None,
    method: str = "POST",
    client: Any = None,
    timeout: Timeouts | None = None,  # noqa: ASYNC109 - several, and not for the block
    clock: Clock | None = None,
    events: bool = False,
    model: str | None = None,
    secret: str | None = None,
    return_redirects: bool = False,
    require_complete: bool = False,
) -> AsyncIterator[StreamedResponse]:
    """Send ``body`` as JSON, or ``content`` as it is, and stream the response's bytes.

    Leaving the context before the body's end closes the connection.

    Args:
        url: the full address, with its query.
        headers: all headers but the content type of JSON.
        body: is encoded as JSON.
        content: the encoded body; takes precedence over ``body``.
        method: the HTTP method.
        client: the user's client; None for ours.
        timeout: None for the defaults, or for the client's own timeouts if the user set some.
        clock: the clock of the answer, if it takes several requests; None makes one.
        events: the caller reads events, and says when one has come.
        model: the model's name, for an error that suggests similar ones.
        secret: is removed from error messages; some providers repeat the key they received.
        return_redirects: return a redirect as a response; it is never followed. By default a
            redirect is an error.
        require_complete: fail if the connection breaks within the body. By default the body
            then just ends, and the protocol decides whether that was too early.

    Raises:
        ConnectionFailedError: no connection, or it broke before the response.
        ResponseTimeoutError: a time limit passed without any bytes.
        ProviderError: the server answered with an error.
        UsageError: the user's client cannot be used here; or a proxy or certificates that the
            environment names cannot be used, and this request needs them.
    """
    host = netloc(url)
    route = route_to(url) if client is None else None
    answered = False
    clock = clock or Clock(timeout or Timeouts())
    clock.begin(host, events=events)
    try:
        if body is not None and content is None:
            headers = {"Content-Type": "application/json", **headers}
            content = encode_json(body)
        response = await clock.wait(
            _send(
                method,
                url,
                headers,
                content,
                client if route is None else shared_client(route),
                is_own=route is not None,
                limits=timeout,
            )
        )
        answered = True
        try:
            chunks = _body_chunks(response, clock, host, require_complete=require_complete)
            is_redirect = return_redirects and response.status_code in REDIRECT_STATUSES
            if not response.is_success and not is_redirect:
                explanation = await _beginning(chunks, ERROR_BODY)
                raise error_for_status(
                    response, explanation, host, model=model, secret=secret, route=route
                )
            yield StreamedResponse(
                Response(response.status_code, url.partition("?")[0], response.headers),
                chunks if is_redirect else _unless_web_page(chunks, response, host),
                clock,
            )
        finally:
            await response.aclose()
    except (StreamError, UsageError):
        raise
    except Exception as error:
        if (known := connection_error(error, url, route, answered=answered)) is None:
            raise
        raise known from None
    finally:
        clock.end()


async def _send(
    method: str,
    url: str,
    headers: dict[str, str],
    content: bytes | None,
    client: Any,
    *,
    is_own: bool,
    limits: Timeouts | None,
) -> Any:
    """Send the request and return the client's response, before its body is read."""
    settings: dict[str, Any] = {}
    if is_own or limits is not None or not has_own_timeouts(client):
        # connect, read, write, pool. The read timeouts are enforced by this file: httpx
        # has only one, for the first byte and all others.
        settings["timeout"] = ((limits or Timeouts()).connect, None, _WRITE_TIMEOUT, None)
    headers = {"Accept": "text/event-stream", "Accept-Encoding": ACCEPTED, **headers}
    request = client.build_request(method, url, headers=headers, content=content, **settings)
    # A client that follows redirects itself would send the key to another host.
    return await client.send(request, stream=True, follow_redirects=False)


async def _body_chunks(
    response: Any, clock: Clock, host: str, *, require_complete: bool
) -> AsyncGenerator[bytes, None]:
    """Yield the body's chunks within the time limits."""
    chunks = plain_chunks(response, host, require_complete=require_complete)
    try:
        while data := await clock.wait(anext(chunks, b"")):
            clock.bytes_came()
            yield data
    except Exception as error:
        if is_truncated(error) and not require_complete:
            return
        raise


async def _unless_web_page(
    chunks: AsyncGenerator[bytes, None], response: Any, host: str
) -> AsyncGenerator[bytes, None]:
    """Yield the chunks, or raise if they are a web page.

    Only the bytes decide: servers write ``text/html`` over answers, and proxies write other
    types over their pages.
    """
    start = b""
    async for data in chunks:
        start += data
        if not (text := start.lstrip(BLANK)):
            yield start
            start = b""
        elif text[:1] != b"<" or len(text) >= LONGEST_TAG:
            break
    if is_web_page(start, response.headers.get("content-type", "")):
        page = start + await _beginning(chunks, WEB_PAGE)
        raise web_page_error(page, host, response.status_code)
    if start:
        yield start
    async for data in chunks:
        yield data


async def _beginning(chunks: AsyncGenerator[bytes, None], limit: Limit) -> bytes:
    """The first bytes of a body that only explains an error: what comes within ``limit``.

    A body that stalls, breaks off or never ends does not hide the error.
    """
    pieces: list[bytes] = []
    with suppress(Exception):
        async with asyncio.timeout(limit.seconds):
            size = 0
            async for data in chunks:
                pieces.append(data)
                size += len(data)
                if size >= limit.size:
                    break
    return b"".join(pieces)[: limit.size]
