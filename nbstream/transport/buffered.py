"""Answers that are wanted whole: JSON, and files to download.

Knows how much is too much, and whom a key may be shown to. Refuses to know what
an answer means and whether to ask again. Connections, time-outs and failures
are ``post``'s.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from nbstream.errors import ProtocolError, ProviderError
from nbstream.transport.streamed import REDIRECTS, open_stream

if TYPE_CHECKING:
    from nbstream.core.http_response import Response
    from nbstream.transport.streamed import Answer
    from nbstream.transport.timeouts import Timeouts

LARGEST = 512 * 1024 * 1024
"""Bytes of an answer that are read, unless the caller says otherwise."""

_HOPS = 3
_SHOWN = 100  # characters of what is no JSON that an error quotes


@dataclass(frozen=True, slots=True)
class Line:
    """How to reach a server: the user's client or None, time-outs, and what to keep quiet."""

    client: Any = field(default=None, repr=False)
    timeout: Timeouts | None = None
    model: str | None = None
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Download:
    """A file: its bytes, and its media type if the server said one."""

    data: bytes = field(repr=False)
    media_type: str | None

    def kind(self, expected: str) -> str:
        """The server's word for it, where that is a picture for a picture, a video for a video.

        A server of plain files calls everything an octet stream: that is ``expected``.
        """
        family, slash, _ = expected.partition("/")
        said = self.media_type or ""
        return said if said.startswith(family + slash) else expected


async def post_json(
    url: str, headers: dict[str, str], body: dict[str, Any], line: Line
) -> tuple[dict[str, Any], Response]:
    """POST ``body`` as JSON; the object that comes back.

    Raises:
        StreamError: as ``open_stream``.
        ProtocolError: the answer is no JSON object, or larger than ``LARGEST``.
    """
    return await _json("POST", url, headers, body, line)


async def get_json(
    url: str, headers: dict[str, str], line: Line, method: str = "GET"
) -> tuple[dict[str, Any], Response]:
    """GET an object. Raises as ``post_json``."""
    return await _json(method, url, headers, None, line)


async def _json(
    method: str, url: str, headers: dict[str, str], body: dict[str, Any] | None, line: Line
) -> tuple[dict[str, Any], Response]:
    headers = {"Accept": "application/json", **headers}
    async with open_stream(
        url,
        headers,
        body,
        method=method,
        client=line.client,
        timeout=line.timeout,
        model=line.model,
        secret=line.secret,
        whole=True,
    ) as answer:
        data = await _read(answer, LARGEST)
    try:
        row = json.loads(data) if data.strip() else {}
    except (ValueError, RecursionError):
        row = None
    if not isinstance(row, dict):
        shown = data[:_SHOWN].decode(errors="replace")
        raise ProtocolError(f"The server sent something that is no JSON object: {shown}")
    return row, answer.response


async def download(
    url: str, headers: dict[str, str], own: str, line: Line, largest: int = LARGEST
) -> Download:
    """The file at ``url``, of at most ``largest`` bytes (default 512 MB).

    ``headers`` with the key go to the server of ``own``, the provider's
    address, and to no other. Other servers must speak https. At most three
    redirects are followed.

    Raises:
        StreamError: as ``open_stream``.
        ProviderError: the address is none that is fetched from, or the file is
            larger than ``largest``.
    """
    for _ in range(_HOPS + 1):
        home = _origin(url) == _origin(own)
        if not home and urlsplit(url).scheme != "https":
            raise ProviderError(
                "The provider gave an address that nothing is downloaded from:"
                f" {url.partition('?')[0]}"
            )
        sent = {"Accept": "*/*", **(headers if home else {})}
        async with open_stream(
            url,
            sent,
            method="GET",
            client=line.client,
            timeout=line.timeout,
            secret=line.secret,
            redirects=True,
            whole=True,
        ) as answer:
            if answer.response.status not in REDIRECTS:
                data = await _read(answer, largest)
                kind = answer.response.headers.get("content-type", "").partition(";")[0].strip()
                return Download(data, kind or None)
            url = urljoin(url, answer.response.headers.get("location", ""))
    raise ProviderError("The provider's file is nowhere: each address points to another one.")


async def _read(answer: Answer, largest: int) -> bytes:
    length = answer.response.headers.get("content-length", "")
    if length.isdigit() and int(length) > largest:
        raise _too_large(largest)
    pieces: list[bytes] = []
    size = 0
    async for data in answer.body:
        size += len(data)
        if size > largest:
            raise _too_large(largest)
        pieces.append(data)
    return b"".join(pieces)


def _too_large(largest: int) -> ProviderError:
    return ProviderError(f"The answer is larger than {largest / 1024 / 1024:.0f} MB.")


def _origin(url: str) -> tuple[str, str | None, int | None]:
    found = urlsplit(url)
    port = found.port or {"https": 443, "http": 80}.get(found.scheme)
    return found.scheme, found.hostname, port
