"""Converts a server's failure to nbstream's errors: a status, or a web page."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbstream.core.shown import shown
from nbstream.errors import BadRequestError, NotFoundError, ProtocolError, StreamError
from nbstream.errors.parsing import status_error
from nbstream.transport.connection_errors import proxy_asks_for_password

if TYPE_CHECKING:
    from nbstream.transport.clients import Route


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

# Go, nginx, Apache, Traefik and Envoy answer so to http:// at a port for https://.
_WANTS_TLS = re.compile(
    r"plain HTTP request was sent to (?:an )?HTTPS|HTTP request to an HTTPS server"
    r"|speaking plain HTTP to an SSL",
    re.IGNORECASE,
)


def error_for_status(
    response: Any,
    body: bytes,
    host: str,
    *,
    model: str | None,
    secret: str | None,
    route: Route | None,
) -> StreamError:
    """The error for a response whose status is not 2xx. ``body`` is its body, or the beginning.

    ``model`` and ``secret`` as in ``open_stream``. ``route`` is None for the user's client.
    """
    status = response.status_code
    if status == 407:
        return proxy_asks_for_password(route)
    try:
        text = body.decode(response.charset_encoding or "utf-8", "replace")
    except LookupError:  # no such encoding
        text = body.decode(errors="replace")
    if status == 400 and _WANTS_TLS.search(text):
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
