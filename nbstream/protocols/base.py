"""What every wire format offers.

Knows the shape of a protocol: it builds a request and turns the response's
bytes into events. Refuses to know addresses, keys and sockets.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from nbstream.errors import IncompleteResponseError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nbstream.core.events import Event
    from nbstream.core.message import Message
    from nbstream.core.output_spec import OutputSpec
    from nbstream.core.tool_spec import Tool, ToolChoice


@dataclass(frozen=True, slots=True)
class Request:
    """What to POST: a path below the provider's base URL, headers and a JSON body.

    ``content`` takes the body's place where a provider wants something other
    than JSON; its media type then stands among the headers.
    """

    path: str
    body: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes | None = field(default=None, repr=False)


class Decoder(Protocol):
    """Turns one response's bytes into events. Made anew for each response.

    Both methods give out what came before a fault, then raise one of
    ``nbstream.errors``' stream errors; any other exception is a bug.
    """

    def feed(self, data: bytes) -> Iterator[Event]:
        """Take more of the body in."""
        ...

    def close(self) -> Iterator[Event]:
        """The body has ended.

        Raises:
            IncompleteResponseError: the protocol's end was not seen.
        """
        ...


def cut_short() -> IncompleteResponseError:
    """What ``Decoder.close`` raises of an answer in words."""
    return IncompleteResponseError(
        "The connection ended before the model had finished its answer.",
        remedy="What had come is kept; run it again for the whole answer.",
    )


class WireProtocol(Protocol):
    """One wire format."""

    name: str

    def auth(self, api_key: str) -> dict[str, str]:
        """The headers that carry the key."""
        ...

    def parameter_fields(
        self, model: str, given: Mapping[str, Any], *, tools: bool = False
    ) -> dict[str, Any]:
        """The common parameters (``nbstream.protocols.parameters``) as fields of the body.

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

        ``output`` is asked for by a schema, a tool or words, whichever the model has.

        Raises:
            UsageError: the provider cannot be told this.
        """
        ...

    def decoder(self) -> Decoder:
        """A fresh decoder for the answer to one request."""
        ...
