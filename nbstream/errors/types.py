"""The classes of errors; the tree is drawn in the package's docstring.

Knows how an error reads: what happened, where, and the remedy. Refuses to know
any provider, any transport and any notebook; who raises an error fills it in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbstream.core.message import Message


class NBStreamError(Exception):
    """The root of the tree.

    ``text`` says what happened in one sentence; ``remedy``, when there is one,
    says what to do about it (often a command). ``str(error)`` has both.
    """

    def __init__(self, text: str, *, remedy: str | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.remedy = remedy

    def __str__(self) -> str:
        return "\n".join(line for line in (self.text, self.remedy) if line)

    @property
    def title(self) -> str:
        """The class's name, as a heading."""
        return type(self).__name__


class UsageError(NBStreamError):
    """What was asked for cannot be done. Nothing was sent."""


class UnknownModelError(UsageError):
    """No provider or model has that name."""


class MissingKeyError(UsageError):
    """The provider needs an API key and none was found."""


class LocalModelError(UsageError):
    """The local model cannot be started: a package, a file or the child is amiss."""


class StreamError(NBStreamError):
    """The stream broke. ``message`` holds what had come until then.

    ``provider`` and ``request_id`` are what the provider's support asks for;
    ``status`` is the HTTP status, None if there was none or the stream was
    running already. ``retryable``: the same request may succeed later, and
    sending it again does no harm. ``wait``: the seconds to wait before that,
    if the provider said.
    """

    default_remedy: str | None = None
    default_retryable = False

    def __init__(
        self,
        text: str,
        *,
        remedy: str | None = None,
        provider: str | None = None,
        status: int | None = None,
        request_id: str | None = None,
        wait: float | None = None,
        retryable: bool | None = None,
    ) -> None:
        super().__init__(text, remedy=remedy or self.default_remedy)
        self.provider = provider
        self.status = status
        self.request_id = request_id
        self.wait = wait
        self.retryable = self.default_retryable if retryable is None else retryable
        self.message: Message | None = None

    def __str__(self) -> str:
        request = f"Request {self.request_id}." if self.request_id else None
        return "\n".join(line for line in (self.text, self.remedy, request) if line)


class TransportError(StreamError):
    """The provider could not be reached, or the connection broke or went silent."""


class ConnectionFailedError(TransportError):
    """There is no connection, or it broke before an answer came."""

    default_remedy = "Check the network and the address."


class ResponseTimeoutError(TransportError):
    """The provider was silent for longer than the time-outs allow."""

    default_remedy = "Run it again; if it stays silent, see whether the provider is up."


class ProviderError(StreamError):
    """The provider answered with an error."""


class AuthenticationError(ProviderError):
    """The provider rejected the API key (HTTP 401)."""

    default_remedy = "Check the API key."


class PermissionDeniedError(ProviderError):
    """The key is good, but not for this model or this use (HTTP 403)."""

    default_remedy = "See with the provider what this API key may use."


class NotFoundError(ProviderError):
    """The provider has no such model, or nothing at this address (HTTP 404)."""

    default_remedy = "Check the model's name, and the address if you gave one."


class RateLimitError(ProviderError):
    """Too many requests, or no budget left (HTTP 429, 402)."""

    default_remedy = "Wait a little, then run it again."
    default_retryable = True


class BadRequestError(ProviderError):
    """The provider does not understand the request, or does not allow it (HTTP 400, 422)."""

    default_remedy = "Check the parameters and the messages."


class ContextLengthError(BadRequestError):
    """The conversation is longer than the model can read."""

    default_remedy = "Send less: drop early messages, or ask a model with a longer context."


class ContentFilterError(BadRequestError):
    """The provider's filter stopped the request or the answer."""

    default_remedy = "Say it in other words; the provider does not answer this."


class OverloadedError(ProviderError):
    """The provider has more to do than it can (HTTP 503, 529)."""

    default_remedy = "Wait a little, then run it again."
    default_retryable = True


class ServerError(ProviderError):
    """Something is broken at the provider (HTTP 500 and above)."""

    default_remedy = "The trouble is on the provider's side; run it again."
    default_retryable = True


class CancelledStreamError(StreamError):
    """The stream was cancelled, and its final message or value was asked for.

    ``message`` is the partial message.
    """

    default_remedy = (
        "The partial answer is in `message` of this error, "
        "and in `.text`, `.output` and `.message` of the stream."
    )


class IncompleteResponseError(StreamError):
    """The bytes stopped before the protocol's terminal event."""


class ProtocolError(StreamError):
    """The bytes are not what the protocol promises."""
