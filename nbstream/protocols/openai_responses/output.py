"""The wire's events that build output items.

Knows each event by its name and which item, block or call it goes to. Refuses
to know what those make of it, and how an answer begins and ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from nbstream.core import events as ev
from nbstream.protocols.json_fields import Json, dict_of, text_of
from nbstream.protocols.openai_responses.builtin import BuiltinItem, ShellItem
from nbstream.protocols.openai_responses.calls import ArgumentsItem
from nbstream.protocols.openai_responses.item import Answer
from nbstream.protocols.openai_responses.items import Items
from nbstream.protocols.openai_responses.text_items import KINDS, ProseItem, entry

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from nbstream.protocols.openai_responses.blocks import Block, Kind

_T = TypeVar("_T")


class Cursor(NamedTuple):
    """Where the last delta went. Nearly all go where the one before them went."""

    type: str
    output_index: int
    position_field: str
    position: Any
    grow: Callable[[str], ev.Event]


_NOWHERE = Cursor("", -1, "", None, lambda chunk: ev.TextDelta(0, chunk))


class Output:
    """The output of one answer."""

    def __init__(self) -> None:
        self.answer = Answer()
        self.items = Items(self.answer)
        self.cursor = _NOWHERE

    def added(self, _: str, event: Json) -> Iterator[ev.Event]:
        """An item begins."""
        self.cursor = _NOWHERE  # its place may have been another's
        if raw := self._item(event):
            yield from self.items.add(event, raw)

    def done(self, _: str, event: Json) -> Iterator[ev.Event]:
        """An item is whole."""
        if raw := self._item(event):
            yield from self.items.done(event, raw)

    def _item(self, event: Json) -> Json:
        raw = dict_of(event.get("item"))
        if text_of(raw.get("type")):
            return raw
        self.answer.put_aside(event)
        return {}

    # Text, refusals and thinking.

    def text(self, kind: str, event: Json) -> Iterator[ev.Event]:
        """More of a block."""
        if chunk := text_of(event.get("delta")):
            block_kind = _TEXTS[kind.rpartition(".")[0]]
            _, block = yield from self._block(event, block_kind)
            yield block.grow(chunk)
            self._move(kind, event, _position_field(block_kind), block.grow)

    def text_done(self, kind: str, event: Json) -> Iterator[ev.Event]:
        """What a block amounts to."""
        block_kind = _TEXTS[kind.rpartition(".")[0]]
        _, block = yield from self._block(event, block_kind)
        yield from block.settle(entry(block_kind, 0, event).text)

    def part(self, _: str, event: Json) -> Iterator[ev.Event]:
        """A block begins, or is whole."""
        part = dict_of(event.get("part"))
        if block_kind := KINDS.get(text_of(part.get("type"))):
            item, block = yield from self._block(event, block_kind)
            yield from item.settle(block, entry(block_kind, 0, part))

    def annotation(self, _: str, event: Json) -> Iterator[ev.Event]:
        """A source of a block."""
        if isinstance(row := event.get("annotation"), dict):
            _item, block = yield from self._block(event, "text")
            yield from block.annotate([row], again=False)

    def _block(self, event: Json, kind: Kind) -> Generator[ev.Event, None, _Place]:
        name = "reasoning" if kind in ("summary", "content") else "message"
        item = yield from self._of_type(event, name, ProseItem)
        block = yield from item.block(kind, event.get(_position_field(kind)))
        return _Place(item, block)

    # Calls.

    def arguments(self, kind: str, event: Json) -> Iterator[ev.Event]:
        """More of a call's arguments."""
        if chunk := text_of(event.get("delta")):
            name = _CALLS[kind.rpartition(".")[0]]
            item = yield from self._of_type(event, name, ArgumentsItem)
            yield item.grow(chunk)
            self._move(kind, event, "", item.grow)

    def arguments_done(self, kind: str, event: Json) -> Iterator[ev.Event]:
        """A call's whole arguments."""
        name = _CALLS[kind.rpartition(".")[0]]
        item = yield from self._of_type(event, name, ArgumentsItem)
        for field in ("arguments", "input", "code"):
            if whole := text_of(event.get(field)):
                yield from item.settle(whole)

    def command(self, _: str, event: Json) -> Iterator[ev.Event]:
        """More of a shell command."""
        item = yield from self._of_type(event, "shell_call", ShellItem)
        yield from item.command(event)

    def partial_image(self, _: str, event: Json) -> Iterator[ev.Event]:
        """An image so far."""
        item = yield from self._of_type(event, "image_generation_call", BuiltinItem)
        yield from item.partial_image(event)

    def pass_over(self, *_: Any) -> Iterator[ev.Event]:
        """Nothing that the whole item will not say."""
        return iter(())

    def _of_type(self, event: Json, name: str, cls: type[_T]) -> Generator[ev.Event, None, _T]:
        """The item that an event speaks of, begun now if the server did not say that it began."""
        item = self.items.find(event, name)
        if item is None:
            unseen = {"type": name, "id": text_of(event.get("item_id"))}
            yield from self.items.add(event, unseen)
            item = self.items.find({**event, "item_id": unseen["id"]}, name)
        assert isinstance(item, cls)
        return item

    def _move(self, kind: str, event: Json, field: str, grow: Callable[[str], ev.Event]) -> None:
        place = event.get("output_index")
        if type(place) is int:
            self.cursor = Cursor(kind, place, field, event.get(field), grow)


class _Place(NamedTuple):
    item: ProseItem
    block: Block


def _position_field(kind: Kind) -> str:
    return "summary_index" if kind == "summary" else "content_index"


_TEXTS: dict[str, Kind] = {
    "response.output_text": "text",
    "response.refusal": "refusal",
    "response.reasoning_summary_text": "summary",
    "response.reasoning_text": "content",
}

_CALLS = {
    "response.function_call_arguments": "function_call",
    "response.custom_tool_call_input": "custom_tool_call",
    "response.mcp_call_arguments": "mcp_call",
    "response.mcp_call.arguments": "mcp_call",  # its name in the first documents
    "response.code_interpreter_call_code": "code_interpreter_call",
    "response.code_interpreter_call.code": "code_interpreter_call",
}

HANDLERS: dict[str, Callable[[Output, str, Json], Iterator[ev.Event]]] = {
    "response.output_item.added": Output.added,
    "response.output_item.done": Output.done,
    "response.content_part.added": Output.part,
    "response.content_part.done": Output.part,
    "response.reasoning_part.added": Output.part,
    "response.reasoning_part.done": Output.part,
    "response.reasoning_summary_part.added": Output.part,
    "response.reasoning_summary_part.done": Output.part,
    "response.output_text.annotation.added": Output.annotation,
    "response.image_generation_call.partial_image": Output.partial_image,
    "response.shell_call_command.added": Output.pass_over,
    "response.shell_call_command.delta": Output.command,
    "response.shell_call_command.done": Output.pass_over,
    "response.shell_call_output_content.delta": Output.pass_over,
    "response.shell_call_output_content.done": Output.pass_over,
    **{f"{name}.delta": Output.text for name in _TEXTS},
    **{f"{name}.done": Output.text_done for name in _TEXTS},
    **{f"{name}.delta": Output.arguments for name in _CALLS},
    **{f"{name}.done": Output.arguments_done for name in _CALLS},
}
