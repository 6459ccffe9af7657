"""What a failed exchange is called.

Knows how servers and HTTP clients fail: by a status, by a web page, by an error
that looks like an answer, by exceptions of their own. Refuses to know requests,
and whether to try again.
"""

from __future__ import annotations

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

_SHOWN = 200  # bytes of what is no JSON that an error quotes


def refused(response: Any, host: str, model: str | None, secret: str | None) -> StreamError:
    """The error that a response of another status than 2xx means; its body has been read.

    ``model`` and ``secret`` as in ``open_stream``.
    """
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


def refuse_page(response: Any, host: str) -> None:
    """A web page is no answer.

    Raises:
        ProtocolError: this is one.
    """
    if response.headers.get("content-type", "").startswith("text/html"):
        raise ProtocolError(
            f"{host} answered with a web page.",
            remedy="Check the address (base_url); it is not where the API is.",
            status=response.status_code,
        )


def refuse_error(body: bytes, host: str) -> None:
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


def failure(error: Exception, host: str, *, ours: bool) -> Exception | None:
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
