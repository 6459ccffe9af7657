"""A model one can talk to: its names, its protocol, its address and its key.

Plain values. Knows no particular provider and opens no connection.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from nbstream.core.redact import Secret, hide_key
from nbstream.providers.keys import check_key, without_user

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence

    from nbstream.core.events import Event
    from nbstream.core.message import Message
    from nbstream.protocols.base import WireProtocol
    from nbstream.protocols.jobs import JobProtocol

    Source = Callable[
        [Sequence[Message], dict[str, Any]], Callable[[], AsyncGenerator[Iterable[Event], None]]
    ]
    """Of a conversation and its parameters; gives what begins one answer."""

_AUTH = "authorization"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where requests go. The key is in no repr.

    ``query`` and ``headers`` go with every request; headers may hold secrets
    and so are in no repr either. A user and a password in the address are taken
    out of it and sent as HTTP's Basic, before a key that would go in the same header.
    """

    base_url: str
    api_key: str | None = field(default=None, repr=False)
    model: str | None = None
    """The name to send, where it is known only once the endpoint is."""
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    secrets: tuple[Secret, ...] = field(default=(), init=False, repr=False)
    """What must be in no error's words."""
    _basic: Secret | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        url, basic, password = without_user(self.base_url)
        key = hide_key(self.api_key)
        found = {"base_url": url, "api_key": key, "_basic": basic}
        found["secrets"] = tuple(one for one in (key, basic, password) if one)
        for name, value in found.items():
            object.__setattr__(self, name, value)

    def url(self, path: str, query: Mapping[str, str] | None = None) -> str:
        """The whole address of ``path``, which may have a query of its own; ``query`` is added."""
        # People write base URLs with the version and without; a protocol's path may hold it too.
        base = self.base_url.rstrip("/")
        if re.match(r"/v\d+/", path):
            base = re.sub(r"/v\d+$", "", base)
        url = base + path
        if added := {**self.query, **(query or {})}:
            url += ("&" if "?" in url else "?") + urlencode(added)
        return url

    def signed(self, protocol: WireProtocol | JobProtocol) -> dict[str, str]:
        """The headers of every request, the key among them as ``protocol`` carries it.

        Raises:
            UsageError: the key cannot stand in a header.
        """
        check_key(self.api_key, f"the endpoint of {self.base_url}")
        found = {**self.headers, **(protocol.auth(self.api_key) if self.api_key else {})}
        if self._basic:
            found = {name: value for name, value in found.items() if name.lower() != _AUTH}
            found[_AUTH] = f"Basic {self._basic}"
        return {name: Secret(value) for name, value in found.items()}


@dataclass(frozen=True, slots=True)
class Model:
    """A model of a provider, ready to be streamed from.

    ``endpoint`` is called before each request, off the event loop, and may
    block: the local provider starts its server there. ``source`` is given
    where answers come from elsewhere than a server; then nothing else of it is
    used. ``job`` is given where an answer is not streamed but made in a long
    job, such as a video; it takes the protocol's place.
    """

    provider: str
    name: str
    protocol: WireProtocol = field(repr=False)
    endpoint: Callable[[], Endpoint] = field(repr=False)
    source: Source | None = field(default=None, repr=False)
    job: JobProtocol | None = field(default=None, repr=False)

    def __str__(self) -> str:
        return f"{self.provider}/{self.name}"
