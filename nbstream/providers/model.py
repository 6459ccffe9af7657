"""``Model`` and ``Endpoint``: immutable values that say which model to ask, and where."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from nbstream.core.hidden import LIKE_A_KEY, is_secret
from nbstream.core.redact import Secret, hide_key
from nbstream.providers.keys import check_key, split_user

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence

    from nbstream.core.events import Event
    from nbstream.core.message import Message
    from nbstream.protocols.base import WireProtocol
    from nbstream.protocols.jobs import JobProtocol

    ResponseSource = Callable[
        [Sequence[Message], dict[str, Any]], Callable[[], AsyncGenerator[Iterable[Event], None]]
    ]
    """Takes messages and parameters; returns a function that starts one response."""

_AUTH = "authorization"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The address, key and headers for requests to a provider. The key is not in the repr.

    ``query`` and ``headers`` are added to every request; headers are not in the repr either,
    because they may contain secrets. A user and password in the address are removed from it
    and sent as HTTP Basic; this replaces a key in the same header.

    >>> endpoint = nbstream.providers.Endpoint("http://127.0.0.1:8080/v1", api_key="secret")
    >>> endpoint.url("/models"), "secret" in repr(endpoint)
    ('http://127.0.0.1:8080/v1/models', False)
    """

    base_url: str
    api_key: str | None = field(default=None, repr=False)
    model: str | None = None
    """The model's name to send, if only the endpoint knows it."""
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    secrets: tuple[Secret, ...] = field(default=(), init=False, repr=False)
    """What must not appear in an error message."""
    _basic: Secret | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        url, basic, password = split_user(self.base_url)
        key = hide_key(self.api_key)
        values = {"base_url": url, "api_key": key, "_basic": basic}
        rows = [*self.headers.items(), *self.query.items()]
        found = [Secret(value) for name, value in rows if is_secret(name, value, LIKE_A_KEY)]
        bare = [Secret(one.partition(" ")[2]) for one in found]
        secrets = (key, basic, password, *found, *bare)
        values["secrets"] = tuple(secret for secret in secrets if secret)
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def url(self, path: str, query: Mapping[str, str] | None = None) -> str:
        """The URL for ``path``, which may already have a query; ``query`` is added to it."""
        # Users write base URLs with or without the version, and ``path`` may begin with one too.
        base = self.base_url.rstrip("/")
        if re.match(r"/v\d+/", path):
            base = re.sub(r"/v\d+$", "", base)
        url = base + path
        if added := {**self.query, **(query or {})}:
            url += ("&" if "?" in url else "?") + urlencode(added)
        return url

    def signed(self, protocol: WireProtocol | JobProtocol) -> dict[str, str]:
        """The headers of every request, including the key as ``protocol`` sends it.

        Raises:
            UsageError: the key cannot be sent in a header.
        """
        check_key(self.api_key, f"the endpoint of {self.base_url}")
        headers = {**self.headers, **(protocol.auth(self.api_key) if self.api_key else {})}
        if self._basic:
            headers = {name: value for name, value in headers.items() if name.lower() != _AUTH}
            headers[_AUTH] = f"Basic {self._basic}"
        return {name: Secret(value) for name, value in headers.items()}


@dataclass(frozen=True, slots=True)
class Model:
    """A model of a provider, ready for ``stream()``.

    Args:
        provider: the provider's name.
        name: the model's name at the provider.
        protocol: the wire format.
        endpoint: called before each request, off the event loop, so it may block: the local
            provider starts its server there.
        source: produces the response without a server; nothing else is then used.
        job: makes files in a long-running job, such as a video; replaces ``protocol``.
        key_remedy: what to do if the provider rejects the key; None for a general advice.
        address_place: where a user sets the address, such as ``OLLAMA_HOST``, for errors; None
            if it is the provider's own.
        thinking_tags: whether thinking that comes as text, such as ``<think>…</think>``,
            becomes thinking; what ``thinking_tags=`` is by default.

    >>> model = nbstream.get_model("openai/gpt-5", api_key="...")
    >>> model.provider, model.name, str(model)
    ('openai', 'gpt-5', 'openai/gpt-5')
    """

    provider: str
    name: str
    protocol: WireProtocol = field(repr=False)
    endpoint: Callable[[], Endpoint] = field(repr=False)
    source: ResponseSource | None = field(default=None, repr=False)
    job: JobProtocol | None = field(default=None, repr=False)
    key_remedy: str | None = field(default=None, repr=False)
    address_place: str | None = field(default=None, repr=False)
    thinking_tags: bool = field(default=True, repr=False)

    def __str__(self) -> str:
        return f"{self.provider}/{self.name}"
