"""Converts a failed HTTP exchange to nbstream's errors.

A server can fail by its status, a web page, or a JSON error with status 200; a client by
its exceptions.
"""

from __future__ import annotations

import ipaddress
import json
from typing import Any

from nbstream.errors import (
    ConnectionFailedError,
    NotFoundError,
    ProtocolError,
    ResponseTimeoutError,
    StreamError,
    UsageError,
)
from nbstream.errors.parsing import error_in_stream, status_error

_START = "Start the server on this machine, or give its address with base_url=."
_SHOWN = 200  # bytes of an invalid body that an error quotes


def error_for_status(
    response: Any, host: str, model: str | None, secret: str | None
) -> StreamError:
    """The error for a response whose status is not 2xx. Its body must have been read.

    ``model`` and ``secret`` as in ``open_stream``.
    """
    status = response.status_code
    if status < 400:
        return NotFoundError(
            f"{host} answered {status}: it redirects the request to another address.",
            remedy="Check the address (base_url).",
            status=status,
        )
    return status_error(
        status, response.headers, response.text, host=host, model=model, secret=secret
    )


def reject_html(response: Any, host: str) -> None:
    """Raise if the response is a web page, where an API's response is expected.

    Raises:
        ProtocolError: the response is a web page.
    """
    if response.headers.get("content-type", "").startswith("text/html"):
        raise ProtocolError(
            f"{host} answered with a web page.",
            remedy="Check the address (base_url); it is not where the API is.",
            status=response.status_code,
        )


def reject_json_error(body: bytes, host: str) -> None:
    """Raise if the body is a JSON error, which some servers send with status 200.

    Raises:
        ProviderError: the body is such an error.
        ProtocolError: the body is not JSON, although its content type says so.
    """
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        shown = body[:_SHOWN].decode(errors="replace")
        raise ProtocolError(f"{host} sent something that is not JSON: {shown}") from None
    first = parsed[0] if isinstance(parsed, list) and parsed else parsed
    if isinstance(first, dict) and first.get("error"):
        raise error_in_stream(first)


def connection_error(error: Exception, host: str, *, own_client: bool) -> Exception | None:
    """Our error for an exception of the HTTP client; None if it is another exception.

    Compares class names, because httpx and httpx2 have different classes of the same names.
    ``own_client``: the client is ours, not one that the user passed.
    """
    names = {kind.__name__ for kind in type(error).__mro__}
    if "ConnectTimeout" in names or "PoolTimeout" in names:
        text = f"No connection to {host} within the time limit."
        return ResponseTimeoutError(text, retryable=True)
    if "TimeoutError" in names or "TimeoutException" in names:
        return ResponseTimeoutError(f"{host} sent nothing within the time limit.")
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
