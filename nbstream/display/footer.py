"""The words below an answer: model, time, tokens, cost, how it ended, and the error if it failed.

Plain strings; the renderers add the markup. ``js/src/format.ts`` has the same words, and
``tests/samples/words.json`` the cases of both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from nbstream.core.cost import money
from nbstream.core.events import InputRequest
from nbstream.core.message import ThinkingPart
from nbstream.core.rounding import one_decimal, whole
from nbstream.display import run_words, tool_labels
from nbstream.display.chat_turn import turn_words
from nbstream.display.status import status
from nbstream.streams.output_report import end_of

if TYPE_CHECKING:
    from nbstream.core.events import Retry
    from nbstream.core.message import Usage
    from nbstream.streams import Stream

_ENDS = {
    "length": "cut off at the token limit; max_tokens allows more",
    "content_filter": "cut off by the provider's content filter",
}

_LEAST_TIME = 0.2
"""Seconds. Over a shorter time, tokens a second say nothing."""


_LEAST_SHOWN = 0.05
"""Seconds. A shorter time would be shown as 0.0, as of a replay."""


class Word(NamedTuple):
    """A text of the footer, and the details that its tooltip has."""

    text: str
    title: str = ""


def footer(stream: Stream) -> list[Word]:
    """The footer: how the answer ended if not normally, model, time, tokens, speed, cost, turn."""
    first, speed, cost = first_token(stream) or 0.0, tokens_per_second(stream), dollars(stream)
    replay, elapsed = replayed(stream), stream.elapsed
    words = [
        Word(ending(stream) or ""),
        Word(run_words.totals(stream), "Model requests and tool calls"),
        Word(stream.model),
        Word("" if replay or elapsed < _LEAST_SHOWN else seconds(elapsed)),
        Word(f"first token after {seconds(first)}" if first >= _LEAST_SHOWN else ""),
        Word(*_tokens(run_words.usage(stream))),
        Word(f"{whole(speed):,} tokens/s" if speed else "", "Output tokens after the first one"),
        Word(cost or "", "The price of the tokens, by genai-prices"),
        Word(*(replay or [""])),
        Word(*(turn_words(stream) or [""])),
    ]
    return [word for word in words if word.text]


def replayed(stream: Stream) -> tuple[str, str] | None:
    """Says that the answer comes from a cassette, and what it cost once; None if it does not."""
    if not stream.is_replayed:
        return None
    cost = run_words.cost(stream)
    detail = f"; the recorded answer cost {money(cost)}" if cost else ""
    return "replayed at no cost", f"Nothing was sent{detail}"


def first_token(stream: Stream) -> float | None:
    """Seconds until the first token; None before it, and of a replay."""
    return None if stream.is_replayed else stream.time_to_first_token


def tokens_per_second(stream: Stream) -> float | None:
    """Output tokens for each second after the first one; None if it is not known.

    Tokens of thinking that is not shown came before the first part, and are not counted. Of a
    run of several messages it is not known, because tools ran between them, nor of a replay.
    """
    first = first_token(stream)
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
    """The cost as text, such as ``$0.0032``; None if not known, replayed, or broken off."""
    if not stream.is_complete or stream.error is not None or stream.finish_reason == "cancelled":
        return None
    if stream.is_replayed:
        return None
    cost = run_words.cost(stream)
    return None if cost is None else money(cost)


def _tokens(usage: Usage) -> tuple[str, str]:
    """The token count, and its details."""
    rows = [
        ("Input tokens", usage.input_tokens),
        ("of these, read from the cache", usage.cache_read_tokens),
        ("of these, written to the cache", usage.cache_write_tokens),
        ("Output tokens", usage.output_tokens),
        ("of these, reasoning", usage.reasoning_tokens),
        ("Total", usage.total_tokens),
    ]
    return run_words.tokens(usage), "\n".join(
        f"{words}: {tokens:,}" for words, tokens in rows if tokens
    )


def seconds(value: float) -> str:
    """A duration, such as ``3.2 s`` or ``2 min 05 s``."""
    if value < 59.95:
        return f"{one_decimal(value)} s"
    minutes, rest = divmod(whole(value), 60)
    return f"{minutes} min {rest:02} s"


_NEEDS = (tool_labels.NEEDS_APPROVAL, tool_labels.NEEDS_ANSWER)


def ending(stream: Stream) -> str | None:
    """The words for how the answer ended, or that it has not; None for a normal end."""
    if not stream.is_complete:
        return f"{_waiting(stream)}not finished when this was written"
    word = status(stream)
    if word != "done":
        return word
    if end := _ENDS.get(stream.finish_reason or ""):
        return end
    report = end_of(stream)
    if report is not None and report.failure:
        return "not valid"
    return None if stream.has_parts else "empty answer"


def _waiting(stream: Stream) -> str:
    """Which calls wait for a person, of an agent's run; empty if none does."""
    words = [
        f"{one.tool_call.tool_name} {_NEEDS[isinstance(one, InputRequest)]}"
        for one in getattr(stream, "requests", ())
    ]
    return "".join(f"{one}; " for one in words)


def asked_again(retry: Retry) -> str:
    """Why a message was asked for again."""
    again = f"Asked again, attempt {retry.attempt}" if retry.attempt > 2 else "Asked again"
    return f"{again}: {retry.reason or 'It failed.'}"


def failure(stream: Stream) -> tuple[str, str] | None:
    """The error as a title and a text that includes the remedy; None without an error."""
    error = stream.error
    return None if error is None else (type(error).__name__, str(error))
