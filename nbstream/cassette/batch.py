"""``Batch``: requests that a provider answers later, as lines of a cassette.

The first line has the batch's id and the fingerprints of its requests. A later one says which of
them, by number, have their answer or their error.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(slots=True, eq=False)
class Batch:
    """A batch at a provider."""

    id: str
    model: str
    fingerprints: list[str]
    received: set[int] = field(default_factory=set)
    """The numbers of the requests whose answer or error was received."""

    @property
    def missing(self) -> list[tuple[int, str]]:
        """The number and fingerprint of each request whose answer was not received."""
        rows = enumerate(self.fingerprints)
        return [(number, mark) for number, mark in rows if number not in self.received]


def batch_line(row: dict[str, Any], batches: dict[str, Batch]) -> None:
    """Read a line of a batch.

    Raises:
        ValueError, KeyError, TypeError: the line is not as it was written.
    """
    batch_id = str(row["batch"])
    if "fingerprints" in row:
        marks = [str(one) for one in row["fingerprints"]]
        batches[batch_id] = Batch(batch_id, str(row["model"]), marks)
    else:
        batches[batch_id].received.update(int(one) for one in row["received"])


def created_line(batch_id: str, model: str, fingerprints: Sequence[str]) -> str:
    """The line of a new batch."""
    row = {"cassette": 1, "batch": batch_id, "model": model, "fingerprints": list(fingerprints)}
    return json.dumps(row)


def received_line(batch_id: str, numbers: Iterable[int]) -> str:
    """The line that says which requests have come back."""
    return json.dumps({"batch": batch_id, "received": sorted(numbers)})
