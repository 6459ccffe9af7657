"""Names the nearest models where a provider does not know the one that a cell asked."""

from __future__ import annotations

import difflib

from nbstream.errors import NBStreamError, NotFoundError
from nbstream.providers.names import split
from nbstream.providers.table import PROVIDERS
from nbstream.request.model_list import list_models

_SECONDS = 5.0


def add_nearest(failure: BaseException, model: str) -> None:
    """Put the nearest names into the remedy of a failure, if the provider lists its models.

    Another failure, or a provider that does not answer soon, changes nothing.
    """
    provider, name = split(model)
    if not isinstance(failure, NotFoundError) or provider not in PROVIDERS:
        return
    if (failure.remedy or "").startswith("Did you mean"):
        return  # the provider itself named some
    try:
        listed = list_models(provider, timeout=_SECONDS)
    except NBStreamError:
        return
    wanted = f"{provider}/{name}"
    near = difflib.get_close_matches(wanted, listed, n=3, cutoff=0.5)
    if near and wanted not in listed:
        failure.remedy = f"Did you mean {' or '.join(near)}? %llm models {provider} lists them."
