"""From a model's name to a model.

Knows where a key and an address come from, and what to say if there is none.
What a provider is like stands in ``table``, how names are written in ``names``,
how the local one is started in ``local``.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from nbstream.core.secret import Secret
from nbstream.errors import MissingKeyError, UnknownModelError, UsageError
from nbstream.providers import addresses, names
from nbstream.providers.media import media_of, speaking
from nbstream.providers.model import Endpoint, Model
from nbstream.providers.registered import registered
from nbstream.providers.table import PROVIDERS

if TYPE_CHECKING:
    from nbstream.providers.table import Provider

DEFAULT_MODEL = "local"
MODEL_VARIABLE = "NBSTREAM_MODEL"

_ONE_ANSWER = {"Connection": "close"}
"""llama.cpp closes the connection after a streamed answer, whatever it says; a
client that reuses one finds it gone, sometimes only after it has asked."""


def default_model() -> str:
    """The name in ``NBSTREAM_MODEL``, else the local model's."""
    return os.environ.get(MODEL_VARIABLE) or DEFAULT_MODEL


def get_model(
    name: str | Model, *, base_url: str | None = None, api_key: str | None = None
) -> Model:
    """The model called ``provider/model`` or ``provider:model``.

    ``local`` alone is the small model on this machine; ``local/<path>`` is any
    GGUF file. ``base_url`` and ``api_key`` go before the environment's; with a
    ``base_url`` a key is used if there is one, and not asked for.

    Raises:
        UnknownModelError: no such provider, or no model named.
        MissingKeyError: the provider needs a key and none was found.
        UsageError: the provider has no address of its own and none was given.
        LocalModelError: the local model is not installed or not a model.
    """
    if isinstance(name, Model):
        return name
    if (given := registered(name)) is not None:
        return given
    # A verbose traceback prints the arguments of every frame.
    api_key = Secret(api_key) if api_key else None
    provider, model = names.split(name)
    if provider == names.LOCAL:
        return _local(model)
    row = PROVIDERS.get(provider)
    if row is None:
        raise names.unknown(name)
    if not model:
        raise UnknownModelError(
            f"{name!r} names a provider but no model.", remedy=f"Write {provider}/<model>."
        )
    return _model(provider, row, model, base_url, api_key or _key(row))


def _model(
    provider: str, row: Provider, model: str, base_url: str | None, api_key: str | None
) -> Model:
    url = base_url or _address(row) or row.base_url
    if not url:
        raise UsageError(
            f"{provider} has no address that is the same for all.",
            remedy=f"Set {' or '.join(row.urls)}, or pass base_url=.",
        )
    elsewhere = row.base_url is not None and url.rstrip("/") != row.base_url
    if api_key is None and base_url is None and not row.keyless:
        raise MissingKeyError(
            f"{provider} needs an API key.",
            remedy=f"Set {' or '.join(row.keys)}, or pass api_key=.",
        )
    endpoint = row.endpoint(url.rstrip("/"), model, api_key)
    found = Model(provider, model, row.speak(provider, elsewhere), lambda: endpoint)
    return speaking(found, media_of(provider, model))


def _key(row: Provider) -> Secret | None:
    found = (Secret(os.environ.get(name, "").strip()) for name in row.keys)
    return next(filter(None, found), None)


def _address(row: Provider) -> str | None:
    for name in row.urls:
        if value := os.environ.get(name):
            return addresses.ollama_host(value) if name == "OLLAMA_HOST" else value
    return None


def _local(path: str) -> Model:
    from nbstream.protocols.openai_chat import OpenAIChat  # as in ``table``: when first used
    from nbstream.protocols.openai_chat.quirks import LLAMA_CPP
    from nbstream.providers import local

    local.ensure_installed()
    weights = local.find_weights(path or None)

    def endpoint() -> Endpoint:
        server = local.server(weights)
        return Endpoint(server.base_url, server.api_key, server.model, headers=_ONE_ANSWER)

    protocol = OpenAIChat(LLAMA_CPP, provider="local")
    return Model("local", local.model_name(weights), protocol, endpoint)
