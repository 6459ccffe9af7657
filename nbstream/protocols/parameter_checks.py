"""The checks of request parameters such as ``temperature``, for the table in ``parameters``.

A ``Check`` refuses a wrong value and converts a right one to JSON types. ``takes`` describes the
allowed values in documents and errors.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any

from nbstream.core.shown import shown
from nbstream.errors import UsageError

EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
"""Efforts of reasoning, from least to most. ``adaptive`` is beside them: the model decides."""

THINKING = ("enabled", "adaptive", "disabled", "between_tools")
"""``type`` of Anthropic's ``thinking``."""


@dataclass(frozen=True, slots=True)
class Check:
    """What a parameter takes, and the function that reads a value or raises ``UsageError``."""

    takes: str
    read: Callable[[str, Any], Any]


def wrong(name: str, value: Any, takes: str, remedy: str = "") -> UsageError:
    """The error for ``value``, which ``name=`` does not take."""
    # What is in a dict or a list may be a key.
    is_container = isinstance(value, (Mapping, list, tuple))
    found = f"an object of type {type(value).__name__}" if is_container else shown(value)
    return UsageError(f"{name}= takes {takes}, not {found}.", remedy=remedy)


def number(low: float, high: float | None = None) -> Check:
    """A check for a finite number from ``low`` to ``high``."""
    takes = f"a number from {low:g} to {high:g}" if high is not None else f"a number from {low:g}"

    def read(name: str, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, Real):
            raise wrong(name, value, takes)
        found = int(value) if isinstance(value, Integral) else float(value)
        if isinstance(found, float) and not math.isfinite(found):
            raise wrong(name, found, takes)
        if found < low or (high is not None and found > high):
            raise wrong(name, found, takes)
        return found

    return Check(takes, read)


def integer(low: int | None = None) -> Check:
    """A check for an integer of at least ``low``. NumPy's integers are taken too."""
    takes = "a whole number" if low is None else f"a whole number from {low}"

    def read(name: str, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, Integral):
            raise wrong(name, value, takes)
        if low is not None and int(value) < low:
            raise wrong(name, int(value), takes)
        return int(value)

    return Check(takes, read)


def one_of(*words: str) -> Check:
    """A check for one of ``words``."""
    takes = "one of " + ", ".join(map(repr, words))

    def read(name: str, value: Any) -> str:
        if not isinstance(value, str) or value not in words:
            raise wrong(name, value, takes)
        return value

    return Check(takes, read)


def _word(name: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise wrong(name, value, TEXT.takes)
    return value


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise wrong(name, value, FLAG.takes)
    return value


def _texts(name: str, value: Any) -> list[str]:
    found = [value] if isinstance(value, str) else value
    if not isinstance(found, Iterable) or isinstance(found, (Mapping, bytes, set, frozenset)):
        raise wrong(name, value, TEXTS.takes)
    found = list(found)
    for text in found:
        if not isinstance(text, str) or not text:
            raise wrong(name, text, TEXTS.takes)
    return found


def _labels(name: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise wrong(name, value, LABELS.takes)
    for key, text in value.items():
        if not isinstance(key, str) or not isinstance(text, str):
            place = f"{name}[{shown(key)}]" if isinstance(key, str) else name
            raise wrong(place, text, LABELS.takes)
    return dict(value)


def _cache(name: str, value: Any) -> bool | str:
    if isinstance(value, bool) or (isinstance(value, str) and value.strip()):
        return value
    raise wrong(name, value, CACHE.takes)


def _choice(name: str, value: Any) -> str | Mapping[str, Any]:
    if isinstance(value, (str, Mapping)):
        return value
    raise wrong(name, value, CHOICE.takes)


def _reasoning(name: str, value: Any) -> str | int | dict[str, Any]:
    """An effort, a number of tokens, or Anthropic's ``thinking`` object."""
    if isinstance(value, Mapping):
        return _thinking(name, value)
    if isinstance(value, bool):
        raise wrong(name, value, REASONING.takes)
    if isinstance(value, Integral):
        if int(value) < 0:
            raise wrong(name, int(value), REASONING.takes)
        return int(value) or "none"
    if value == "disabled":
        return "none"
    if isinstance(value, str) and value in (*EFFORTS, "adaptive"):
        return value
    raise wrong(name, value, REASONING.takes)


def _thinking(name: str, value: Mapping[str, Any]) -> str | int | dict[str, Any]:
    kind, budget = value.get("type"), value.get("budget_tokens")
    if kind not in THINKING:
        raise UsageError(
            f"{name}= given as a dict is Anthropic's thinking, with a type that is one of"
            f" {', '.join(THINKING)}.",
            remedy='Write reasoning="low" or a number of tokens; other fields go in extra_body=.',
        )
    if kind == "enabled":
        budget = integer(1).read(f'{name}["budget_tokens"]', budget)
    elif budget is not None:
        raise UsageError(
            f"{name}= of type {shown(kind)} has no budget_tokens.", remedy="Leave it out."
        )
    if value.keys() - {"type", "budget_tokens"} or kind == "between_tools":
        return dict(value)
    if kind == "enabled":
        return int(value["budget_tokens"])
    return "none" if kind == "disabled" else "adaptive"


TEXT = Check("a string", _word)
FLAG = Check("True or False", _flag)
TEXTS = Check("a string, or a list of strings", _texts)
LABELS = Check("a dict of strings", _labels)
CACHE = Check("True, False or a string", _cache)
CHOICE = Check("'auto', 'none', 'required', a tool's name, or the provider's own dict", _choice)
REASONING = Check(
    f"an effort ({', '.join(EFFORTS)}; adaptive), a number of tokens or Anthropic's thinking dict",
    _reasoning,
)
