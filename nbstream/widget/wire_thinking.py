"""Adds to what is sent to the browser how long the model thought, and how much.

The events do not have it: the stream measures the time, and the number of tokens comes at the
end of the message.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core.message import ThinkingPart
from nbstream.display import thinking

if TYPE_CHECKING:
    from nbstream.core.message import Message
    from nbstream.streams import Stream

Wire = dict[str, Any]


def with_thoughts(ops: list[Wire], stream: Stream) -> list[Wire]:
    """The ops, with the label of each thinking that ends; with its tokens when its message ends."""
    rows: list[Wire] = []
    for op in ops:
        rows.append(op)
        if op["kind"] == "thinking_end":
            op.update(_label(stream, op.get("message", 0), op["index"]))
        elif op["kind"] == "stream_end":
            rows += _counted(stream, op.get("message", 0))
    return rows


def _counted(stream: Stream, at: int) -> list[Wire]:
    """The ops with the number of tokens of the withheld thinking of a message that has ended."""
    if at >= len(stream.messages):
        return []
    ended = thinking.ends(stream.messages[at].parts)
    labels = {index: _label(stream, at, index) for index in ended}
    return [
        {"kind": "thinking_end", "index": index, **({"message": at} if at else {}), **label}
        for index, label in labels.items()
        if "amount" in label.get("label", {})
    ]


def _label(stream: Stream, message_index: int, index: int) -> Wire:
    """The field with the words for a thinking part; none if a ``Retry`` has discarded it since."""
    messages = stream.messages[message_index : message_index + 1]
    if not messages or not isinstance(_at(messages[0], index), ThinkingPart):
        return {}
    done, amount = thinking.thought(stream, message_index, messages[0], index)
    return {"label": {"done": done} | ({"amount": amount} if amount else {})}


def _at(message: Message, index: int) -> object:
    return message.parts[index] if index < len(message.parts) else None


def in_snapshot(stream: Stream, message_index: int, message: Message, rows: list[Wire]) -> None:
    """Add the label to each thinking part of a message in a snapshot, and the seconds so far."""
    for index in thinking.ends(message.parts):
        rows[index].update(_label(stream, message_index, index))
        seconds = stream.thinking_time(message_index, index)
        if seconds and message.finish_reason is None and index == len(rows) - 1:
            rows[index]["seconds"] = round(seconds, 1)
