"""Converts a server's failure to nbstream's errors: a status, a web page, JSON with an error."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from nbstream.errors import BadRequestError, NotFoundError, ProtocolError, StreamError
from nbstream.errors.parsing import error_in_stream, status_error
from nbstream.transport.connection_errors import proxy_asks_for_password

if TYPE_CHECKING:
    from nbstream.transport.clients import Route

_SHOWN = 200  # bytes of an invalid body that an error quotes

# Go, nginx, Apache, Traefik and Envoy answer so to http:// at a port for https://.
_WANTS_TLS = re.compile(
    r"plain HTTP request was sent to (?:an )?HTTPS|HTTP request to an HTTPS server"
    r"|speaking plain HTTP to an SSL",
    re.IGNORECASE,
)


def error_for_status(
    response: Any, host: str, model: str | None, secret: str | None, route: Route | None
) -> StreamError:
    """The error for a response whose status is not 2xx. Its body must have been read.

    ``model`` and ``secret`` as in ``open_stream``. ``route`` is None for the user's client.
    """
    status = response.status_code
    if status == 407:
        return proxy_asks_for_password(route)
    if status == 400 and _WANTS_TLS.search(response.text):
        return BadRequestError(
            f"{host} speaks https, and the address says http.",
            remedy="Write https:// in the address (base_url).",
            status=status,
        )
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
