"""What a stream knows of its HTTP exchange, beside the events.

Filled in by the source while the run goes on; read by the stream's face and
put on errors. Refuses to know how either works.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbstream.errors import StreamError
    from nbstream.transport.response import Response

_KEY_LENGTH = 8  # shorter ones are placeholders such as "none", which are words as well


@dataclass(slots=True)
class Exchange:
    """The provider's name, its response, and the key that must never be shown."""

    provider: str | None = None
    response: Response | None = None
    secret: str | None = field(default=None, repr=False)

    def sign(self, error: StreamError) -> None:
        """Say on ``error`` whose it is; blot the key out of its words."""
        error.provider = error.provider or self.provider
        if error.request_id is None and self.response is not None:
            error.request_id = self.response.request_id
        if self.secret and len(self.secret) >= _KEY_LENGTH and self.secret in error.text:
            error.text = error.text.replace(self.secret, "[key]")
            error.args = (error.text,)
