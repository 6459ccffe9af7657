"""Converts the Responses API's events about output items and audio to this library's events.

Finds the item, block or call that a wire event belongs to, and calls its method.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from nbstream.core import events as ev
from nbstream.protocols.json_fields import Json, dict_of, text_of
from nbstream.protocols.openai_responses.audio import Audio
from nbstream.protocols.openai_responses.builtin import BuiltinItem, ShellItem
from nbstream.protocols.openai_responses.calls import ArgumentsItem
from nbstream.protocols.openai_responses.item import ResponseState
from nbstream.protocols.openai_responses.items import Items
from nbstream.protocols.openai_responses.text_items import KINDS, TextItem, final_block

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from nbstream.protocols.openai_responses.blocks import Block, Kind

_T = TypeVar("_T")


class Cursor(NamedTuple):
    """The target of the last delta, as a fast path: nearly all deltas have the same target."""

    type: str
    output_index: int
    position_field: str
    position: Any
    append: Callable[[str], ev.PartDelta]


_NOWHERE = Cursor("", -1, "", None, lambda chunk: ev.TextDelta(0, chunk))


class OutputReader:
    """One method for each kind of event about output items; it yields this library's events."""

    def __init__(self) -> None:
        self.state = ResponseState()
        self.items = Items(self.state)
        self.audio = Audio(self.state)
        self.cursor = _NOWHERE

    def added(self, _: str, event: Json) -> Iterator[ev.Event]:
        """Begin an output item."""
        self.cursor = _NOWHERE  # another item may have the same index
        if raw := self._item(event):
            yield from self.items.add(event, raw)

    def done(self, _: str, event: Json) -> Iterator[ev.Event]:
        """End an output item, which the event contains complete."""
        if raw := self._item(event):
            yield from self.items.done(event, raw)

    def _item(self, event: Json) -> Json:
        """The item in an event; empty if it has no type, and the event is then kept as unknown."""
        raw = dict_of(event.get("item"))
        if text_of(raw.get("type")):
            return raw
        self.state.keep_unknown(event)
        return {}

    # Text, refusals and thinking.

    def text(self, kind: str, event: Json) -> Iterator[ev.Event]:
        """Add a delta to a text block."""
        if chunk := text_of(event.get("delta")):
            block_kind = _TEXTS[kind.rpartition(".")[0]]
            _, block = yield from self._block(event, block_kind)
            yield block.append(chunk)
            self._set_cursor(kind, event, _position_field(block_kind), block.append)

    def text_done(self, kind: str, event: Json) -> Iterator[ev.Event]:
        """Compare a text block with its complete text."""
        block_kind = _TEXTS[kind.rpartition(".")[0]]
        _, block = yield from self._block(event, block_kind)
        yield from block.complete(final_block(block_kind, 0, event).text)

    def part(self, _: str, event: Json) -> Iterator[ev.Event]:
        """Begin a text block, or compare it with the complete one."""
        part = dict_of(event.get("part"))
        if block_kind := KINDS.get(text_of(part.get("type"))):
            item, block = yield from self._block(event, block_kind)
            yield from item.complete(block, final_block(block_kind, 0, part))

    def annotation(self, _: str, event: Json) -> Iterator[ev.Event]:
        """Add an annotation to a text block."""
        if isinstance(row := event.get("annotation"), dict):
            _item, block = yield from self._block(event, "text")
            yield from block.annotate([row], again=False)

    def _block(self, event: Json, kind: Kind) -> Generator[ev.Event, None, _BlockOfItem]:
        """The text block that an event belongs to, and its item; both are begun if they are new."""
        name = "reasoning" if kind in ("summary", "content") else "message"
        item = yield from self._of_type(event, name, TextItem)
        block = yield from item.block(kind, event.get(_position_field(kind)))
        return _BlockOfItem(item, block)

    # Calls.

    def arguments(self, kind: str, event: Json) -> Iterator[ev.Event]:
        """Add a delta to a call's arguments."""
        if chunk := text_of(event.get("delta")):
            name = _CALLS[kind.rpartition(".")[0]]
            item = yield from self._of_type(event, name, ArgumentsItem)
            delta = item.append(chunk)
            if delta.chunk:  # empty arguments are held back: others may follow
                yield delta
                self._set_cursor(kind, event, "", item.append)

    def arguments_done(self, kind: str, event: Json) -> Iterator[ev.Event]:
        """Compare a call's arguments with the complete ones."""
        name = _CALLS[kind.rpartition(".")[0]]
        item = yield from self._of_type(event, name, ArgumentsItem)
        for field in ("arguments", "input", "code", "diff"):
            if text := text_of(event.get(field)):
                yield from item.complete(text)

    def command(self, _: str, event: Json) -> Iterator[ev.Event]:
        """Add a delta to a shell command."""
        item = yield from self._of_type(event, "shell_call", ShellItem)
        yield from item.command(event)

    def partial_image(self, _: str, event: Json) -> Iterator[ev.Event]:
        """Add a draft of an image."""
        item = yield from self._of_type(event, "image_generation_call", BuiltinItem)
        yield from item.partial_image(event)

    # Audio.

    def audio_delta(self, _: str, event: Json) -> Iterator[ev.Event]:
        """Add a piece of a spoken answer."""
        return self.audio.delta(event)

    def audio_done(self, *_: Any) -> Iterator[ev.Event]:
        """End a spoken answer."""
        return self.audio.end()

    def transcript(self, _: str, event: Json) -> Iterator[ev.Event]:
        """Add a piece of a spoken answer's transcript."""
        return self.audio.transcript(event)

    def transcript_done(self, *_: Any) -> Iterator[ev.Event]:
        """End the transcript."""
        return self.audio.end_transcript()

    def end(self, items: Any) -> Iterator[ev.Event]:
        """End the response, whose complete items are ``items``."""
        yield from self.audio.end_transcript()
        yield from self.audio.end()
        yield from self.items.end(items)

    def ignore(self, *_: Any) -> Iterator[ev.Event]:
        """Yield nothing: the complete item has the same information."""
        return iter(())

    def _of_type(self, event: Json, name: str, cls: type[_T]) -> Generator[ev.Event, None, _T]:
        """The item that an event belongs to; begun now if the server did not send its beginning."""
        item = self.items.find(event, name)
        if item is None and cls is ArgumentsItem and not event.get("item_id"):
            item = self.items.find({}, name)  # an index that drifts: it is for the open call
        if item is None:
            raw = {"type": name, "id": text_of(event.get("item_id"))}
            yield from self.items.add(event, raw)
            item = self.items.find({**event, "item_id": raw["id"]}, name)
        assert isinstance(item, cls)
        return item

    def _set_cursor(
        self, kind: str, event: Json, field: str, append: Callable[[str], ev.PartDelta]
    ) -> None:
        """Remember the target of a delta: the next one probably has the same."""
        place = event.get("output_index")
        if type(place) is int:
            self.cursor = Cursor(kind, place, field, event.get(field), append)


class _BlockOfItem(NamedTuple):
    """A text block and the output item that contains it."""

    item: TextItem
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
    "response.mcp_call.arguments": "mcp_call",  # its name in early documentation
    "response.apply_patch_call_operation_diff": "apply_patch_call",
    "response.code_interpreter_call_code": "code_interpreter_call",
    "response.code_interpreter_call.code": "code_interpreter_call",
}

HANDLERS: dict[str, Callable[[OutputReader, str, Json], Iterator[ev.Event]]] = {
    "response.output_item.added": OutputReader.added,
    "response.output_item.done": OutputReader.done,
    "response.content_part.added": OutputReader.part,
    "response.content_part.done": OutputReader.part,
    "response.reasoning_part.added": OutputReader.part,
    "response.reasoning_part.done": OutputReader.part,
    "response.reasoning_summary_part.added": OutputReader.part,
    "response.reasoning_summary_part.done": OutputReader.part,
    "response.output_text.annotation.added": OutputReader.annotation,
    "response.audio.delta": OutputReader.audio_delta,
    "response.audio.done": OutputReader.audio_done,
    "response.audio.transcript.delta": OutputReader.transcript,
    "response.audio.transcript.done": OutputReader.transcript_done,
    "response.image_generation_call.partial_image": OutputReader.partial_image,
    "response.shell_call_command.added": OutputReader.ignore,
    "response.shell_call_command.delta": OutputReader.command,
    "response.shell_call_command.done": OutputReader.ignore,
    "response.shell_call_output_content.delta": OutputReader.ignore,
    "response.shell_call_output_content.done": OutputReader.ignore,
    **{f"{name}.delta": OutputReader.text for name in _TEXTS},
    **{f"{name}.done": OutputReader.text_done for name in _TEXTS},
    **{f"{name}.delta": OutputReader.arguments for name in _CALLS},
    **{f"{name}.done": OutputReader.arguments_done for name in _CALLS},
}
