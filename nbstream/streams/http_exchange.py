"""What a stream knows of its HTTP exchange, beside the events.

Filled in by the source while the run goes on; read by the stream's face and
put on errors. Keeps what must not be shown out of what a failure says. Refuses
to know how source and run work.
"""

from __future__ import annotations

import traceback
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nbstream.core.redact import blot
from nbstream.errors import NBStreamError, StreamError

if TYPE_CHECKING:
    from nbstream.core.http_response import Response


@dataclass(slots=True)
class Exchange:
    """The provider's name, its response, and the keys that must never be shown."""

    provider: str | None = None
    response: Response | None = None
    secrets: tuple[str, ...] = field(default=(), repr=False)

    def answered(self, response: Response) -> None:
        """Keep the response; some servers send back what they were sent, for debugging."""
        headers: Any = response.headers  # of a client's own class, which may be written to
        for name, value in [*headers.items()]:
            if (quiet := self.quiet(value)) != value:
                headers[name] = quiet
        self.response = response

    def sign(self, error: StreamError) -> None:
        """Say on ``error`` whose it is; blot the key out of its words."""
        error.provider = error.provider or self.provider
        if error.request_id is None and self.response is not None:
            error.request_id = self.response.request_id
        self._quieten(error)

    def sealed(self, error: Exception) -> Exception:
        """``error`` without what could show a key.

        That is its frames, whose variables a verbose traceback prints; where there
        is a key, the errors that it came from, for an HTTP client's hold the request;
        and the key itself in its words. Ours say all that a user needs without them.
        """
        if self.secrets:
            error.__cause__ = error.__context__ = None
        links: dict[int, BaseException] = {}
        _follow(error, links)
        for link in links.values():
            link.__traceback__ = None
        if isinstance(error, NBStreamError):
            self._quieten(error)
        elif self.quiet(words := f"{error} {error!r}") != words:
            return StreamError(self.quiet(f"{type(error).__name__}: {error}"))
        return error

    def traced(self, error: BaseException) -> str:
        """The traceback of ``error``, for a log: no variables, and no key in its words."""
        return self.quiet("".join(traceback.format_exception(error)))

    def quiet(self, text: str) -> str:
        """``text`` without the key, in whatever form it is quoted."""
        return blot(text, self.secrets)

    def _quieten(self, error: NBStreamError) -> None:
        text = self.quiet(error.text)
        if text != error.text:
            error.text = text
            error.args = (text,)
        if error.remedy:
            error.remedy = self.quiet(error.remedy)


def _follow(error: BaseException | None, links: dict[int, BaseException]) -> None:
    """Put ``error`` among ``links``, and all that it came from."""
    if error is not None and id(error) not in links:
        links[id(error)] = error
        _follow(error.__cause__, links)
        _follow(error.__context__, links)
