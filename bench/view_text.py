"""The answer that the benchmarks of the view stream: Markdown whose every word is a number.

The numbers count from 1, so a page that shows a number shows all that came before it.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from tests.harness import llm_scripts
from tests.harness.llm_scripts import Script

if TYPE_CHECKING:
    from collections.abc import Iterator

DIGITS = 6
PAUSE = 0.3  # seconds


def deltas(count: int) -> tuple[str, ...]:
    """So many deltas of Markdown: paragraphs with marks, headings, lists, code and tables."""
    return tuple(itertools.islice(_endless(), count))


def _endless() -> Iterator[str]:
    numbers = (f"{n:0{DIGITS}d}" for n in itertools.count(1))
    word = numbers.__next__
    while True:
        yield f"## {word()} "
        yield from (f"{word()} " for _ in range(3))
        for paragraph in range(3):
            yield f"\n\n{word()} "
            for sentence in range(8 + 2 * paragraph):
                yield from (f"{word()} " for _ in range(6))
                yield f"**{word()} {word()}** " if sentence % 2 else f"`{word()}` "
                yield f"[{word()}](https://example.com/) {word()}. "
        yield f"\n\n- {word()} "
        for item in range(5):
            yield from (f"{word()} " for _ in range(8))
            yield f"\n{'  ' * (item % 2)}- {word()} "
        yield f"\n\n```python\nx = {word()}"
        for _ in range(8):
            yield f"\nx = f({word()}, "
            yield f"{word()})"
        yield f"\n```\n\n| {word()} | {word()} |\n|---|---|\n"
        for _ in range(5):
            yield f"| {word()} "
            yield f"| {word()} |\n"
        yield "\n\n"


def numbers_of(parts: tuple[str, ...]) -> list[int]:
    """The last number of each delta; 0 if it has none."""
    digits = (part.replace("https://example.com/", "") for part in parts)
    found = ("".join(c if c.isdigit() else " " for c in part).split() for part in digits)
    return [int(words[-1]) if words else 0 for words in found]


def model(spec: str) -> Script:
    """Read ``COUNT-RATE``: so many deltas at that rate; or ``COUNT-RATE-BURST``: in bursts.

    There is a pause after each burst.
    """
    count, rate, *burst = (int(part) for part in spec.split("-"))
    return Script(deltas(count), rate=rate, burst=burst[0] if burst else 0, pause=PAUSE)


llm_scripts.SCRIPTS["numbers"] = model
