"""Tables of handlers, one for each field of an object.

Knows how to find fast which handlers an object needs. Refuses to know any field.

A handler is given the answer, the field's value (never an empty one) and the
object the value stood in. Values may be of any type: servers are not trusted.
A field that the table does not have is kept for the message's
``provider_metadata``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbstream.protocols.openai_chat.decoder_state import Answer

Holder = dict[str, Any]
Handler = Callable[["Answer", Any, Holder], None]
Table = dict[str, Handler]


def reader(table: Table) -> Callable[[Answer, Holder], None]:
    """A function that handles the fields of an object as they come."""
    find = table.get

    def read(answer: Answer, holder: Holder) -> None:
        for name, value in holder.items():
            if value:
                handle = find(name)
                if handle is None:
                    answer.metadata[name] = value
                elif handle is not skip:
                    handle(answer, value, holder)

    return read


def reader_in_order(table: Table) -> Callable[[Answer, Holder], None]:
    """The same in the table's order, whatever the server's is; unknown fields come last."""
    find = table.get

    # Objects of a stream have few shapes, so an order is looked up far more often than made.
    @lru_cache(256)
    def in_order(keys: tuple[str, ...]) -> tuple[tuple[str, Handler | None], ...]:
        known = [name for name, handle in table.items() if name in keys and handle is not skip]
        names = [*known, *(name for name in keys if name not in table)]
        return tuple((name, find(name)) for name in names)

    def read(answer: Answer, holder: Holder) -> None:
        for name, handle in in_order(tuple(holder)):
            if value := holder[name]:
                if handle is None:
                    answer.metadata[name] = value
                else:
                    handle(answer, value, holder)

    return read


def skip(answer: Answer, value: Any, holder: Holder) -> None:
    """Nothing; the field says nothing new or is read elsewhere."""
