"""The items made of text: messages and reasoning.

Knows which blocks they hold and how the blocks that streamed pair up with those
of the whole item. Refuses to know how blocks grow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from nbstream.protocols.json_fields import Json, rows_of, text_of, without
from nbstream.protocols.openai_responses.blocks import Block, Kind
from nbstream.protocols.openai_responses.item import Item
from nbstream.protocols.openai_responses.names import KEY

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
"""The types of content parts."""


class Entry(NamedTuple):
    """One block of a whole item."""

    kind: Kind
    position: int
    text: str
    raw: Json


def entry(kind: Kind, position: int, raw: Json) -> Entry:
    """A content part as the server wrote it."""
    return Entry(kind, position, text_of(raw.get("refusal" if kind == "refusal" else "text")), raw)


class ProseItem(Item):
    """An item whose blocks become parts of the message, one each."""

    def __init__(self, answer: Any, raw: Json) -> None:
        super().__init__(answer, raw)
        self.blocks: list[Block] = []

    def begin(self) -> Iterator[Event]:
        """Nothing: its parts begin with its blocks."""
        return iter(())

    def block(self, kind: Kind, position: Any) -> Generator[Event, None, Block]:
        """The block at ``position``, begun if it is new; without one, the latest of its kind."""
        for block in reversed(self.blocks):
            if not block.claimed:
                block.kind, block.position, block.claimed = kind, position, True
            if block.kind == kind and (block.position == position or type(position) is not int):
                return block
        yield from self._end_blocks()
        block = Block(kind, position, self.answer.next_index())
        self.blocks.append(block)
        yield block.start()
        return block

    def settle(self, block: Block, entry: Entry) -> Iterator[Event]:
        """The server's account of one whole block."""
        yield from block.settle(entry.text)
        yield from block.annotate(rows_of(entry.raw.get("annotations")), again=True)
        extra = without(entry.raw, "type", "text", "refusal", "annotations")
        block.extra = {name: value for name, value in extra.items() if value}

    def close(self, raw: Json | None = None) -> Iterator[Event]:
        """The item is whole."""
        self.raw = raw or self.raw
        for block, whole in self._pairs(self.entries()):
            found = block or (yield from self.block(whole.kind, whole.position))
            yield from self.settle(found, whole)
        self.closed = True
        yield from self._end_blocks()

    def amend(self) -> Iterator[Event]:
        """Tell once more the blocks whose deltas left something out."""
        for block in self.blocks:
            if block.amend():
                yield from self._end(block)

    def entries(self) -> list[Entry]:
        """The blocks of the whole item."""
        raise NotImplementedError

    def _pairs(self, entries: list[Entry]) -> list[tuple[Block | None, Entry]]:
        """Each entry with the block that streamed it, if one did.

        By position; else in order, for Bedrock counts positions through the
        whole answer while it streams, and within the item in the end.
        """
        free = list(self.blocks)
        found: dict[int, Block] = {}
        for exact in (True, False):
            for number, whole in enumerate(entries):
                if number not in found and (block := _like(free, whole, exact=exact)):
                    free.remove(block)
                    found[number] = block
        return [(found.get(number), whole) for number, whole in enumerate(entries)]

    def _end_blocks(self) -> Iterator[Event]:
        for block in self.blocks:
            yield from self._end(block)

    def _end(self, block: Block) -> Iterator[Event]:
        raise NotImplementedError


def _like(blocks: list[Block], whole: Entry, *, exact: bool) -> Block | None:
    for block in blocks:
        if not block.claimed and not exact:
            block.kind, block.position, block.claimed = whole.kind, whole.position, True
        if block.kind == whole.kind and (block.position == whole.position or not exact):
            return block
    return None


class MessageItem(ProseItem):
    """Answer text and refusals."""

    def entries(self) -> list[Entry]:
        """Its content; parts of a type nobody knows are put aside."""
        found = []
        for position, row in enumerate(rows_of(self.raw.get("content"))):
            kind = KINDS.get(text_of(row.get("type")))
            if kind in ("text", "refusal"):
                found.append(entry(kind, position, row))
            elif row not in self.answer.unknown:
                self.answer.put_aside(row)
        return found

    def _end(self, block: Block) -> Iterator[Event]:
        if not self.closed:
            return iter(())  # what is sent back with it comes with the whole item
        fields = without(self.raw, "type", "role", "content")
        return block.end({KEY: {**fields, **({"part": block.extra} if block.extra else {})}})


class ReasoningItem(ProseItem):
    """Thinking: summaries of it, the thing itself, or only its ciphertext.

    One block stands open from the beginning, so that one sees that the model
    thinks. The ciphertext belongs to the last part.
    """

    def begin(self) -> Iterator[Event]:
        """A block of which the kind is not known yet."""
        block = Block("summary", None, self.answer.next_index(), claimed=False)
        self.blocks.append(block)
        yield block.start()

    def entries(self) -> list[Entry]:
        """Its summaries, then its content."""
        named: list[tuple[Kind, Any]] = [("summary", "summary"), ("content", "content")]
        return [
            entry(kind, position, row)
            for kind, field in named
            for position, row in enumerate(rows_of(self.raw.get(field)))
        ]

    def _end(self, block: Block) -> Iterator[Event]:
        metadata: Json = {"id": self.id, "block": block.kind}
        if not self.closed or block is not self.blocks[-1]:
            return block.end({KEY: metadata})
        fields = without(self.raw, "type", "id", "summary", "content", "encrypted_content")
        ciphertext = text_of(self.raw.get("encrypted_content")) or None
        return block.end({KEY: {**fields, **metadata}}, ciphertext)
