"""``list_models()``: asks the providers which models they have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.providers import get_model
from nbstream.streams.loop import submit
from nbstream.transport.buffered import RequestOptions, get_json
from nbstream.transport.timeouts import as_timeouts

if TYPE_CHECKING:
    from nbstream.providers import Model

_SECONDS = 15.0
# By protocol. Both lists come in pages of 20 or 50 unless more are asked for.
_PATHS = {"anthropic": "/v1/models?limit=1000", "gemini": "/models?pageSize=1000"}


def list_models(provider: str, *, timeout: float = _SECONDS) -> list[str]:
    """The models that a provider lists for your key, as ``provider/model``, sorted.

    Blocks until the provider has answered; ``timeout`` is in seconds (default 15).

    Raises:
        UnknownModelError: no such provider.
        MissingKeyError: the provider needs a key and none was found.
        ConnectionError, ProviderError: it did not answer, or refused.
    """
    model = get_model(f"{provider}/-")
    return submit(_listed(model, timeout)).result()


async def _listed(model: Model, seconds: float) -> list[str]:
    endpoint, path = model.endpoint(), _PATHS.get(model.protocol.name, "/models")
    options = RequestOptions(timeout=as_timeouts(seconds), secret=endpoint.api_key)
    found, _ = await get_json(endpoint.url(path), endpoint.signed(model.protocol), options)
    rows: list[Any] = found.get("data") or found.get("models") or []
    names = (row.get("id") or row.get("name") for row in rows if isinstance(row, dict))
    return sorted(f"{model.provider}/{str(name).removeprefix('models/')}" for name in names if name)
