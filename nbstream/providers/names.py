"""How models are named, and what to say of a name that is none.

Knows the names of providers and of their families of models. Refuses to know
which models exist: that changes every week.
"""

from __future__ import annotations

import difflib
import re
from os import PathLike
from typing import Any

from nbstream.errors import UnknownModelError, UsageError
from nbstream.providers.model import Model
from nbstream.providers.table import ALIASES, FAMILIES, PROVIDERS

LOCAL = "local"
_SHOWN = 60  # characters of what is no name that an error quotes


def check(given: Any) -> None:
    """See that ``given`` is a name, or a model itself.

    Raises:
        UsageError: it is neither.
    """
    if isinstance(given, (str, Model)):
        return
    if isinstance(given, PathLike):
        raise UsageError(
            f"A model is named by a text, and {str(given)!r} is a path.",
            remedy=f'For a GGUF file write "{LOCAL}/{given}".',
        )
    what = given.__name__ if isinstance(given, type) else repr(given)[:_SHOWN]
    raise UsageError(
        f"A model is named by a text such as provider/model, not {what}.",
        remedy="Or give what nbstream.get_model(...) made.",
    )


def split(name: str) -> tuple[str, str]:
    """``provider/model`` or ``provider:model`` in two; the provider under its first name."""
    match = re.match(r"([^/:]*)[/:]?(.*)", name.strip(), re.DOTALL)
    provider, model = match.groups() if match else ("", "")
    provider = provider.strip().lower()
    return ALIASES.get(provider, provider), model.strip()


def unknown(name: str) -> UnknownModelError:
    """The error for ``name``, with the nearest names."""
    provider, model = split(name)
    if not model and (family := _family(provider)):
        return UnknownModelError(
            f"{name!r} does not say whose model it is.",
            remedy=f"Did you mean {family}/{name.strip()}?",
        )
    known = [LOCAL, *PROVIDERS]
    close = difflib.get_close_matches(provider, [*known, *ALIASES], n=3, cutoff=0.5)
    tail = f"/{model}" if model else ""
    remedy = f"Did you mean {' or '.join(one + tail for one in close)}?" if close else ""
    return UnknownModelError(
        f"There is no provider called {provider!r}.",
        remedy=remedy or f"Known: {', '.join(known)}.",
    )


def _family(model: str) -> str | None:
    found = (provider for start, provider in FAMILIES.items() if model.startswith(start))
    return next(found, None)
