"""Sends requests and reads the whole response, not a stream: JSON objects and file downloads."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from nbstream.core.json.large import LARGE, is_large, parse_large
from nbstream.errors import ProtocolError, ProviderError
from nbstream.transport.streamed import REDIRECT_STATUSES, open_stream

if TYPE_CHECKING:
    from nbstream.core.http_response import Response
    from nbstream.transport.clocks import Clock
    from nbstream.transport.streamed import StreamedResponse
    from nbstream.transport.timeouts import Timeouts

MAX_BYTES = 512 * 1024 * 1024
"""The default limit for the size of a response."""

_MAX_REDIRECTS = 3
_SHOWN = 100  # characters of an invalid body that an error quotes


@dataclass(frozen=True, slots=True)
class RequestOptions:
    """The settings that all requests to one server share: HTTP client, timeouts, names for errors.

    ``client`` is the user's HTTP client, or None for ours. ``clock`` is that of an answer which
    takes several requests. ``model`` and ``secret`` are for error messages; see ``open_stream``.
    """

    client: Any = field(default=None, repr=False)
    timeout: Timeouts | None = None
    clock: Clock | None = None
    model: str | None = None
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Download:
    """A downloaded file: its bytes, and its media type if the server sent one."""

    data: bytes = field(repr=False)
    media_type: str | None

    def media_type_like(self, expected: str) -> str:
        """The server's media type if its family (image, video) is that of ``expected``.

        Otherwise ``expected``.

        Plain file servers often call everything ``application/octet-stream``.
        """
        family, slash, _ = expected.partition("/")
        media_type = self.media_type or ""
        return media_type if media_type.startswith(family + slash) else expected


async def post_json(
    url: str,
    headers: dict[str, str],
    body: dict[str, Any],
    options: RequestOptions,
    content: bytes | None = None,
) -> tuple[dict[str, Any], Response]:
    """POST ``body`` as JSON, or ``content`` as it is; return the JSON object of the response.

    Raises:
        StreamError: as ``open_stream``.
        ProtocolError: the response is not a JSON object, or larger than ``MAX_BYTES``.
    """
    return await _json("POST", url, headers, body, options, content=content)


async def get_json(
    url: str, headers: dict[str, str], options: RequestOptions, method: str = "GET"
) -> tuple[dict[str, Any], Response]:
    """Send a request without a body and return its JSON object. Raises like ``post_json``."""
    return await _json(method, url, headers, None, options)


async def _json(
    method: str,
    url: str,
    headers: dict[str, str],
    body: dict[str, Any] | None,
    options: RequestOptions,
    *,
    content: bytes | None = None,
) -> tuple[dict[str, Any], Response]:
    """Send one request and parse the response's body as a JSON object."""
    headers = {"Accept": "application/json", **headers}
    async with open_stream(
        url,
        headers,
        body,
        content=content,
        method=method,
        client=options.client,
        timeout=options.timeout,
        clock=options.clock,
        model=options.model,
        secret=options.secret,
        require_complete=True,
    ) as streamed:
        data = await _read(streamed, MAX_BYTES)
    if len(data) > LARGE:  # parsing it would hold up the event loop, which all streams share
        parsed = await asyncio.to_thread(_parse, data)
    else:
        parsed = _parse(data)
    if not isinstance(parsed, dict):
        shown = data[:_SHOWN].decode(errors="replace")
        raise ProtocolError(f"The server sent something that is not a JSON object: {shown}")
    return parsed, streamed.response


def _parse(data: bytes) -> Any:
    """The JSON in ``data``: an empty object if it is blank, None if it is not JSON."""
    try:
        if is_large(data):
            return parse_large(data)
        return json.loads(data) if data.strip() else {}
    except (ValueError, RecursionError):
        return None


async def download(
    url: str,
    headers: dict[str, str],
    provider_url: str,
    options: RequestOptions,
    max_bytes: int = MAX_BYTES,
) -> Download:
    """Download the file at ``url``.

    ``headers``, which hold the key, are sent only to the server of ``provider_url``. Other
    servers must use https. Follows at most three redirects.

    Raises:
        StreamError: as ``open_stream``.
        ProviderError: the address uses neither https nor the provider's server, there are
            too many redirects, or the file is larger than ``max_bytes`` (default 512 MB).
    """
    for _ in range(_MAX_REDIRECTS + 1):
        is_provider = _origin(url) == _origin(provider_url)
        if not is_provider and urlsplit(url).scheme != "https":
            raise ProviderError(
                "The provider gave an address that is not https, so nothing is downloaded from it:"
                f" {url.partition('?')[0]}"
            )
        sent = {"Accept": "*/*", **(headers if is_provider else {})}
        async with open_stream(
            url,
            sent,
            method="GET",
            client=options.client,
            timeout=options.timeout,
            clock=options.clock,
            secret=options.secret,
            return_redirects=True,
            require_complete=True,
        ) as streamed:
            response = streamed.response
            if response.status not in REDIRECT_STATUSES:
                data = await _read(streamed, max_bytes)
                media_type = response.headers.get("content-type", "").partition(";")[0].strip()
                return Download(data, media_type or None)
            url = urljoin(url, response.headers.get("location", ""))
    raise ProviderError(
        "The provider's file cannot be downloaded: its address redirects more than"
        f" {_MAX_REDIRECTS} times."
    )


async def _read(streamed: StreamedResponse, max_bytes: int) -> bytes:
    """Read the whole body; raise if it is larger than ``max_bytes``."""
    length = streamed.response.headers.get("content-length", "")
    if length.isdigit() and int(length) > max_bytes:
        raise _too_large(max_bytes)
    pieces: list[bytes] = []
    size = 0
    async for data in streamed.body:
        size += len(data)
        if size > max_bytes:
            raise _too_large(max_bytes)
        pieces.append(data)
    return b"".join(pieces)


def _too_large(max_bytes: int) -> ProviderError:
    return ProviderError(f"The response is larger than {max_bytes / 1024 / 1024:.0f} MB.")


def _origin(url: str) -> tuple[str, str | None, int | None]:
    """The scheme, host and port of a URL; equal for two URLs of the same server."""
    parts = urlsplit(url)
    port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    return parts.scheme, parts.hostname, port
