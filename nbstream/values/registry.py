"""The describers that users register for types of their own, and objects that describe themselves.

An object describes itself by ``_ai_repr_``, as Jupyter's enhancement proposal 129 has it: a
function, sync or async, that returns a dict of media types.
"""

from __future__ import annotations

import base64
import functools
import inspect
import json
from typing import TYPE_CHECKING, Any, TypeVar

from nbstream.errors import UsageError
from nbstream.streams.loop import submit

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

# Of several texts, the first of these is taken.
_TEXTS = ("text/markdown", "text/plain", "application/json", "text/html", "text/latex")
_IMAGES = ("image/png", "image/jpeg", "image/svg+xml")


def _none(_value: object) -> Any:
    """What an object of an unregistered type gives."""


_describers = functools.singledispatch(_none)


def describer(kind: type[T]) -> Callable[[Callable[[T], Any]], Callable[[T], Any]]:
    """A decorator: the function says what a prompt holds for values of type ``kind``.

    It returns a text (also where that looks like a path), whatever else ``file_part()`` takes, such
    as bytes, a ``Path`` or a figure, or a list of those. It also counts for subclasses. The last
    one that is registered for a type counts.

    >>> from fractions import Fraction
    >>> @nbstream.describer(Fraction)
    ... def fraction(value):
    ...     return f"{value.numerator} of {value.denominator}"
    >>> nbstream.describe(Fraction(2, 3))[0].text
    '2 of 3'

    Raises:
        UsageError: ``kind`` is not a type.
    """
    if not isinstance(kind, type):
        raise UsageError(
            f"describer() takes a type, not {type(kind).__name__}.",
            remedy="For example: @nbstream.describer(MyType).",
        )

    def register(function: Callable[[T], Any]) -> Callable[[T], Any]:
        _describers.register(kind, function)
        return function

    return register


def described(value: Any) -> list[Any] | None:
    """What a registered describer or the value's ``_ai_repr_`` gives; None without either."""
    if _describers.dispatch(type(value)) is not _none:
        found = _describers(value)
        return list(found) if isinstance(found, (list, tuple)) else [found]
    own = getattr(type(value), "_ai_repr_", None)
    if not callable(own):
        return None
    found = own(value)
    if inspect.iscoroutine(found):
        found = submit(found).result()
    return _of_bundle(found) if isinstance(found, dict) else [found]


def _of_bundle(bundle: dict[str, Any]) -> list[Any]:
    """The text and the image of a dict of media types."""
    has = [[kind for kind in kinds if bundle.get(kind) is not None] for kinds in (_TEXTS, _IMAGES)]
    found = [_of_type(kinds[0], bundle[kinds[0]]) for kinds in has if kinds]
    return found or list(bundle.values())


def _of_type(kind: str, value: Any) -> Any:
    """A value of a bundle; as in Jupyter's messages, an image may be base64 and JSON an object."""
    if kind in ("image/png", "image/jpeg") and isinstance(value, str):
        return base64.b64decode(value)
    if kind == "application/json" and not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return value
