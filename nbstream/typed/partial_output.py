"""What a type checker knows about a value that is still growing.

Python has no type for "``T``, but any field may be missing". So a growing value has the type
``PartialOutput[T]``, which has no fields: each must be asked for in a way that allows for its
absence. At run time the value is an instance of ``T``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")
R = TypeVar("R")


class PartialOutput(Generic[T]):
    """For type checkers: a value of type ``T`` whose fields may be missing.

    ``peek(value, lambda it: it.name)``, ``getattr(value, "name", None)`` and, for mypy,
    ``if hasattr(value, "name")`` read a field; what dicts, lists and pydantic models have in
    common can be used. ``isinstance(value, T)`` is true of a growing
    value, too, and makes a type checker believe that it is whole. No object is of this class.

    >>> def show(city: "PartialOutput[City]") -> str:
    ...     return peek(city, lambda it: it.name.upper()) or "?"
    """

    __slots__ = ()

    if TYPE_CHECKING:
        # What values of the types have, and what gives only what has arrived.
        def __eq__(self, other: object) -> bool: ...
        def __hash__(self) -> int: ...
        def __len__(self) -> int: ...
        def __iter__(self) -> Iterator[Any]: ...
        def __contains__(self, item: object) -> bool: ...
        def __getitem__(self, key: Any) -> Any: ...
        def get(self, key: Any, default: Any = None) -> Any: ...
        def keys(self) -> Any: ...
        def items(self) -> Any: ...
        def values(self) -> Any: ...

        model_fields_set: set[str]

        def model_dump(self, **options: Any) -> dict[str, Any]: ...
        def model_dump_json(self, **options: Any) -> str: ...


def peek(partial: PartialOutput[T], read: Callable[[T], R]) -> R | None:
    """What ``read`` reads of a growing value; None if some of that has not arrived.

    ``read`` gets the value as if it were whole, so that a type checker knows its fields.

    >>> from nbstream.output import peek
    >>> model = ScriptedModel('[{"name": "Rome"}]')
    >>> stream = nbstream.stream(model, "Cities, please.", output_type=list[dict[str, str]])
    >>> stream.wait()
    True
    >>> peek(stream.output, lambda it: it[0]["name"]), peek(stream.output, lambda it: it[1])
    ('Rome', None)
    """
    whole: Any = partial
    try:
        return read(whole)
    except (AttributeError, LookupError):
        return None
