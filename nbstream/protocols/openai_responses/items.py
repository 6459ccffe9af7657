"""All output items of one answer, and which of them an event speaks of.

Knows the ways in which servers name items: by place, by id, by an id that is
another in each event, or not at all. Refuses to know what the items hold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbstream.protocols.json_fields import Json, rows_of, text_of
from nbstream.protocols.openai_responses.builtin import (
    BuiltinItem,
    CodeItem,
    ResultItem,
    ShellItem,
)
from nbstream.protocols.openai_responses.calls import CallItem, CustomCallItem
from nbstream.protocols.openai_responses.text_items import MessageItem, ReasoningItem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbstream.core.events import Event
    from nbstream.protocols.openai_responses.item import Answer, Item

_CLASSES: dict[str, type[Item]] = {
    "message": MessageItem,
    "reasoning": ReasoningItem,
    "function_call": CallItem,
    "custom_tool_call": CustomCallItem,
    "code_interpreter_call": CodeItem,
    "shell_call": ShellItem,
}


class Items:
    """The items in the order they began."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._all: list[Item] = []
        self._at: dict[int, Item] = {}

    def find(self, event: Json, kind: str) -> Item | None:
        """The item of type ``kind`` that an event speaks of.

        By place, which no server changes; else by id; else the one of that
        type that is still open.
        """
        place, item_id = event.get("output_index"), text_of(event.get("item_id"))
        if type(place) is int and (item := self._at.get(place)) and item.type == kind:
            return item
        alike = [item for item in reversed(self._all) if item.type == kind]
        by_id = [item for item in alike if item_id and item.id == item_id]
        still_open = [item for item in alike if not item.closed and type(place) is not int]
        return next(iter(by_id + still_open), None)

    def add(self, event: Json, raw: Json) -> Iterator[Event]:
        """An item begins; nothing if it already has, for some servers say so twice."""
        item_id = text_of(raw.get("id"))
        found = self.find({**event, "item_id": item_id}, text_of(raw.get("type")))
        named = item_id or type(event.get("output_index")) is int
        if found and not found.closed and found.id == item_id and named:
            return
        yield from self._new(event, raw).begin()

    def done(self, event: Json, raw: Json) -> Iterator[Event]:
        """An item is whole, whether or not it was seen to begin."""
        found = self.find({**event, "item_id": raw.get("id")}, text_of(raw.get("type")))
        if found is None or (found.closed and found.id != text_of(raw.get("id"))):
            found = self._new(event, raw)
            yield from found.begin()
        yield from found.close(raw)

    def end(self, output: object) -> Iterator[Event]:
        """The answer is over and its items are ``output``; codex leaves that empty."""
        rows = rows_of(output)
        found = self._pairs(rows)
        for number, raw in enumerate(rows):
            item = found.get(number)
            if item is None:
                item = self._new({}, raw)
                yield from item.begin()
            if not item.closed or raw != item.raw:
                yield from item.close(raw)
        for item in self._all:
            if not item.closed:
                yield from item.close()
            yield from item.amend()

    def _pairs(self, rows: list[Json]) -> dict[int, Item]:
        """Which item each row of the output is: by id, else in order."""
        free = list(self._all)
        found: dict[int, Item] = {}
        for by_id in (True, False):
            for number, raw in enumerate(rows):
                for item in free if number not in found else ():
                    same = item.id == raw.get("id") or not by_id
                    if same and item.type == raw.get("type"):
                        free.remove(item)
                        found[number] = item
                        break
        return found

    def _new(self, event: Json, raw: Json) -> Item:
        item = self._class(raw)(self._answer, raw)
        self._all.append(item)
        place = event.get("output_index")
        if type(place) is int:
            self._at[place] = item
        return item

    def _class(self, raw: Json) -> type[Item]:
        kind, declared = text_of(raw.get("type")), self._answer.custom_tools
        if kind == "custom_tool_call" and declared is not None and raw.get("name") not in declared:
            return BuiltinItem  # xAI reports its own searches so
        if kind.endswith("_output"):
            return ResultItem
        return _CLASSES.get(kind, BuiltinItem)
