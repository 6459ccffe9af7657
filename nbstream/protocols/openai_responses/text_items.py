"""Converts the message and reasoning items of a Responses API response to events.

The blocks that streamed are matched with the blocks of the complete item.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from nbstream.protocols.json_fields import Json, dicts_of, text_of, without
from nbstream.protocols.openai_responses.blocks import Block, Kind
from nbstream.protocols.openai_responses.item import Item
from nbstream.protocols.openai_responses.metadata_key import KEY

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from nbstream.core.events import Event

KINDS: dict[str, Kind] = {
    "output_text": "text",
    "text": "text",
    "refusal": "refusal",
    "summary_text": "summary",
    "reasoning_text": "content",
}
"""The kind of block for each type of content part."""


class FinalBlock(NamedTuple):
    """One block of a complete item."""

    kind: Kind
    position: int
    text: str
    raw: Json


def final_block(kind: Kind, position: int, raw: Json) -> FinalBlock:
    """A content part as a ``FinalBlock``."""
    text = text_of(raw.get("refusal" if kind == "refusal" else "text"))
    return FinalBlock(kind, position, text, raw)


class TextItem(Item):
    """An item whose blocks become parts of the message."""

    def __init__(self, state: Any, raw: Json) -> None:
        super().__init__(state, raw)
        self.blocks: list[Block] = []

    def begin(self) -> Iterator[Event]:
        """Nothing: the parts begin with the blocks."""
        return iter(())

    def block(self, kind: Kind, position: Any) -> Generator[Event, None, Block]:
        """The block at ``position``, begun if new; without a position, the last of its kind."""
        for block in reversed(self.blocks):
            if not block.is_typed:
                block.kind, block.position, block.is_typed = kind, position, True
            if block.kind == kind and (block.position == position or type(position) is not int):
                return block
        yield from self._end_blocks()
        block = Block(kind, position, self.state.next_index())
        self.blocks.append(block)
        yield block.start()
        return block

    def complete(self, block: Block, final: FinalBlock) -> Iterator[Event]:
        """Compare a block with its complete version from the server."""
        yield from block.complete(final.text)
        yield from block.annotate(dicts_of(final.raw.get("annotations")), again=True)
        extra = without(final.raw, "type", "text", "refusal", "annotations")
        block.extra = {name: value for name, value in extra.items() if value}

    def close(self, raw: Json | None = None) -> Iterator[Event]:
        """End the item."""
        self.raw = raw or self.raw
        for streamed, final in self._match(self.final_blocks()):
            block = streamed or (yield from self.block(final.kind, final.position))
            yield from self.complete(block, final)
        self.closed = True
        yield from self._end_blocks()

    def correct(self) -> Iterator[Event]:
        """End the blocks with lost deltas once more, with the complete text."""
        for block in self.blocks:
            if block.needs_correction():
                yield from self._end(block)

    def final_blocks(self) -> list[FinalBlock]:
        """The blocks of the complete item."""
        raise NotImplementedError

    def _match(self, finals: list[FinalBlock]) -> list[tuple[Block | None, FinalBlock]]:
        """Each final block with the block that streamed, None if there was none.

        By position, else in order: while it streams, Bedrock counts positions in the whole
        response, but in the complete item within the item.
        """
        free = list(self.blocks)
        matches: dict[int, Block] = {}
        for exact in (True, False):
            for number, final in enumerate(finals):
                if number not in matches and (block := _find(free, final, exact=exact)):
                    free.remove(block)
                    matches[number] = block
        return [(matches.get(number), final) for number, final in enumerate(finals)]

    def _end_blocks(self) -> Iterator[Event]:
        for block in self.blocks:
            yield from self._end(block)

    def _end(self, block: Block) -> Iterator[Event]:
        raise NotImplementedError


def _find(blocks: list[Block], final: FinalBlock, *, exact: bool) -> Block | None:
    """The block of the same kind and, if ``exact``, position; else also one without a type yet."""
    for block in blocks:
        if not block.is_typed and not exact:
            block.kind, block.position, block.is_typed = final.kind, final.position, True
        if block.kind == final.kind and (block.position == final.position or not exact):
            return block
    return None


class MessageItem(TextItem):
    """A message item: text and refusals."""

    def final_blocks(self) -> list[FinalBlock]:
        """The blocks of its content. Content of unknown types is kept in the metadata."""
        finals = []
        for position, row in enumerate(dicts_of(self.raw.get("content"))):
            kind = KINDS.get(text_of(row.get("type")))
            if kind in ("text", "refusal"):
                finals.append(final_block(kind, position, row))
            elif row not in self.state.unknown:
                self.state.keep_unknown(row)
        return finals

    def _end(self, block: Block) -> Iterator[Event]:
        if not self.closed:
            return iter(())  # the metadata that is sent back is known only at the item's end
        fields = without(self.raw, "type", "role", "content")
        return block.end({KEY: {**fields, **({"part": block.extra} if block.extra else {})}})


class ReasoningItem(TextItem):
    """A reasoning item: summaries, the thinking itself, or only its ciphertext.

    A first block begins with the item, so that the reader sees that the model thinks. The
    ciphertext belongs to the last part.
    """

    def begin(self) -> Iterator[Event]:
        """Begin a block whose kind is not known yet."""
        block = Block("summary", None, self.state.next_index(), is_typed=False)
        self.blocks.append(block)
        yield block.start()

    def final_blocks(self) -> list[FinalBlock]:
        """The blocks of its summary, then of its content."""
        fields: list[tuple[Kind, Any]] = [("summary", "summary"), ("content", "content")]
        return [
            final_block(kind, position, row)
            for kind, field in fields
            for position, row in enumerate(dicts_of(self.raw.get(field)))
        ]

    def _end(self, block: Block) -> Iterator[Event]:
        metadata: Json = {"id": self.id, "block": block.kind}
        if not self.closed or block is not self.blocks[-1]:
            return block.end({KEY: metadata})
        fields = without(self.raw, "type", "id", "summary", "content", "encrypted_content")
        ciphertext = text_of(self.raw.get("encrypted_content")) or None
        return block.end({KEY: {**fields, **metadata}}, ciphertext)
