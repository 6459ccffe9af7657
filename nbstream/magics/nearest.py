"""Names the nearest models where a provider does not know the one that a cell asked."""

from __future__ import annotations

import difflib
import threading

from nbstream.errors import NBStreamError, NotFoundError
from nbstream.providers.names import split
from nbstream.providers.table import PROVIDERS
from nbstream.request.model_list import list_models

_SECONDS = 5.0


def look_for_nearest(failure: BaseException | None, model: str) -> threading.Event | None:
    """Begin to look for the nearest names, and put them into the remedy of the failure.

    Returns what to wait for, at most 5 s; None if the failure is another, or the provider itself
    named some. One that does not list its models in time changes nothing.
    """
    provider, _ = split(model)
    if not isinstance(failure, NotFoundError) or failure.similar or provider not in PROVIDERS:
        return None
    done = threading.Event()

    def look() -> None:
        try:
            _add_nearest(failure, model)
        finally:
            done.set()

    threading.Thread(target=look, name="nbstream-nearest", daemon=True).start()
    return done


def _add_nearest(failure: NotFoundError, model: str) -> None:
    provider, name = split(model)
    try:
        listed = list_models(provider, timeout=_SECONDS)
    except NBStreamError:
        return
    if f"{provider}/{name}" in listed:
        return
    # Without the provider's name, which makes any two names alike.
    names = [split(one)[1] for one in listed]
    near = [f"{provider}/{one}" for one in difflib.get_close_matches(name, names, n=3, cutoff=0.5)]
    failure.similar = tuple(near)
    meant = f"Did you mean {' or '.join(near)}? " if near else ""
    failure.remedy = f"{meant}%llm models {provider} lists the models."
