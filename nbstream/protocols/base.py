"""The interfaces that a wire format implements: ``WireProtocol`` and ``Decoder``. No I/O.

A ``WireProtocol`` builds each ``Request`` and makes a ``Decoder`` for its response. The interface
for jobs is in ``jobs``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from nbstream.core import events as ev
from nbstream.errors import IncompleteResponseError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nbstream.core.events import Event
    from nbstream.core.message import FinishReason, Message
    from nbstream.core.output_spec import OutputSpec
    from nbstream.core.tool_spec import Tool, ToolChoice


@dataclass(frozen=True, slots=True)
class Request:
    """A POST request: a path below the provider's base URL, headers and a JSON body.

    ``content`` replaces the body if the provider wants something other than JSON; ``headers``
    then contain its content type. ``enforces_output``: the provider lets the model write only
    JSON of the output type. ``resumable``: the provider keeps the answer, so that a connection
    that broke can be resumed; see ``ResumableDecoder``.

    >>> nbstream.providers.Request("/ask", {"question": "Why?"}).path
    '/ask'
    """

    path: str
    body: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes | None = field(default=None, repr=False)
    enforces_output: bool = False
    resumable: bool = False


class Decoder(Protocol):
    r"""Turns the bytes of one response into events. Create one for each response.

    Both methods yield the events before a failure, then raise a stream error of
    ``nbstream.errors``. Any other exception is a bug.

    >>> model = nbstream.get_model("openai-chat/gpt-5", api_key="...")
    >>> decoder: nbstream.providers.Decoder = model.protocol.decoder()
    >>> [event.kind for event in decoder.feed(b'data: {"choices": [{"delta": {"content": "Hi"}}]}')]
    []
    >>> [event.kind for event in decoder.feed(b"\n\n")]
    ['stream_start', 'text_start', 'text_delta']
    """

    def feed(self, data: bytes) -> Iterator[Event]:
        """Decode more bytes of the body."""
        ...

    def close(self) -> Iterator[Event]:
        """Signal the end of the body.

        Raises:
            IncompleteResponseError: the body ended before the protocol's final event.
        """
        ...


@runtime_checkable
class ResumableDecoder(Protocol):
    """A decoder of answers that a further request can continue after the last event."""

    def resume(self) -> str | None:
        """The path of a GET request for what follows; None if no event named a place.

        What had come of an unfinished event is dropped: it comes again.
        """
        ...


def is_content(event: Event) -> bool:
    """Whether the event adds to the answer: after an end mark it says that there is more."""
    if isinstance(event, ev.PartDelta):
        return bool(event.chunk)
    texts = ev.TextStart, ev.ThinkingStart, ev.RefusalStart
    return isinstance(event, ev.PartStart) and not isinstance(event, texts)


def with_calls(reason: FinishReason, calls: object) -> FinishReason:
    """The finish reason, which is ``tool_call`` if the model stopped for ``calls`` of the user's.

    Many servers say ``stop`` then. An answer that a limit or a filter cut short stays so.
    """
    return "tool_call" if calls and reason == "stop" else reason


MAX_UNKNOWN = 64
"""Limits the memory that other choices and unknown rows take; 64 show what a server sends."""


def keep_unknown(rows: list[Any], row: Any) -> None:
    """Keep a row for the message's metadata, up to 64 of them. An empty one says nothing."""
    if row and len(rows) < MAX_UNKNOWN:
        rows.append(row)


def is_done(data: bytes) -> bool:
    """Whether an event is OpenAI's ``[DONE]``, perhaps cut. Some servers quote it."""
    word = data.lstrip(b'"')[:6].upper()
    return bool(word) and b"[DONE]".startswith(word)


def incomplete_answer_error() -> IncompleteResponseError:
    """The error that ``Decoder.close`` raises if a text answer is incomplete."""
    return IncompleteResponseError(
        "The connection ended before the model had finished its answer.",
        remedy="The partial answer is kept. Run it again for the complete answer.",
    )


class WireProtocol(Protocol):
    """One wire format: its name, its authentication, its requests and its decoder.

    ``docs/write-a-provider.md`` has a whole one.

    >>> nbstream.get_model("anthropic/claude-sonnet-4-5", api_key="...").protocol.name
    'anthropic'
    """

    name: str

    def auth(self, api_key: str) -> dict[str, str]:
        """The headers that contain the key."""
        ...

    def parameter_fields(
        self, model: str, given: Mapping[str, Any], *, tools: bool = False
    ) -> dict[str, Any]:
        """The parameters in ``nbstream.protocols.parameters``, as fields of the request's body.

        ``given`` holds checked values, and ``tool_choice`` if there is one. ``tools``
        says whether the request has any.

        Raises:
            UsageError: the API, or ``model``, cannot do one of them.
        """
        ...

    def request(
        self,
        model: str,
        messages: Sequence[Message],
        params: dict[str, Any],
        *,
        tools: Sequence[Tool] = (),
        tool_choice: ToolChoice = None,
        output: OutputSpec | None = None,
    ) -> Request:
        """A streaming request. ``params`` are fields of the body; they are merged in last.

        ``output`` is requested by a schema, a tool or the prompt, as the model supports.

        Raises:
            UsageError: this protocol cannot express something in the arguments.
        """
        ...

    def decoder(self) -> Decoder:
        """A new decoder for one response."""
        ...
