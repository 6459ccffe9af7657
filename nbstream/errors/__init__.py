"""The errors that nbstream raises.

* NBStreamError
  x UsageError            what was asked for cannot be done; nothing was sent
    - UnknownModelError
    - MissingKeyError
    - LocalModelError     the local model cannot be started
  x StreamError           the stream broke; ``.message`` holds what had come
    - TransportError      the provider could not be reached, or went silent
      . ConnectionFailedError
      . ResponseTimeoutError
    - ProviderError       the provider answered with an error
      . AuthenticationError    the key is wrong
      . PermissionDeniedError  the key may not do this
      . NotFoundError          no such model, or no such address
      . RateLimitError         too much at once; ``.wait`` says for how long
      . ContextLengthError     the conversation is too long for the model
      . BadRequestError        the provider does not understand the request
      . OverloadedError        the provider has too much to do
      . ServerError            the provider is broken
      . ContentFilterError     the provider refuses the subject
    - CancelledStreamError     a final value was asked of a stream that was cancelled
    - IncompleteResponseError  the bytes stopped without the protocol's end
    - ProtocolError            the bytes are not what the protocol promises
    - OutputError              the answer is none of the type that was asked for

The classes are in ``types`` and ``output``. ``parsing`` turns a provider's error into one of them,
with the help of ``codes`` (which class) and ``retry_after`` (how long to wait).
"""

from nbstream.errors.output import OutputError
from nbstream.errors.types import (
    AuthenticationError,
    BadRequestError,
    CancelledStreamError,
    ConnectionFailedError,
    ContentFilterError,
    ContextLengthError,
    IncompleteResponseError,
    LocalModelError,
    MissingKeyError,
    NBStreamError,
    NotFoundError,
    OverloadedError,
    PermissionDeniedError,
    ProtocolError,
    ProviderError,
    RateLimitError,
    ResponseTimeoutError,
    ServerError,
    StreamError,
    TransportError,
    UnknownModelError,
    UsageError,
)

__all__ = [
    "AuthenticationError",
    "BadRequestError",
    "CancelledStreamError",
    "ConnectionFailedError",
    "ContentFilterError",
    "ContextLengthError",
    "IncompleteResponseError",
    "LocalModelError",
    "MissingKeyError",
    "NBStreamError",
    "NotFoundError",
    "OutputError",
    "OverloadedError",
    "PermissionDeniedError",
    "ProtocolError",
    "ProviderError",
    "RateLimitError",
    "ResponseTimeoutError",
    "ServerError",
    "StreamError",
    "TransportError",
    "UnknownModelError",
    "UsageError",
]
