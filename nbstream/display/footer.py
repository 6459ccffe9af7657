"""The words below an answer: model, time, tokens, cost, how it ended, and the error if it failed.

Plain strings; the renderers add the markup. ``js/src/format.ts`` has the same words.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from nbstream.core.message import ThinkingPart
from nbstream.display.status import status

if TYPE_CHECKING:
    from nbstream.core.message import Usage
    from nbstream.streams import Stream

_ENDS = {
    "length": "cut off at the token limit",
    "content_filter": "cut off by the provider's content filter",
}

_LEAST_TIME = 0.2
"""Seconds. Over a shorter time, tokens a second say nothing."""


_LEAST_SHOWN = 0.05
"""Seconds. A shorter time to the first token rounds to 0.0."""


class Word(NamedTuple):
    """A text of the footer, and the details that its tooltip has."""

    text: str
    title: str = ""


def footer(stream: Stream) -> list[Word]:
    """The footer: how the answer ended if not normally, model, time, tokens, speed and cost."""
    first, speed, cost = (
        stream.time_to_first_token or 0.0,
        tokens_per_second(stream),
        dollars(stream),
    )
    words = [
        Word(ending(stream) or ""),
        Word(stream.model),
        Word(_seconds(stream.elapsed)),
        Word(f"first token after {_seconds(first)}" if first >= _LEAST_SHOWN else ""),
        Word(*_tokens(stream.usage)),
        Word(f"{speed:,.0f} tokens/s" if speed else "", "Output tokens after the first one"),
        Word(cost or "", "The price of the tokens, by the list in genai-prices"),
    ]
    return [word for word in words if word.text]


def tokens_per_second(stream: Stream) -> float | None:
    """Output tokens for each second after the first one; None if it is not known.

    Tokens of thinking that is not shown came before the first part, and are not counted. Of a
    run of several messages it is not known, because tools ran between them.
    """
    first = stream.time_to_first_token
    if first is None or not stream.is_complete:
        return None
    usage, messages = stream.usage, stream.messages
    if len(messages) != 1:
        return None
    duration = stream.elapsed - first
    is_shown = any(isinstance(part, ThinkingPart) and part.text for part in messages[0].parts)
    tokens = usage.output_tokens - (0 if is_shown else usage.reasoning_tokens)
    return tokens / duration if duration >= _LEAST_TIME and tokens > 1 else None


def dollars(stream: Stream) -> str | None:
    """The cost as text, such as ``$0.0032``; None if it is not known, or the answer broke off."""
    if not stream.is_complete or stream.error is not None or stream.finish_reason == "cancelled":
        return None
    cost = stream.cost
    if cost is None:
        return None
    if 0 < cost < Decimal("0.0001"):
        return "under $0.0001"
    return f"${cost:,.2f}" if cost >= 1 else f"${cost:.4f}" if cost else "$0"


def _tokens(usage: Usage) -> tuple[str, str]:
    """The token count, and its details."""
    shown = [(usage.input_tokens, "in"), (usage.output_tokens, "out")]
    rows = [
        ("Input tokens", usage.input_tokens),
        ("of these, read from the cache", usage.cache_read_tokens),
        ("of these, written to the cache", usage.cache_write_tokens),
        ("Output tokens", usage.output_tokens),
        ("of these, reasoning", usage.reasoning_tokens),
        ("Total", usage.total_tokens),
    ]
    text = " · ".join(f"{tokens:,} {word}" for tokens, word in shown if tokens)
    return text, "\n".join(f"{words}: {tokens:,}" for words, tokens in rows if tokens)


def _seconds(value: float) -> str:
    """A duration, such as ``3.2 s`` or ``2 min 05 s``."""
    if value < 59.95:
        return f"{value:.1f} s"
    minutes, rest = divmod(round(value), 60)
    return f"{minutes} min {rest:02} s"


def ending(stream: Stream) -> str | None:
    """The words for how the answer ended, or that it has not; None for a normal end."""
    if not stream.is_complete:
        return "not finished when this was written"
    word = status(stream)
    return _ENDS.get(stream.finish_reason or "") if word == "done" else word


def failure(stream: Stream) -> tuple[str, str] | None:
    """The error as a title and a text that includes the remedy; None without an error."""
    error = stream.error
    return None if error is None else (type(error).__name__, str(error))
