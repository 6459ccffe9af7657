"""Converts a failed HTTP exchange to nbstream's errors.

A server can fail by its status or a web page, a client by its exceptions.
"""

from __future__ import annotations

import html
import ipaddress
import re
from dataclasses import dataclass
from typing import Any

from nbstream.core.shown import shown
from nbstream.errors import (
    ConnectionFailedError,
    NotFoundError,
    ProtocolError,
    ResponseTimeoutError,
    StreamError,
    UsageError,
)
from nbstream.errors.parsing import status_error

_START = "Start the server on this machine, or give its address with base_url=."


@dataclass(frozen=True, slots=True)
class Limit:
    """How much is read of a body that only explains an error: bytes, and seconds."""

    size: int
    seconds: float


ERROR_BODY = Limit(1024 * 1024, 10.0)
WEB_PAGE = Limit(64 * 1024, 2.0)

_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body|script|title|!--)", re.IGNORECASE
)
LONGEST_TAG = 16  # bytes that tell a web page by its first tag
_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)


def error_for_status(
    response: Any, body: bytes, host: str, model: str | None, secret: str | None
) -> StreamError:
    """The error for a response whose status is not 2xx. ``body`` is its body, or the beginning.

    ``model`` and ``secret`` as in ``open_stream``.
    """
    status = response.status_code
    if status < 400:
        return NotFoundError(
            f"{host} answered {status}: it redirects the request to another address.",
            remedy="Check the address (base_url).",
            status=status,
        )
    try:
        text = body.decode(response.charset_encoding or "utf-8", "replace")
    except LookupError:  # no such encoding
        text = body.decode(errors="replace")
    return status_error(status, response.headers, text, host=host, model=model, secret=secret)


def is_web_page(start: bytes, content_type: str) -> bool:
    """Whether a body that begins with ``start`` is an HTML page.

    An event stream and JSON never begin with a tag, whatever the content type says.
    """
    if content_type.startswith("text/html") and start.lstrip()[:1] == b"<":
        return True
    return _PAGE.match(start) is not None


def web_page_error(page: bytes, host: str, status: int) -> ProtocolError:
    """The error for a web page in the place of an answer: a portal's or a proxy's, mostly."""
    found = _TITLE.search(page.decode(errors="replace"))
    title = shown(" ".join(html.unescape(found[1]).split())) if found else ""
    return ProtocolError(
        f"{host} answered with a web page{f', {title}' if title else ''}.",
        remedy="Check the address (base_url). If it is right, something between here and there"
        " sent its own page: sign in to the network or the proxy, then run it again.",
        status=status,
    )


def connection_error(error: Exception, host: str, *, own_client: bool) -> Exception | None:
    """Our error for an exception of the HTTP client; None if it is another exception.

    Compares class names, because httpx and httpx2 have different classes of the same names.
    ``own_client``: the client is ours, not one that the user passed.
    """
    names = {kind.__name__ for kind in type(error).__mro__}
    if "ConnectTimeout" in names or "PoolTimeout" in names:
        return ResponseTimeoutError(
            f"No connection to {host} within the time limit.",
            limit="connect",
            remedy="To allow more time: timeout=nbstream.Timeouts(connect=...), in seconds.",
            retryable=True,
        )
    if "TimeoutError" in names or "TimeoutException" in names:
        return ResponseTimeoutError(f"{host} sent nothing within the client's own time limit.")
    if "HTTPError" in names or "InvalidURL" in names:
        reason = str(error) or type(error).__name__
        text = f"The connection to {host} failed: {reason}."
        remedy = _START if "ConnectError" in names and _is_this_machine(host) else None
        return ConnectionFailedError(text, remedy=remedy, retryable="TransportError" in names)
    if isinstance(error, RuntimeError) and not own_client:
        return UsageError(
            f"nbstream cannot use this client: {error}",
            remedy="Pass a new, open client. nbstream runs its own event loop, and a client's "
            "connections belong to the loop that opened them.",
        )
    return None


def _is_this_machine(host: str) -> bool:
    """Whether ``host``, with its port, is a loopback address."""
    name = host.rpartition(":")[0].strip("[]") or host
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"
