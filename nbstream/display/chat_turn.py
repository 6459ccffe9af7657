"""The words for an answer's place in a chat: its turn, what was sent with it, and what that costs.

``set_turn`` registers it for a stream; the footers show it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

from nbstream.core.cost import money, total

if TYPE_CHECKING:
    from decimal import Decimal

    from nbstream.core.message import Usage
    from nbstream.streams import Stream


class ChatTurn(NamedTuple):
    """Which turn of which chat an answer is, from 1; all turns before it are in its context."""

    chat: str
    """The chat's name; empty for the notebook's own."""
    number: int


_turns: WeakKeyDictionary[Stream, ChatTurn] = WeakKeyDictionary()


def set_turn(stream: Stream, chat: str, number: int) -> None:
    """Register that a stream asks for a turn of a chat."""
    _turns[stream] = ChatTurn(chat, number)


def turn_words(stream: Stream) -> tuple[str, str] | None:
    """The turn and its context in a line, and their details; None if it is in no chat."""
    turn = _turns.get(stream)
    if turn is None:
        return None
    text = f"turn {turn.number} of {turn.chat or 'this notebook'}"
    if stream.is_complete and (stream.error or stream.finish_reason == "cancelled"):
        return f"{text}, not kept", "Only whole answers are turns of a chat"
    before = turn.number - 1
    turns = f"{before} earlier turn{'' if before == 1 else 's'}"
    usage = stream.messages[0].usage if stream.is_complete and stream.messages else None
    detail = f"Sent: {turns} and the prompt" if before else "Sent: the prompt alone"
    cost = _input_cost(usage) if usage and not stream.is_replayed else None
    if usage and usage.input_tokens:
        detail += f", {usage.input_tokens:,} tokens" + (f" for {money(cost)}" if cost else "")
    if before:
        text += f", with {turns}" + (f" for {money(cost)}" if cost else "")
    return text, detail


def _input_cost(usage: Usage) -> Decimal | None:
    """The price of the input alone."""
    rows = [
        row._replace(usage=replace(row.usage, output_tokens=0, reasoning_tokens=0))
        for row in usage.priced
    ]
    return total(rows) if rows else None
