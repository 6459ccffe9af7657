"""The error for a keyword that a call does not have; it names the nearest, or all there are.

``checked_keywords`` adds it to a function, ``checked_arguments`` to a class, in whose arguments it
also hides API keys.
``stream()`` and ``generate()`` have their own, in ``request.keywords`` and ``generation.keywords``.
"""

from __future__ import annotations

import difflib
import functools
import inspect
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar

from nbstream.core.hidden import hidden
from nbstream.errors.tracebacks import TRACEBACK_END
from nbstream.errors.types import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T")
F = TypeVar("F", bound="Callable[..., Any]")
_NAMED = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


class NoKeywords(TypedDict):
    """No further keywords: what a type checker may pass as ``**unknown``."""


def unknown_keyword(called: str, name: str, known: Iterable[str]) -> UsageError:
    """The error for the keyword ``name``; ``known`` are the ones that there are."""
    known = list(known)
    near = difflib.get_close_matches(name, known, n=1)
    near = near or [one for one in known if one.endswith(name)][:1]
    remedy = f"Did you mean {near[0]}=?" if near else f"It has {', '.join(f'{k}=' for k in known)}."
    return UsageError(f"{called}() has no keyword {name}=.", remedy=remedy)


def check_options(given: Iterable[str], called: str, known: Iterable[str]) -> None:
    """Refuse the keywords that the function ``called`` does not have; ``known`` are those it has.

    Raises:
        UsageError: there is one; the remedy names the one that is meant, or all.
    """
    known = list(known)
    for name in given:
        if name not in known:
            raise unknown_keyword(called, name, known)


def without_unknown(function: Callable[..., Any]) -> list[str]:
    """Leave ``**unknown`` out of the signature that notebooks show; returns the other names."""
    signature = inspect.signature(function)
    named = [one for one in signature.parameters.values() if one.kind is not one.VAR_KEYWORD]
    function.__signature__ = signature.replace(parameters=named)  # type: ignore[attr-defined]
    return [one.name for one in named]


def checked_keywords(function: F) -> F:
    """A decorator of a function or a method: an unknown keyword is a ``UsageError``."""
    parameters = inspect.signature(function).parameters.values()
    known = [one.name for one in parameters if one.kind in _NAMED and one.name != "self"]

    @functools.wraps(function)
    def checked(*given: Any, **keywords: Any) -> Any:
        with TRACEBACK_END:
            for name in keywords:
                if name not in known:
                    given, keywords = (), {}  # a verbose traceback prints them
                    raise unknown_keyword(function.__name__, name, known)
        return function(*given, **keywords)

    return checked  # type: ignore[return-value]  # it has the same signature


def checked_arguments(kind: type[T]) -> type[T]:
    """A class decorator: an unknown keyword is a ``UsageError``, and keys are shown nowhere."""
    create: Any = vars(kind)["__init__"]
    known = list(inspect.signature(kind).parameters)

    @functools.wraps(create)
    def init(self: T, *given: Any, **keywords: Any) -> None:
        # First, because a verbose traceback prints the arguments of every frame.
        given, keywords = hidden(given), hidden(keywords)
        for name in keywords:
            if name not in known:
                del self  # without its fields it has no repr, which a traceback would ask for
                raise unknown_keyword(kind.__name__, name, known)
        create(self, *given, **keywords)

    type.__setattr__(kind, "__init__", init)
    return kind
