"""Copies of the caller's values in JSON's own types.

A stream may start long after the call, so a later change to a dict must not change the request.
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
        UsageError: a value cannot be written as JSON.
    """
    try:
        return {name: json_value(value, f"{name}=") for name, value in given.items()}
    except RecursionError:
        raise UsageError("Circular reference in a parameter.", remedy=_REMEDY) from None


def json_value(value: Any, place: str) -> Any:
    """A copy of one value; ``place`` is what an error calls it."""
    if value is None or isinstance(
        value, (str, bool, FilePart)
    ):  # a file part: an image mask, for example
        return value
    if isinstance(value, Integral):  # numpy's numbers as well
        return int(value)
    if isinstance(value, Real):
        if math.isfinite(number := float(value)):
            return number
        raise UsageError(f"{place} is {number}, which JSON cannot write.", remedy=_REMEDY)
    if isinstance(value, Mapping):
        return {
            _name(key, place): json_value(one, f"{place}[{key!r}]") for key, one in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [json_value(one, f"{place}[{at}]") for at, one in enumerate(value)]
    kind = type(value).__name__
    raise UsageError(
        f"{place} holds an object of type {kind}, which JSON cannot write.", remedy=_REMEDY
    )


def _name(key: Any, place: str) -> str:
    if isinstance(key, (str, int)) and not isinstance(key, bool):
        return str(key)  # numbers of tokens, in OpenAI's logit_bias
    raise UsageError(f"{place} has a key that is not a str: {key!r:.40}.", remedy=_REMEDY)


def copied(value: Any) -> Any:
    """A copy of the dicts and lists in ``value``, which may hold any objects.

    For models without a provider, such as ``ScriptedModel``.
    """
    if type(value) is dict:
        return {name: copied(one) for name, one in value.items()}
    return [copied(one) for one in value] if type(value) is list else value
