"""Parameters that go to a provider as they are, copied and held against JSON.

A stream may start long after it was asked for; what somebody does to a dict
in between is no part of the question. Refuses to know any parameter's name.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from numbers import Integral, Real
from typing import Any

from nbstream.core.file_part import FilePart
from nbstream.errors import UsageError

_REMEDY = "Give texts, finite numbers, lists and dicts."


def as_params(given: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of ``given`` in JSON's own types.

    Raises:
        UsageError: something in it has no place in JSON.
    """
    try:
        return {name: plain(value, f"{name}=") for name, value in given.items()}
    except RecursionError:
        raise UsageError("A parameter holds itself.", remedy=_REMEDY) from None


def plain(value: Any, place: str) -> Any:
    """A copy of one value; ``place`` is what an error calls it."""
    if value is None or isinstance(value, (str, bool, FilePart)):  # a mask to draw in, say
        return value
    if isinstance(value, Integral):  # numpy's numbers as well
        return int(value)
    if isinstance(value, Real):
        if math.isfinite(number := float(value)):
            return number
        raise UsageError(f"{place} is {number}, which JSON has no word for.", remedy=_REMEDY)
    if isinstance(value, Mapping):
        return {_name(key, place): plain(one, f"{place}[{key!r}]") for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one, f"{place}[{at}]") for at, one in enumerate(value)]
    kind = type(value).__name__
    raise UsageError(f"{place} holds an object of type {kind}, no JSON.", remedy=_REMEDY)


def _name(key: Any, place: str) -> str:
    if isinstance(key, (str, int)) and not isinstance(key, bool):
        return str(key)  # numbers of tokens, in OpenAI's logit_bias
    raise UsageError(f"{place} has a key that is no text: {key!r:.40}.", remedy=_REMEDY)


def copied(value: Any) -> Any:
    """A copy of the dicts and lists in ``value``, whatever else they hold.

    For models that no provider answers: they may be given any objects.
    """
    if type(value) is dict:
        return {name: copied(one) for name, one in value.items()}
    return [copied(one) for one in value] if type(value) is list else value
