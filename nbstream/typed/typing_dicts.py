"""Makes pydantic accept ``typing.TypedDict`` on Python 3.11.

There pydantic accepts only that of ``typing_extensions``, because the other one does not know
its generic bases. An output type needs none of that.
"""

from __future__ import annotations

import sys
import types
import typing
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import typing_extensions

_SUPPORTED = sys.version_info >= (3, 12)


def with_supported_dicts(of: Any) -> Any:
    """``of``, where one of ``typing_extensions`` replaces each ``typing.TypedDict``.

    Those inside other classes, such as the fields of a dataclass, stay.
    """
    return of if _SUPPORTED else _converted(of, {})


def _converted(of: Any, known: dict[Any, Any]) -> Any:
    if typing.is_typeddict(of):
        return _typed_dict(of, known) if type(of).__module__ == "typing" else of
    args, origin = get_args(of), get_origin(of)
    if not args or origin is typing.Literal:
        return of
    if origin is Annotated:
        inner = _converted(args[0], known)
        return of if inner is args[0] else Annotated[(inner, *args[1:])]
    new = tuple(_converted(arg, known) for arg in args)
    if all(one is other for one, other in zip(new, args, strict=True)):
        return of
    if isinstance(of, types.UnionType):
        return typing.Union[new]  # noqa: UP007 # made at run time
    return of.copy_with(new) if hasattr(of, "copy_with") else origin[new]


def _typed_dict(of: Any, known: dict[Any, Any]) -> Any:
    """An equal class made by ``typing_extensions``."""
    if of in known:
        return known[of]
    known[of] = of  # a recursive one keeps the original inside
    fields = {
        name: _required(of, name, _converted(hint, known))
        for name, hint in get_type_hints(of, include_extras=True).items()
    }
    made: Any = typing_extensions.TypedDict(of.__name__, fields)  # type: ignore[misc] # at run time
    made.__module__, made.__qualname__, made.__doc__ = of.__module__, of.__qualname__, of.__doc__
    if config := getattr(of, "__pydantic_config__", None):
        setattr(made, "__pydantic_config__", config)  # noqa: B010 # pydantic reads it
    known[of] = made
    return made


def _required(of: Any, name: str, hint: Any) -> Any:
    """``hint`` as a required field, or as one that may be left out, as it is in ``of``."""
    if get_origin(hint) in (typing.Required, typing.NotRequired):
        hint = get_args(hint)[0]
    wrap: Any = typing.Required if name in of.__required_keys__ else typing.NotRequired
    return wrap[hint]
