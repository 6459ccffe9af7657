"""The errors that nbstream raises.

* NBStreamError
  x UsageError              the call cannot be carried out; nothing was sent
    - UnknownModelError
    - MissingKeyError
    - LocalModelError       the local model cannot be started
  x ModelRetry              raised by a tool: the model tries again
  x DeclinedError           what a tool asked has no answer
  x MCPError                an MCP server failed, or cannot be reached
  x StreamError             the stream failed; ``.message`` holds what had arrived
    - TransportError        the provider could not be reached, or went silent
      . ConnectionFailedError
      . ResponseTimeoutError
    - ProviderError         the provider answered with an error
      . AuthenticationError    the key is wrong
      . PermissionDeniedError  the key may not do this
      . NotFoundError          no such model, or no such address
      . RateLimitError         too many requests, or no budget left; see ``.wait``
      . OverloadedError        the provider has too many requests
      . ServerError            the provider failed
      . BadRequestError        the provider does not accept the request
        + ContextLengthError     the conversation is too long for the model
        + ContentFilterError     the provider's filter stopped it
    - CancelledStreamError     a final value was asked of a stream that was cancelled
    - IncompleteResponseError  the bytes stopped without the protocol's end
    - ProtocolError            the bytes do not follow the protocol
    - AgentError               an agent's run cannot go on
      . UsageLimitError        a run has reached one of its limits
    - NotRecordedError      the cassette that is replayed has no answer; nothing was sent
    - OutputError              the answer is not of the type that was asked for

The classes are in ``types``, ``provider``, ``agent`` and ``output``.
``parsing`` turns a provider's error into one of them, with the help of ``codes`` (which class),
``retry_after`` (how long to wait) and ``request_ids``.
``arguments`` makes the errors for unknown keywords. ``tracebacks`` ends their tracebacks in the
function that the user called.
"""

from nbstream.errors.agent import AgentError, DeclinedError, ModelRetry, UsageLimitError
from nbstream.errors.output import OutputError
from nbstream.errors.provider import (
    AuthenticationError,
    BadRequestError,
    ContentFilterError,
    ContextLengthError,
    NotFoundError,
    OverloadedError,
    PermissionDeniedError,
    ProviderError,
    RateLimitError,
    ServerError,
)
from nbstream.errors.types import (
    CancelledStreamError,
    ConnectionFailedError,
    IncompleteResponseError,
    LocalModelError,
    MCPError,
    MissingKeyError,
    NBStreamError,
    NotRecordedError,
    ProtocolError,
    ResponseTimeoutError,
    StreamError,
    TransportError,
    UnknownModelError,
    UsageError,
)

__all__ = [
    "AgentError",
    "AuthenticationError",
    "BadRequestError",
    "CancelledStreamError",
    "ConnectionFailedError",
    "ContentFilterError",
    "ContextLengthError",
    "DeclinedError",
    "IncompleteResponseError",
    "LocalModelError",
    "MCPError",
    "MissingKeyError",
    "ModelRetry",
    "NBStreamError",
    "NotFoundError",
    "NotRecordedError",
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
    "UsageLimitError",
]


def __dir__() -> list[str]:
    return __all__  # what Tab offers


for _name in __all__:
    globals()[_name].__module__ = __name__  # what a traceback calls the class
