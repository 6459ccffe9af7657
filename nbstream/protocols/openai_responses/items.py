"""Keeps the output items of a Responses API stream: begins, finds and ends them.

An event belongs to one item. Servers identify it by index, by id, by an id that differs in each
event, or not at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbstream.protocols.json_fields import Json, dicts_of, text_of
from nbstream.protocols.openai_responses.builtin import (
    BuiltinItem,
    CodeItem,
    PatchItem,
    ResultItem,
    ShellItem,
)
from nbstream.protocols.openai_responses.calls import CallItem, CustomCallItem
from nbstream.protocols.openai_responses.text_items import MessageItem, ReasoningItem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbstream.core.events import Event
    from nbstream.protocols.openai_responses.item import Item, ResponseState

_CLASSES: dict[str, type[Item]] = {
    "message": MessageItem,
    "reasoning": ReasoningItem,
    "function_call": CallItem,
    "custom_tool_call": CustomCallItem,
    "code_interpreter_call": CodeItem,
    "shell_call": ShellItem,
    "apply_patch_call": PatchItem,
}


class Items:
    """The items of one response, in the order in which they began."""

    def __init__(self, state: ResponseState) -> None:
        self._state = state
        self._all: list[Item] = []
        self._at: dict[int, Item] = {}

    def find(self, event: Json, kind: str) -> Item | None:
        """The item of type ``kind`` that an event belongs to.

        By index, which no server changes; else by id; else the open item of that type.
        """
        place, item_id = event.get("output_index"), text_of(event.get("item_id"))
        if type(place) is int and (item := self._at.get(place)) and item.type == kind:
            return item
        same_type = [item for item in reversed(self._all) if item.type == kind]
        by_id = [item for item in same_type if item_id and item.id == item_id]
        still_open = [item for item in same_type if not item.closed and type(place) is not int]
        return next(iter(by_id + still_open), None)

    def add(self, event: Json, raw: Json) -> Iterator[Event]:
        """Begin an item. Nothing if it has begun already: some servers say so twice."""
        item_id = text_of(raw.get("id"))
        item = self.find({**event, "item_id": item_id}, text_of(raw.get("type")))
        is_identified = item_id or type(event.get("output_index")) is int
        if item and not item.closed and item.id == item_id and is_identified:
            return
        yield from self._new(event, raw).begin()

    def done(self, event: Json, raw: Json) -> Iterator[Event]:
        """End an item; begin it first if its beginning was not sent."""
        item = self.find({**event, "item_id": raw.get("id")}, text_of(raw.get("type")))
        if item is None or (item.closed and item.id != text_of(raw.get("id"))):
            item = self._new(event, raw)
            yield from item.begin()
        yield from item.close(raw)

    def end(self, output: object) -> Iterator[Event]:
        """End the response, whose complete items are ``output``. Codex sends an empty list."""
        rows = dicts_of(output)
        matches = self._match(rows)
        for number, raw in enumerate(rows):
            item = matches.get(number)
            if item is None:
                item = self._new({}, raw)
                yield from item.begin()
            if not item.closed or raw != item.raw:
                yield from item.close(raw)
        for item in self._all:
            if not item.closed:
                yield from item.close()
            yield from item.correct()

    def _match(self, rows: list[Json]) -> dict[int, Item]:
        """The item of each row of the output, by row number: by id, else in order."""
        free = list(self._all)
        matches: dict[int, Item] = {}
        for by_id in (True, False):
            for number, raw in enumerate(rows):
                for item in free if number not in matches else ():
                    same = item.id == raw.get("id") or not by_id
                    if same and item.type == raw.get("type"):
                        free.remove(item)
                        matches[number] = item
                        break
        return matches

    def _new(self, event: Json, raw: Json) -> Item:
        item = self._class(raw)(self._state, raw)
        self._all.append(item)
        place = event.get("output_index")
        if type(place) is int:
            self._at[place] = item
        return item

    def _class(self, raw: Json) -> type[Item]:
        kind, declared = text_of(raw.get("type")), self._state.custom_tools
        if kind == "custom_tool_call" and declared is not None and raw.get("name") not in declared:
            return BuiltinItem  # xAI reports its own searches like this
        if kind.endswith("_output"):
            return ResultItem
        return _CLASSES.get(kind, BuiltinItem)
