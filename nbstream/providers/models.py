"""``get_model``: finds a model by its name and gives a ``Model`` with its key and address.

``default_model`` is the name that is used if the user gives none.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from nbstream.core.redact import Address, hide_address, hide_key
from nbstream.errors import LocalModelError, MissingKeyError, UnknownModelError, UsageError
from nbstream.providers import addresses, names
from nbstream.providers.key_sources import KEYRING, SESSION, find_key
from nbstream.providers.keys import check_address, check_key
from nbstream.providers.media import media_of, with_media
from nbstream.providers.model import Endpoint, Model
from nbstream.providers.registry import registered
from nbstream.providers.table import PROVIDERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbstream.providers.table import Provider

DEFAULT_MODEL = "local"
MODEL_VARIABLE = "NBSTREAM_MODEL"

_CLOSE_CONNECTION = {"Connection": "close"}
"""llama.cpp closes the connection after each streamed response, whatever its headers say. A
client that reuses the connection may notice only after it has sent a request."""


def default_model() -> str:
    """The name of the default model: ``NBSTREAM_MODEL`` if that is set, else ``local``.

    >>> isinstance(nbstream.providers.default_model(), str)
    True
    """
    return os.environ.get(MODEL_VARIABLE) or DEFAULT_MODEL


def get_model(
    name: str | Model, *, base_url: str | None = None, api_key: str | None = None
) -> Model:
    """Make the ``Model`` for a name such as ``provider/model`` or ``provider:model``.

    ``local`` is the small model on this machine; ``local/<path>`` is any GGUF file.

    Args:
        name: the name, or a ``Model``, which is returned as it is.
        base_url: replaces the provider's address. No key is required then.
        api_key: replaces the key in the environment.

    >>> nbstream.get_model("vllm/qwen3", base_url="http://127.0.0.1:8000/v1")
    Model(provider='vllm', name='qwen3')

    Raises:
        UnknownModelError: the provider is unknown, or the name has no model.
        MissingKeyError: the provider requires a key and there is none.
        UsageError: the provider has no fixed address and none was given; the key or the
            address is malformed; or they were given for a model that has its own.
        LocalModelError: the local model is not installed, or its file is not a model.
    """
    # First, because a verbose traceback prints the arguments of every frame.
    api_key, base_url = hide_key(api_key), hide_address(base_url)
    return find_model(name, base_url=base_url, api_key=api_key)


def find_model(
    name: str | Model,
    *,
    base_url: str | None = None,
    api_key: str | None = None,
    lazily: bool = False,
) -> Model:
    """``get_model``. ``lazily``: a missing key or local model is an error at the request only.

    Raises:
        UsageError: as ``get_model``.
    """
    api_key, base_url = hide_key(api_key), hide_address(base_url)
    check_key(api_key, "api_key=")
    names.check(name)
    given = name if isinstance(name, Model) else registered(name)
    if given is not None:
        # A model without a server, such as a test's, may replace one that needs a key.
        if given.source is None:
            _refuse_address_and_key(str(given), base_url, api_key)
        return given
    assert isinstance(name, str)
    provider, model = names.split(name)
    if provider == names.LOCAL:
        _refuse_address_and_key("local", base_url, None)  # an unused key is harmless
        return _local(model, lazily=lazily)
    row = PROVIDERS.get(provider)
    if row is None:
        raise names.unknown(name)
    if not model:
        raise UnknownModelError(
            f"{name!r} names a provider but no model.", remedy=f"Write {provider}/<model>."
        )
    place = "api_key=" if api_key else None
    if api_key is None:
        api_key, place = find_key(provider, keyring=base_url is None and not row.keyless)
        check_key(api_key, str(place))
    return _model(provider, model, base_url, api_key, place, lazily=lazily)


def _refuse_address_and_key(name: str, base_url: str | None, api_key: str | None) -> None:
    """Raise if an address or key is given for a model that has its own."""
    given = [word for word, value in (("base_url=", base_url), ("api_key=", api_key)) if value]
    if given:
        raise UsageError(
            f"{name} has its own address and key, and cannot take {' and '.join(given)}.",
            remedy="Leave it out, or write the name of a provider's model, such as"
            " openai-chat/<model>.",
        )


def _model(
    provider: str,
    model: str,
    base_url: str | None,
    api_key: str | None,
    key_place: str | None,
    *,
    lazily: bool = False,
) -> Model:
    """Make the ``Model`` of a provider in the table, with the given address and key.

    ``key_place`` is where the key came from: a variable's name or ``api_key=``.
    """
    row = PROVIDERS[provider]
    url, place = (base_url, "base_url=") if base_url else _address(row)
    if not url:
        raise UsageError(
            f"{provider} has no address of its own.",
            remedy=f"Set {' or '.join(row.urls)}, or pass base_url=.",
        )
    check_address(url, place or "The provider's address")
    is_custom = row.base_url is not None and url.rstrip("/") != row.base_url
    if api_key is None and base_url is None and not row.keyless:
        missing = MissingKeyError(
            f"{provider} needs an API key.",
            remedy=f"Set {' or '.join(row.keys)}, or pass api_key=. In a notebook,"
            f" %llm key {provider} asks for it.",
        )
        if not lazily:
            raise missing
        endpoint = _failing(missing)
    else:
        found = row.endpoint(url.rstrip("/"), model, api_key)
        endpoint = lambda: found  # noqa: E731
    made = Model(
        provider,
        model,
        row.protocol(provider, is_custom),
        endpoint,
        key_remedy=_key_remedy(provider, row, key_place),
        address_place=place.rstrip("=") if place else _own_server(row),
        thinking_tags=is_custom or row.thinking_tags,
    )
    return with_media(made, media_of(provider, model))


def _failing(error: UsageError) -> Callable[[], Endpoint]:
    """An endpoint that cannot be had: the function raises ``error``."""

    def endpoint() -> Endpoint:
        raise error

    return endpoint


def _key_remedy(provider: str, row: Provider, place: str | None) -> str:
    """What to do if the provider rejects the key, or wants one."""
    variables = " or ".join(row.keys)
    if place is None:
        return f"{provider} wants an API key: set {variables}, or pass api_key=."
    if place == SESSION:
        return f"Check the API key of {provider} that was typed: %llm key {provider}."
    if place == KEYRING:
        return f"Check the API key of {provider} in the keyring: %llm key {provider} --save."
    if place in row.keys:
        return f"Check the API key of {provider} in {place}."
    own = f"leave it out to use {variables}"
    return f"Check the API key of {provider} that was passed as {place}, or {own}."


def _own_server(row: Provider) -> str | None:
    """How to set the address of a server of the user's own; None for other providers."""
    return f"{row.urls[-1]} or base_url" if row.keyless and row.urls else None


def _address(row: Provider) -> tuple[str | None, str | None]:
    """The provider's base URL, and the environment variable that it came from, if any."""
    for name in row.urls:
        if value := hide_address(os.environ.get(name)):
            return Address(addresses.ollama_host(value) if name == "OLLAMA_HOST" else value), name
    return row.base_url, None


def _local(path: str, *, lazily: bool) -> Model:
    """Make the ``Model`` for a local GGUF file, whose server starts on first use."""
    from nbstream.protocols.openai_chat import OpenAIChat  # imported when first used, as in table
    from nbstream.protocols.openai_chat.quirks import LLAMA_CPP
    from nbstream.providers import local

    protocol = OpenAIChat(LLAMA_CPP, provider="local")
    try:
        local.ensure_installed()
        weights = local.find_weights(path or None)
    except LocalModelError as error:
        if not lazily:
            raise
        name = local.model_name(Path(path)) if path else local.PACKAGED_MODEL
        return Model("local", name, protocol, _failing(error))

    def endpoint() -> Endpoint:
        server = local.server(weights)
        return Endpoint(server.base_url, server.api_key, server.model, headers=_CLOSE_CONNECTION)

    return Model("local", local.model_name(weights), protocol, endpoint)
