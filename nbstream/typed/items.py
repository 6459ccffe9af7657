"""Checks that a list of an output type can be read item by item."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.errors import UsageError
from nbstream.typed.objects import ObjectShape
from nbstream.typed.output import output_type
from nbstream.typed.sequences import ListFrame
from nbstream.typed.wrappers import DelegatingShape

if TYPE_CHECKING:
    from nbstream.typed.shape import Shape


def check_items_path(of: Any, path: tuple[str, ...]) -> None:
    """Check that there is a list at ``path``, a path of names, whose items arrive one by one.

    Raises:
        UsageError: there is none; the error names the lists that are there.
    """
    known = output_type(of)
    shape: Shape | None = known.shape
    for step in path:
        shape = _by_name(shape, step) if shape is not None and shape.object() else None
    if shape is not None and isinstance(shape.array(), ListFrame):
        return
    where = f" at {'.'.join(map(str, path))}" if path else " at its root"
    lists = [f'stream_items("{name}")' for name in _lists(known.shape)]
    raise UsageError(
        f"{known.name} has no list{where} that arrives item by item.",
        remedy=f"Write {' or '.join(lists)}." if lists else "Use stream_output().",
    )


def _object(shape: Shape | None) -> Shape | None:
    """The shape itself, without ``T | None`` and references around it."""
    while isinstance(shape, DelegatingShape):
        shape = shape.inner
    return shape


def _by_name(shape: Shape, name: str) -> Shape | None:
    """The shape of a field, which is given by its name in Python."""
    inner = _object(shape)
    if isinstance(inner, ObjectShape):
        return next((row.shape for row in inner.fields.values() if row.name == name), None)
    return inner.field(name) if inner is not None else None


def _lists(shape: Shape) -> list[str]:
    """The names of the fields that are lists."""
    inner = _object(shape)
    if not isinstance(inner, ObjectShape):
        return []
    rows = {row.name: row.shape for row in inner.fields.values()}
    return [name for name, row in rows.items() if isinstance(row.array(), ListFrame)]
