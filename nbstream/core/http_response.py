"""The status and headers of an HTTP response, as a value that outlives the connection.

Users get it as ``Stream.response``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Response:
    """The response's status and headers.

    ``headers`` ignores the case of names. ``url`` has no query, because some
    providers take a key there.
    """

    status: int
    url: str
    headers: Mapping[str, str] = field(repr=False)

    @property
    def request_id(self) -> str | None:
        """The provider's id of the request, which its support asks for."""
        return request_id_in(self.headers)


_HEADERS = (
    *("request-id", "x-request-id", "apim-request-id", "x-goog-request-id", "x-amzn-requestid"),
    *("x-ms-request-id", "x-kong-request-id", "x-vercel-id", "x-correlation-id", "x-trace-id"),
)
_NETWORK = ("cf-ray",)  # Cloudflare's; the provider's support can use it if there is nothing else


def request_id_in(headers: Mapping[str, str], in_body: str | None = None) -> str | None:
    """The provider's id of the request; ``in_body`` is the one that the body has, if any."""
    found = next((headers[name] for name in _HEADERS if headers.get(name)), None)
    network = next((headers[name] for name in _NETWORK if headers.get(name)), None)
    return found or in_body or network
