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


def request_id_in(headers: Mapping[str, str]) -> str | None:
    """The provider's id of the request."""
    names = ("request-id", "x-request-id", "apim-request-id", "x-goog-request-id", "cf-ray")
    return next((headers[name] for name in names if headers.get(name)), None)
