"""The connection to Redis: its client, the keys of a stream there, and its errors as ours.

The keys of one stream, which a cluster keeps on one node: ``nbstream:{NAME}:rows``, a Redis Stream
of the events, each with its number as its id; ``...:snapshot``, what late watchers get in the
place of older events; ``...:lease``, there as long as the process that makes the stream lives.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from nbstream.core.redact import Address, Secret, hide_address, redact, secrets_in_address
from nbstream.errors import ConnectionFailedError, ProtocolError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

BLOCK = 1.0
"""Seconds that one request waits for rows."""

_PATIENCE = 10.0  # seconds until Redis counts as unreachable
_SCHEMES = ("redis://", "rediss://", "unix://")


@dataclass(frozen=True, slots=True)
class Place:
    """A name in one Redis."""

    url: Address
    name: str

    @property
    def keys(self) -> tuple[str, str, str]:
        """The keys of the rows, the snapshot and the lease."""
        stem = f"nbstream:{{{self.name}}}"
        return f"{stem}:rows", f"{stem}:snapshot", f"{stem}:lease"

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """What must not be shown: the password, also one in the query."""
        return secrets_in_address(str(self.url))

    def client(self) -> Any:
        """A new client of ``redis.asyncio``, for this place alone."""
        from redis.asyncio import Redis
        from redis.asyncio.retry import Retry
        from redis.backoff import NoBackoff

        return Redis.from_url(
            str(self.url),
            protocol=2,  # the form of XREAD's answer; every server speaks it
            socket_timeout=_PATIENCE,
            socket_connect_timeout=_PATIENCE,
            retry=Retry(NoBackoff(), 0),  # retried here, where it is known what was written
        )

    def __str__(self) -> str:
        return f"Redis at {urlsplit(str(self.url)).netloc.rpartition('@')[2] or 'a socket'}"


def place(url: Any, name: Any, function: str) -> Place:
    """Check an address of Redis and the name of a stream.

    Raises:
        UsageError: they are none, or the package ``redis`` is not installed.
    """
    address = url = hide_address(url)
    if not isinstance(address, str) or not address.startswith(_SCHEMES):
        raise UsageError(
            f"{function} takes the address of a Redis, not {address!r}.",
            remedy="Write redis://HOST:PORT or rediss://USER:PASSWORD@HOST:PORT.",
        )
    if not isinstance(name, str) or not name or set(name) & set("{}\r\n"):
        raise UsageError(
            f"{function} takes a name for the stream, not {name!r}.",
            remedy="Write a text without braces, such as 'answers/1'.",
        )
    try:
        import redis.asyncio  # noqa: F401
    except ImportError:
        raise UsageError(
            f"{function} needs the package redis.",
            remedy="Install it: pip install 'nbstream[redis]'",
        ) from None
    return Place(Address(address), name)


@contextmanager
def own_errors(where: Place) -> Iterator[None]:
    """Turn errors of the client into nbstream's, which show no password.

    Raises:
        ConnectionFailedError: Redis could not be reached, or the connection broke.
        ProtocolError: Redis refused the command, such as for a wrong password.
    """
    from redis import exceptions

    try:
        yield
    except exceptions.AuthenticationError:
        text = f"{where} does not accept the user or the password."
        remedy = "Check USER:PASSWORD in the address."
    except (exceptions.ConnectionError, exceptions.TimeoutError, OSError) as error:
        kind = type(error).__name__
        raise ConnectionFailedError(
            f"{where} cannot be reached ({kind}).",
            remedy="Check that Redis runs there, and the address: redis:// is without TLS, "
            "rediss:// with it.",
            retryable=True,
        ) from None
    except exceptions.RedisError as error:
        said = redact(str(error), where.secrets)[:200]
        text, remedy = f"{where} refused: {said}", "See what Redis says."
    else:
        return
    raise ProtocolError(text, remedy=remedy)
