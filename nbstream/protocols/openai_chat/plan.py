"""Which handlers an object needs, found by its keys.

Knows how tables of handlers are looked up fast. Refuses to know any field.

A handler is given the answer, the field's value (never an empty one) and the
object the value stood in. Values may be of any type: servers are not trusted.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbstream.protocols.openai_chat.answer import Answer

Holder = dict[str, Any]
Handler = Callable[["Answer", Any, Holder], None]
Table = dict[str, Handler]
Plan = tuple[tuple[str, Handler], ...]


def planner(table: Table) -> Callable[[tuple[str, ...]], Plan]:
    """Of an object's keys, the fields to look at, each with its handler.

    Known fields come first, in the table's order; a field without a handler is
    kept for the message's ``provider_metadata``. Chunks of a stream have few
    shapes, so a plan is looked up far more often than made.
    """

    def plan(keys: tuple[str, ...]) -> Plan:
        known = [(name, handle) for name, handle in table.items() if name in keys]
        return (
            *((name, handle) for name, handle in known if handle is not skip),
            *((name, _keep(name)) for name in keys if name not in table),
        )

    return lru_cache(256)(plan)


def skip(answer: Answer, value: Any, holder: Holder) -> None:
    """Nothing; the field says nothing new or is read elsewhere."""


def _keep(name: str) -> Handler:
    def keep(answer: Answer, value: Any, holder: Holder) -> None:  # noqa: ARG001
        answer.metadata[name] = value

    return keep
