"""Errors for keywords that ``generate()`` does not have, and its signature without them."""

from __future__ import annotations

import difflib
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from nbstream.errors import UsageError
from nbstream.errors.arguments import without_unknown
from nbstream.generation.params import ImageParams, VideoParams
from nbstream.request.keywords import FOREIGN

if TYPE_CHECKING:
    from collections.abc import Callable


_FIELDS = {kind: {field.name for field in fields(kind)} for kind in (ImageParams, VideoParams)}
_OWN: list[str] = []


def note_own(function: Callable[..., Any]) -> None:
    """Note the keywords that ``generate()`` has; notebooks show no ``**unknown``."""
    _OWN.extend(without_unknown(function))


def unknown_keyword(name: str) -> UsageError:
    """The error for ``generate(name=...)``; its remedy is what to write instead."""
    return UsageError(f"generate() has no keyword {name}=.", remedy=_remedy(name))


def _remedy(name: str) -> str:
    if of := _params(name):
        return f"Write params={of}."
    for ours, theirs in FOREIGN.items():
        if name in theirs and ours.rstrip("=") in _OWN:
            return f"Write {ours}."
    names = [*_OWN, *(one for names in _FIELDS.values() for one in names)]
    own = f'A field of the provider\'s own goes in ImageParams(provider_options={{"{name}": ...}}).'
    if near := difflib.get_close_matches(name, names, n=1, cutoff=0.7):
        return f"Did you mean {_params(near[0]) or f'{near[0]}='}? {own}"
    return own


def _params(name: str) -> str:
    """How the field ``name`` of ``params=`` is written; empty if there is none."""
    kinds = [kind.__name__ for kind, names in _FIELDS.items() if name in names]
    return " or ".join(f"nbstream.{kind}({name}=...)" for kind in kinds)
