"""The words for thinking: how long it took and, if its text is withheld, how much it was.

The browser gets them at the end of the thinking, and the static renderers read them here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from nbstream.core.message import ThinkingPart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.core.call_record import NestedRun
    from nbstream.core.message import Message, Part
    from nbstream.streams import Stream

_LEAST = 0.5
"""Seconds. A shorter time is not shown: a replayed answer takes none."""


class Thought(NamedTuple):
    """The words for thinking that has ended.

    >>> of_time(12.3), of_time(0.1), of_time(83)
    ('Thought for 12 s', 'Thought', 'Thought for 1 min 23 s')
    """

    done: str
    amount: str = ""
    """Such as ``1,200 tokens``; empty if the text is shown or the number is not known."""


def of_time(seconds: float | None) -> str:
    """How long it took, in whole seconds."""
    if seconds is None or seconds < _LEAST:
        return "Thought"
    minutes, rest = divmod(max(1, round(seconds)), 60)
    return f"Thought for {minutes} min {rest:02} s" if minutes else f"Thought for {rest} s"


def thought(
    stream: Stream | NestedRun, message_index: int, message: Message, index: int
) -> Thought:
    """The words for the thinking part at ``index`` and those directly before it."""
    parts = message.parts
    first = index
    while first > 0 and isinstance(parts[first - 1], ThinkingPart):
        first -= 1
    done = of_time(stream.thinking_time(message_index, index))
    tokens = message.usage.reasoning_tokens if message.usage else 0
    # The provider counts all thinking of a message together.
    others = (*parts[:first], *parts[index + 1 :])
    is_all = not any(isinstance(part, ThinkingPart) for part in others)
    is_known = tokens and is_all and is_withheld(parts[first : index + 1])
    return Thought(done, f"{tokens:,} tokens" if is_known else "")


def is_withheld(parts: Sequence[Part]) -> bool:
    """Whether adjacent thinking parts have no text to show."""
    return not any(part.text.strip() for part in parts if isinstance(part, ThinkingPart))


def ends(parts: Sequence[Part]) -> list[int]:
    """The indices of the last parts of each piece of adjacent thinking."""
    thinks = [isinstance(part, ThinkingPart) for part in parts] + [False]
    return [index for index in range(len(parts)) if thinks[index] and not thinks[index + 1]]
