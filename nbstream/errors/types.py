"""The base classes of nbstream's errors, and those that have no file of their own.

The package's docstring draws the tree of all. They are independent of providers, transport and
notebook; the code that raises one fills it in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbstream.core.message import Message

_MOST_LINES = 15
_MOST_CHARACTERS = 1500


def _one_screen(text: str) -> str:
    """``text``, shortened so that it fits on one screen with a remedy."""
    lines = text[:_MOST_CHARACTERS].splitlines()[:_MOST_LINES]
    short = "\n".join(lines)
    return text if len(short) >= len(text.rstrip()) else f"{short} ..."


class NBStreamError(Exception):
    """The base class of all errors that nbstream raises.

    ``text`` says what happened in one sentence. ``remedy`` says what to do about it, often a
    command; None if there is none. ``str(error)`` has both and fits on one screen: a text that a
    provider made very long is cut there, and whole in ``text``.

    >>> try:
    ...     nbstream.get_model("opnai/gpt-5")
    ... except nbstream.NBStreamError as error:
    ...     print(error.remedy)
    Did you mean openai/gpt-5 or openai-chat/gpt-5 or xai/gpt-5?
    """

    def __init__(self, text: str, *, remedy: str | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.remedy = remedy

    def __str__(self) -> str:
        return "\n".join(line for line in (_one_screen(self.text), self.remedy) if line)

    @property
    def title(self) -> str:
        """The class's name, as a heading."""
        return type(self).__name__


class UsageError(NBStreamError):
    """The call cannot be carried out as it was written. Nothing was sent.

    >>> nbstream.stream(ScriptedModel("Hello."), [])
    Traceback (most recent call last):
    nbstream.errors.UsageError: ...
    """


class UnknownModelError(UsageError):
    """No provider or model has that name.

    >>> nbstream.get_model("gpt-5")
    Traceback (most recent call last):
    nbstream.errors.UnknownModelError: ...
    """


class MissingKeyError(UsageError):
    """The provider needs an API key and none was found.

    >>> nbstream.get_model("groq/llama")
    Traceback (most recent call last):
    nbstream.errors.MissingKeyError: ...
    """


class LocalModelError(UsageError):
    """The local model cannot be started: a package or a file is missing, or its process failed.

    >>> nbstream.get_model("local/missing.gguf")
    Traceback (most recent call last):
    nbstream.errors.LocalModelError: ...
    """


class MCPError(NBStreamError):
    """An MCP server cannot be started or reached, has ended, or answered with an error.

    ``closed``: the connection is gone, and the next use makes another.

    >>> print(nbstream.errors.MCPError("server.py has ended.", remedy="Start it again."))
    server.py has ended.
    Start it again.
    """

    closed = False


class StreamError(NBStreamError):
    """The stream failed. ``message`` holds what had arrived until then.

    ``provider`` and ``request_id`` are what the provider's support asks for. ``status`` is the
    HTTP status; None if there was none, or if the answer had begun. ``retryable``: the same
    request may succeed later, and repeating it is safe. ``wait`` is the number of seconds to wait
    before that; None if the provider did not say.

    >>> model = ScriptedModel([nbstream.errors.ServerError("It broke.", status=500)])
    >>> try:
    ...     nbstream.stream(model, "hi").get_final_text()
    ... except nbstream.errors.StreamError as error:
    ...     print(error.status, error.retryable, repr(error.message.text))
    500 True ''
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
        return "\n".join(line for line in (_one_screen(self.text), self.remedy, request) if line)


class TransportError(StreamError):
    """The provider could not be reached, or the connection broke or went silent.

    >>> issubclass(nbstream.errors.ConnectionFailedError, nbstream.errors.TransportError)
    True
    """


class ConnectionFailedError(TransportError):
    """No connection could be made, or it broke before the answer began.

    >>> nbstream.errors.ConnectionFailedError("No route to api.example.").remedy
    'Check the network and the address.'
    """

    default_remedy = "Check the network and the address."


class ResponseTimeoutError(TransportError):
    """The provider took longer than the time limits allow (``Timeouts``).

    ``limit`` is the name of the limit in ``Timeouts``; None if the limit is one of your own HTTP
    client.

    >>> nbstream.errors.ResponseTimeoutError("Nothing came for 30 s.", limit="between").limit
    'between'
    """

    default_remedy = "Run it again. If that does not help, check the provider's status page."

    def __init__(self, text: str, *, limit: str | None = None, **details: Any) -> None:
        super().__init__(text, **details)
        self.limit = limit


class CancelledStreamError(StreamError):
    """The stream was cancelled, and its final message or value was asked for.

    ``message`` is the partial message.

    >>> stream = nbstream.stream(ScriptedModel("Hello."), "hi")
    >>> stream.cancel()
    >>> stream.get_final_text()
    Traceback (most recent call last):
    nbstream.errors.CancelledStreamError: ...
    """

    default_remedy = (
        "The partial answer is in `message` of this error, "
        "and in `.text`, `.output` and `.message` of the stream."
    )


class IncompleteResponseError(StreamError):
    """The bytes stopped before the protocol's terminal event.

    >>> nbstream.errors.IncompleteResponseError("The answer broke off.").message is None
    True
    """


class ProtocolError(StreamError):
    """The bytes do not follow the protocol.

    >>> nbstream.errors.ProtocolError("This is not JSON.").text
    'This is not JSON.'
    """

    default_remedy = (
        "The server, or a proxy before it, may be at fault: run it again, and check the address"
        " (base_url)."
    )


class NotRecordedError(StreamError):
    """The cassette that is replayed has no answer to this request. Nothing was sent.

    The text names the differences from the nearest recorded request.

    >>> issubclass(nbstream.errors.NotRecordedError, nbstream.errors.StreamError)
    True
    """
