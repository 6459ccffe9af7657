"""The words that tell how far a map is.

``js/src/map/words.ts`` has the same, and ``tests/samples/words.json`` the cases of both.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any

from nbstream.core.cost import money
from nbstream.core.rounding import whole

if TYPE_CHECKING:
    from nbstream.many import PromptMap


def status(job: PromptMap[Any]) -> str:
    """The state in one word, as of a stream."""
    if not job.is_complete:
        return "streaming" if job.is_started else "waiting"
    if job.is_interrupted:
        return "interrupted"
    if job.is_cancelled:
        return "stopped"
    return "done" if job.error is None else "failed"


def facts(job: PromptMap[Any]) -> list[str]:
    """What the line under the bar says, piece by piece."""
    now = job.totals
    words = [status(job)] if status(job) in ("stopped", "interrupted", "failed") else []
    words.append(f"{now.done:,} of {now.total:,} answered")
    if now.failed:
        words.append(f"{now.failed:,} failed")
    if now.replayed:
        words.append(f"{now.replayed:,} from the cassette")
    if job.is_started:
        words.append(seconds(now.elapsed))
    if job.open_batches:
        words.append(batches(job.open_batches, is_waiting=not job.is_complete))
    if now.rate and now.elapsed >= 1:
        words.append(f"{whole(10 * now.rate) / 10:,g} a second")
    if now.usage.total_tokens:
        words.append(f"{now.usage.total_tokens:,} tokens")
    if job.cost:
        words.append(money(job.cost))
    if not job.is_complete and job.pause:
        words.append(f"the provider asks to wait {seconds(ceil(job.pause))}")
    elif not job.is_complete and now.seconds_left is not None and now.elapsed >= 1:
        words.append(f"about {seconds(now.seconds_left)} left")
    return words


def batches(count: int, *, is_waiting: bool) -> str:
    """What is said of batches at the provider: the map waits for them, or they go on without it."""
    one = count == 1
    if is_waiting:
        return "waiting for a batch" if one else f"waiting for {count} batches"
    return f"the {'batch goes' if one else 'batches go'} on at the provider"


def seconds(value: float) -> str:
    """A duration, such as ``3 s``, ``2 min 05 s`` or ``1 h 02 min``."""
    minutes, rest = divmod(whole(value), 60)
    if not minutes:
        return f"{rest} s"
    if minutes < 60:
        return f"{minutes} min {rest:02} s"
    return f"{minutes // 60} h {minutes % 60:02} min"


def failures(job: PromptMap[Any]) -> list[tuple[int, str, str]]:
    """The prompts without an answer: number from 1, prompt, and the error as a line."""
    return [
        (one.index + 1, one.prompt, error_line(one.error))
        for one in job.results
        if one.error is not None
    ]


def error_line(error: BaseException | None) -> str:
    """An error in one line; empty for none."""
    if error is None:
        return ""
    return f"{type(error).__name__}: {' '.join(str(getattr(error, 'text', error)).split())}"
