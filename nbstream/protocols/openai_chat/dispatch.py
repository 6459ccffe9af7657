"""Calls a handler for each field of a JSON object in a Chat Completions response, by a table.

A handler gets the decoder's state, the field's value (never empty) and the object around it.
Values may be of any type, because servers are not trusted. A field that is not in the table
is kept for the message's ``provider_metadata``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from nbstream.protocols.json_fields import Json

if TYPE_CHECKING:
    from nbstream.protocols.openai_chat.decoder_state import DecoderState

Handler = Callable[["DecoderState", Any, Json], None]
Table = dict[str, Handler]


def reader(table: Table) -> Callable[[DecoderState, Json], None]:
    """A function that handles an object's fields in the object's order."""
    find = table.get

    def read(state: DecoderState, source: Json) -> None:
        for name, value in source.items():
            if value:
                handle = find(name)
                if handle is None:
                    state.metadata[name] = value
                elif handle is not skip:
                    handle(state, value, source)

    return read


def reader_in_order(table: Table) -> Callable[[DecoderState, Json], None]:
    """A function that handles an object's fields in the table's order; unknown fields come last."""
    find = table.get

    # The objects of a stream have few different sets of keys, so the cache nearly always hits.
    @lru_cache(256)
    def in_order(keys: tuple[str, ...]) -> tuple[tuple[str, Handler | None], ...]:
        known = [name for name, handle in table.items() if name in keys and handle is not skip]
        names = [*known, *(name for name in keys if name not in table)]
        return tuple((name, find(name)) for name in names)

    def read(state: DecoderState, source: Json) -> None:
        for name, handle in in_order(tuple(source)):
            if value := source[name]:
                if handle is None:
                    state.metadata[name] = value
                else:
                    handle(state, value, source)

    return read


def skip(state: DecoderState, value: Any, source: Json) -> None:
    """Do nothing: the field has no new information or is read elsewhere."""
