"""The interface of a long-running job, such as making a video: start it, then poll its state.

No I/O and no clock: the caller sends the requests and waits between them.
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
    """A file that a job made: its bytes or its address.

    A ``url`` that begins with a slash is a path below the provider's base URL.
    """

    media_type: str
    data: bytes | None = field(default=None, repr=False)
    url: str | None = None


@dataclass(frozen=True, slots=True)
class JobState:
    """The state of a job.

    ``status`` is the provider's word. ``fraction`` is the progress from 0 to 1, None if the
    provider does not report it. ``files`` are present when the job is ``done``.
    """

    status: str
    fraction: float | None = None
    done: bool = False
    files: tuple[JobFile, ...] = ()
    usage: Usage | None = None
    metadata: dict[str, Any] = field(default_factory=dict)


class JobProtocol(Protocol):
    """One provider's protocol for long-running jobs."""

    name: str

    @property
    def interval(self) -> float:
        """Seconds between two polls by default."""
        ...

    def auth(self, api_key: str) -> dict[str, str]:
        """The headers that contain the key."""
        ...

    def create(self, model: str, messages: Sequence[Message], params: dict[str, Any]) -> Request:
        """The request that starts the job; ``params`` are sent unchanged and take precedence.

        Raises:
            UsageError: the provider cannot express something in the arguments.
        """
        ...

    def job_id(self, row: dict[str, Any]) -> str:
        """The job's id, from the response to ``create``.

        Raises:
            ProtocolError: the response contains none.
        """
        ...

    def path(self, job_id: str) -> str:
        """The path below the base URL that returns the job's state."""
        ...

    def state(self, row: dict[str, Any]) -> JobState:
        """The job's state, from the response to ``create`` or of ``path``.

        Raises:
            ProviderError: the job failed.
        """
        ...

    def cancel(self, job_id: str) -> tuple[str, str] | None:
        """The method and path that cancel the job; None if the provider cannot cancel."""
        ...
