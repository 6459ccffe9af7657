"""``ProviderError`` and its subclasses: what a provider answers in place of an answer."""

from nbstream.errors.types import StreamError


class ProviderError(StreamError):
    """The provider answered with an error.

    >>> nbstream.errors.ProviderError("It failed.", provider="openai", status=418).status
    418
    """


class AuthenticationError(ProviderError):
    """The provider rejected the API key (HTTP 401).

    >>> nbstream.errors.AuthenticationError("Invalid key.", status=401).remedy
    'Check the API key.'
    """

    default_remedy = "Check the API key."


class PermissionDeniedError(ProviderError):
    """The key is valid, but not for this model or this use (HTTP 403).

    >>> nbstream.errors.PermissionDeniedError("No access.", status=403).retryable
    False
    """

    default_remedy = "Check at the provider which models and features this API key may use."


class NotFoundError(ProviderError):
    """The provider has no such model, or nothing at this address (HTTP 404).

    >>> nbstream.errors.NotFoundError("No model gpt-55.", status=404).remedy
    "Check the model's name, and the address if you gave one."
    """

    default_remedy = "Check the model's name, and the address if you gave one."
    similar: tuple[str, ...] = ()
    """The models with a similar name, if the provider named some."""


class RateLimitError(ProviderError):
    """Too many requests, or the budget is used up (HTTP 429, 402).

    >>> nbstream.errors.RateLimitError("Too many requests.", wait=20).wait
    20
    """

    default_remedy = "Wait a moment, then run it again."
    default_retryable = True


class BadRequestError(ProviderError):
    """The provider does not accept the request (HTTP 400, 422).

    >>> nbstream.errors.BadRequestError("Unknown field.", status=400).remedy
    'Check the parameters and the messages.'
    """

    default_remedy = "Check the parameters and the messages."


class ContextLengthError(BadRequestError):
    """The conversation is longer than the model can read.

    >>> issubclass(nbstream.errors.ContextLengthError, nbstream.errors.BadRequestError)
    True
    """

    default_remedy = "Send less: leave out early messages, or use a model with a longer context."


class ContentFilterError(BadRequestError):
    """The provider's filter stopped the request or the answer.

    >>> issubclass(nbstream.errors.ContentFilterError, nbstream.errors.BadRequestError)
    True
    """

    default_remedy = "Rephrase the request; the provider's filter does not allow this one."


class OverloadedError(ProviderError):
    """The provider has too many requests from all its users (HTTP 503, 529).

    >>> nbstream.errors.OverloadedError("Overloaded.", status=529).retryable
    True
    """

    default_remedy = "Wait a moment, then run it again."
    default_retryable = True


class ServerError(ProviderError):
    """The provider failed (HTTP 500 and above).

    >>> nbstream.errors.ServerError("Internal error.", status=500).retryable
    True
    """

    default_remedy = "The failure is on the provider's side. Run it again."
    default_retryable = True
