"""Copies the caller's values as JSON values, and refuses what JSON cannot write.

A stream may start long after the call, so a later change to a dict must not change the request.
A file part is kept as it is; ``copied``, for models without a provider, keeps any object.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from numbers import Integral, Real
from typing import Any

from nbstream.core.file_part import FilePart
from nbstream.core.shown import shown
from nbstream.errors import UsageError

_BITS = 4_096  # of a whole number; Python itself writes no more than 4,300 digits
_REMEDY = "Use strings, finite numbers, lists and dicts."


def as_params(given: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of ``given`` with all values as JSON values.

    Raises:
        UsageError: a value cannot be written as JSON.
    """
    return {name: json_value(value, f"{name}=") for name, value in given.items()}


def json_value(value: Any, place: str) -> Any:
    """A copy of one value as a JSON value; ``place`` is what an error calls it.

    Raises:
        UsageError: it cannot be written as JSON.
    """
    try:
        return _json_value(value, place)
    except RecursionError:
        raise UsageError(f"Circular reference in {place}.", remedy=_REMEDY) from None


def _json_value(value: Any, place: str) -> Any:
    if value is None or isinstance(
        value, (str, bool, FilePart)
    ):  # a file part: an image mask, for example
        return value
    if isinstance(value, Integral):  # numpy's numbers as well
        if (number := int(value)).bit_length() > _BITS:
            raise UsageError(f"{place} is {shown(number)}, too large for JSON.", remedy=_REMEDY)
        return number
    if isinstance(value, Real):
        if math.isfinite(real := float(value)):
            return real
        raise UsageError(f"{place} is {real}, which JSON cannot write.", remedy=_REMEDY)
    if isinstance(value, Mapping):
        return {
            _name(key, place): _json_value(one, f"{place}[{shown(key)}]")
            for key, one in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [_json_value(one, f"{place}[{at}]") for at, one in enumerate(value)]
    kind = type(value).__name__
    raise UsageError(
        f"{place} holds an object of type {kind}, which JSON cannot write.", remedy=_REMEDY
    )


def _name(key: Any, place: str) -> str:
    if isinstance(key, (str, int)) and not isinstance(key, bool):
        return str(key)  # numbers of tokens, in OpenAI's logit_bias
    raise UsageError(f"{place} has a key that is not a string: {shown(key)}.", remedy=_REMEDY)


def copied(value: Any, place: str) -> Any:
    """A copy of the dicts and lists in ``value``, which may hold any objects.

    For models without a provider, such as ``ScriptedModel``.

    Raises:
        UsageError: it contains itself.
    """
    try:
        return _copied(value)
    except RecursionError:
        raise UsageError(f"Circular reference in {place}.", remedy=_REMEDY) from None


def _copied(value: Any) -> Any:
    if type(value) is dict:
        return {name: _copied(one) for name, one in value.items()}
    return [_copied(one) for one in value] if type(value) is list else value
