"""What every long job offers: a request that starts it, and how one asks for its state.

Knows the shape of such a protocol: videos take minutes, so no answer stays open
for them. Refuses to know addresses, keys, sockets and clocks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.core.message import Message, Usage
    from nbstream.protocols.base import Request


@dataclass(frozen=True, slots=True)
class JobFile:
    """What a job made: its bytes, or where they are.

    A ``url`` that begins with a slash is a path below the provider's base URL.
    """

    media_type: str
    data: bytes | None = field(default=None, repr=False)
    url: str | None = None


@dataclass(frozen=True, slots=True)
class JobState:
    """How a job stands.

    ``status`` is the provider's own word, ``fraction`` what is done of it (0 to
    1; None if the provider does not say). ``files`` are there when it is ``done``.
    """

    status: str
    fraction: float | None = None
    done: bool = False
    files: tuple[JobFile, ...] = ()
    usage: Usage | None = None
    metadata: dict[str, Any] = field(default_factory=dict)


class JobProtocol(Protocol):
    """One provider's way of making something for minutes."""

    name: str

    @property
    def interval(self) -> float:
        """Seconds from one question to the next, unless the caller says otherwise."""
        ...

    def auth(self, api_key: str) -> dict[str, str]:
        """The headers that carry the key."""
        ...

    def create(self, model: str, messages: Sequence[Message], params: dict[str, Any]) -> Request:
        """The request that starts the job; ``params`` go to the provider as they are, and last.

        Raises:
            UsageError: the provider cannot be told this.
        """
        ...

    def job_id(self, row: dict[str, Any]) -> str:
        """The job's name, from the answer to ``create``.

        Raises:
            ProtocolError: there is none.
        """
        ...

    def path(self, job_id: str) -> str:
        """The path below the base URL where the job's state is had."""
        ...

    def state(self, row: dict[str, Any]) -> JobState:
        """How the job stands, from the answer to ``create`` or from ``path``.

        Raises:
            ProviderError: the job failed.
        """
        ...

    def cancel(self, job_id: str) -> tuple[str, str] | None:
        """Method and path that end the job; None if the provider has no such thing."""
        ...
