"""``MapBridge``: sends the state of a map to the browser, a few times a second.

The page gets the totals, and the prompts whose state has changed. Their texts stay in the kernel;
the page asks for one answer when it is opened.
"""

from __future__ import annotations

import asyncio
from decimal import Decimal
from math import log2
from os.path import commonprefix
from typing import TYPE_CHECKING, Any

from nbstream.core.cost import money
from nbstream.display.sanitize import encodable
from nbstream.progress import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbstream.many import PromptMap

_INTERVAL = 0.15  # seconds
_CARDS = 48
"""Up to so many prompts each has a card with its text; of more each has a square."""
_TAIL = 140  # characters of an answer on its card
_HEAD = 90  # characters of a prompt on its card
_LONG = 12
"""A beginning that all prompts have is left out if it has at least so many characters."""
_MOST = 5_000
"""Of more prompts only the first so many are drawn one by one."""

WAITING, DONE, FAILED, STOPPED = ".", "d", "f", "s"
"""The states of a prompt. One that runs is a digit, see ``_amount``."""


def heads(prompts: list[str]) -> list[str]:
    """What the cards show of the prompts: the first characters that are not those of all.

    >>> heads(["A title for: moths", "A title for: lamps"])
    ['… moths', '… lamps']
    """
    same = commonprefix(prompts) if len(set(prompts)) > 1 else ""  # noqa: RUF071 - no paths
    start = max(same.rfind(" "), same.rfind("\n")) + 1  # words stay whole
    start = start if start >= _LONG else 0
    return [("… " if start else "") + one[start : start + _HEAD] for one in prompts]


class MapBridge:
    """Sends one map to the browser."""

    def __init__(self, job: PromptMap[Any], send: Callable[..., None]) -> None:
        self._job, self._send = job, send
        self._seq = 0
        self._count = min(len(job), _MOST)
        self._cards = len(job) <= _CARDS
        self._states = [WAITING] * self._count
        self._texts: dict[int, str] = {}
        self._whole = self._length = 0  # answers that are whole, and their characters together

    @property
    def sent(self) -> int:
        """The sequence number of the last message with changes."""
        return self._seq

    async def send_stream(self) -> None:
        """Send the changes until the map has ended."""
        while not self._job.is_complete:
            self._send_changes()
            await asyncio.sleep(_INTERVAL)
        self._send_changes()

    def sync(self) -> None:
        """Send the whole state."""
        self._send({"t": "snap", **self.snapshot()}, [])

    def acknowledge(self) -> None:
        """Tell the page that its request to stop has arrived."""
        self._send({"t": "stopping"}, [])

    def snapshot(self) -> dict[str, Any]:
        """The whole state, with the sequence number of the last message that it includes.

        Changes that have not been sent are sent first: other pages get them by no other message.
        """
        if changed := self._look():
            self._send_cells(changed)
        state = {
            **self._totals(),
            "cells": "".join(self._states),
            "prompts": heads(
                list(map(self._job.prompt, range(len(self._job)))) if self._cards else []
            ),
            "texts": {str(at): text for at, text in self._texts.items()},
        }
        return {"seq": self._seq, "state": encodable(state)}

    def _send_changes(self) -> None:
        self._send_cells(self._look())

    def _send_cells(self, changed: list[int]) -> None:
        """Send the totals, and the states of these prompts."""
        self._seq += 1
        cells = [
            [at, self._states[at], *([self._texts[at]] if at in self._texts else [])]
            for at in changed
        ]
        state = encodable({**self._totals(), "cells": cells})
        self._send({"t": "map", "seq": self._seq, "state": state}, [])

    def _look(self) -> list[int]:
        """Bring the states up to date; returns the numbers of those that have changed."""
        job, changed = self._job, []
        running = job.running
        for at in range(self._count):
            state, text = self._states[at], None
            if state in (DONE, FAILED, STOPPED):
                continue
            if (result := job.result(at)) is not None:
                state = DONE
                if result.error is not None:
                    state = STOPPED if job.is_cancelled and result.text else FAILED
                text = words.error_line(result.error) if state == FAILED else result.text
                self._whole += 1
                self._length += len(result.text)
            elif (stream := running.get(at)) is not None:
                text = stream.text
                state = self._amount(len(text))
            elif state != WAITING:
                state = WAITING  # it waits to be sent again
            shown = _shown(text, state) if self._cards and text else None
            if state != self._states[at] or shown != self._texts.get(at):
                self._states[at] = state
                if shown is not None:
                    self._texts[at] = shown
                changed.append(at)
        return changed

    def _amount(self, length: int) -> str:
        """How much of an answer has come, from 0 to 9, beside the mean length of those so far.

        Before there is one: a step for each doubling of its text.
        """
        if self._length:
            return str(min(9, 10 * length * self._whole // self._length))
        return str(min(9, int(log2(length / 16 + 1))))

    def _totals(self) -> dict[str, Any]:
        job, now = self._job, self._job.totals
        cost = job.cost
        return {
            "status": words.status(job),
            "model": job.model,
            "total": now.total,
            "done": now.done,
            "failed": now.failed,
            "replayed": now.replayed,
            "active": len(job.running),
            "batches": job.open_batches,
            "elapsed": round(now.elapsed, 1),
            "rate": round(now.rate, 2) if now.rate else None,
            "left": None if now.seconds_left is None else round(now.seconds_left, 1),
            "tokens": now.usage.total_tokens,
            "cost": money(cost) if cost and cost > Decimal() else "",
            "pause": round(job.pause, 1),
            "error": str(job.error) if job.error else "",
        }


def _shown(text: str, state: str) -> str:
    """What a card has of a text: its end while it grows, its beginning once it is whole."""
    if len(text) <= _TAIL or state in (DONE, FAILED, STOPPED):
        return text[:_TAIL]
    return f"…{text[-_TAIL:]}"
