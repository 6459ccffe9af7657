"""Checks and splits a model's name, and suggests names for an unknown one.

It suggests providers, also by how a model's name begins, but no models: those change every week.
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
_SHOWN = 60  # characters of an invalid value that an error quotes


def check(given: Any) -> None:
    """Check that ``given`` is a model's name or a ``Model``.

    Raises:
        UsageError: it is neither.
    """
    if isinstance(given, (str, Model)):
        return
    if isinstance(given, PathLike):
        raise UsageError(
            f"A model is named by a string, and {str(given)!r} is a path.",
            remedy=f'For a GGUF file write "{LOCAL}/{given}".',
        )
    what = given.__name__ if isinstance(given, type) else repr(given)[:_SHOWN]
    raise UsageError(
        f"A model is named by a string such as provider/model, not {what}.",
        remedy="Pass a string, or what nbstream.get_model(...) returned.",
    )


def split(name: str) -> tuple[str, str]:
    """Split ``provider/model`` or ``provider:model`` into a pair. Resolves aliases of providers."""
    match = re.match(r"([^/:]*)[/:]?(.*)", name.strip(), re.DOTALL)
    provider, model = match.groups() if match else ("", "")
    provider = provider.strip().lower()
    return ALIASES.get(provider, provider), model.strip()


def unknown(name: str) -> UnknownModelError:
    """The error for an unknown model name, with similar names as the remedy."""
    provider, model = split(name)
    if re.search(r"\s", name.strip()):
        return UnknownModelError(
            f"The model comes first, and {name[:_SHOWN]!r} is not the name of one.",
            remedy='Write the model before the prompt: nbstream.stream("local", "...").',
        )
    if not model and (family := _family(provider)):
        return UnknownModelError(
            f"{name!r} does not name the provider.",
            remedy=f"Did you mean {family}/{name.strip()}?",
        )
    known = [LOCAL, *PROVIDERS]
    close = difflib.get_close_matches(provider, [*known, *ALIASES], n=3, cutoff=0.5)
    tail = f"/{model}" if model else ""
    remedy = f"Did you mean {' or '.join(match + tail for match in close)}?" if close else ""
    return UnknownModelError(
        f"There is no provider called {provider!r}.",
        remedy=remedy or f"Known: {', '.join(known)}.",
    )


def _family(model: str) -> str | None:
    """The provider whose models have such names, such as ``anthropic`` for ``claude-...``."""
    providers = (provider for start, provider in FAMILIES.items() if model.startswith(start))
    return next(providers, None)
