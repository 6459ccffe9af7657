"""Keeps the HTTP response of a stream, and removes API keys from it, from errors and from logs.

The source fills it in while the run goes on. Errors get their provider, their
request id and the remedy for a rejected key from it.
"""

from __future__ import annotations

import re
import traceback
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nbstream.core.redact import redact
from nbstream.errors import AuthenticationError, NBStreamError, StreamError

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbstream.core.http_response import Response

_ADDRESS = re.compile(r"\b((?:the|its) address)(?: \(base_url\)| if you gave one)?(?=[.,;:])")
"""How remedies speak of the address."""


@dataclass(slots=True)
class Exchange:
    """The provider's name, its HTTP response, and the API keys that must never be shown.

    ``key_remedy`` is what to do if the provider rejects the key; ``address_place``, such as
    ``OLLAMA_HOST``, is where the user sets the address that errors speak of.
    """

    provider: str | None = None
    response: Response | None = None
    secrets: tuple[str, ...] = field(default=(), repr=False)
    key_remedy: str | None = None
    address_place: str | None = None
    conversation: str | None = None
    """The name of the chat that the requests belong to, if they belong to one."""
    answers_sent: int = 0
    answers_replayed: int = 0
    """How many requests a cassette recorded, and how many it answered."""
    on_response: Callable[[], None] | None = field(default=None, repr=False)
    """Called when the response's headers have come."""

    @property
    def is_replayed(self) -> bool:
        """Whether the answers came from a cassette, so that nothing was sent and nothing cost."""
        return bool(self.answers_replayed) and not self.answers_sent

    def set_response(self, response: Response) -> None:
        """Keep the response, without keys: some servers send the request's headers back."""
        headers: Any = response.headers  # mutable, whichever client made them
        for name, value in [*headers.items()]:
            if (redacted := self.redact(value)) != value:
                headers[name] = redacted
        self.response = response
        if self.on_response is not None:
            self.on_response()

    def describe(self, error: StreamError) -> None:
        """Set the provider, the request id and the remedy of ``error``; remove keys from it."""
        error.provider = error.provider or self.provider
        if isinstance(error, AuthenticationError) and error.remedy == error.default_remedy:
            error.remedy = self.key_remedy or error.remedy
        if self.address_place and error.remedy:
            error.remedy = _ADDRESS.sub(rf"\1 ({self.address_place})", error.remedy)
        if error.request_id is None and self.response is not None:
            error.request_id = self.response.request_id
        self._redact_error(error)

    def without_secrets(self, error: BaseException) -> Exception:
        """``error``, with everything removed that could show a key.

        Removed are its frames, because a verbose traceback prints their variables;
        the errors that caused it, if there is a key, because an HTTP client's hold the
        request; and the key in its text. Our own errors say all a user needs without.
        """
        if self.secrets:
            error.__cause__ = error.__context__ = None
        links: dict[int, BaseException] = {}
        _follow(error, links)
        for link in links.values():
            link.__traceback__ = None
        if isinstance(error, NBStreamError):
            self._redact_error(error)
            return error
        name = type(error).__name__
        try:
            shown = f"{error} {error!r}"
        except Exception:  # noqa: BLE001 - a class of the user; to print it would fail
            return StreamError(f"{name}, which cannot be shown as text.")
        if isinstance(error, Exception) and self.redact(shown) == shown:
            return error
        return StreamError(self.redact(f"{name}: {error}" if str(error) else name))

    def formatted(self, error: BaseException) -> str:
        """The traceback of ``error`` for a log, without variables and keys."""
        return self.redact("".join(traceback.format_exception(error)))

    def redact(self, text: str) -> str:
        """``text`` without the key, however it is encoded."""
        return redact(text, self.secrets)

    def _redact_error(self, error: NBStreamError) -> None:
        """Remove the keys from the error's text and remedy."""
        text = self.redact(error.text)
        if text != error.text:
            error.text = text
            error.args = (text,)
        if error.remedy:
            error.remedy = self.redact(error.remedy)


def _follow(error: BaseException | None, links: dict[int, BaseException]) -> None:
    """Add ``error`` and everything that caused it to ``links``."""
    if error is not None and id(error) not in links:
        links[id(error)] = error
        _follow(error.__cause__, links)
        _follow(error.__context__, links)
