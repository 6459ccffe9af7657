"""``Entry``: one request and its answer, as the lines of a cassette.

The first line has the request, then each line has events that arrived together and the seconds
since the request, and the last line says how it ended and how many lines of events there are.
All lines of an entry have its id. The events stay in the file until they are replayed.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbstream import errors
from nbstream.cassette.batch import batch_line
from nbstream.core.codec import event_from_dict
from nbstream.core.rows import row_from_json
from nbstream.errors.saved import error_from_dict, error_to_dict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from nbstream.cassette.batch import Batch
    from nbstream.cassette.file import Line
    from nbstream.cassette.request import RequestJSON
    from nbstream.core.events import Event

FORMAT = 1
"""The version of the lines."""

COMPLETE, FAILED, INTERRUPTED = "complete", "failed", "interrupted"
DAMAGED = "damaged"


@dataclass(slots=True, eq=False)
class Entry:
    """One request and what came of it."""

    id: str
    fingerprint: str
    request: RequestJSON
    line: int
    """The number of its first line in the file, from 1."""
    replaces: bool = False
    """Whether it takes the place of all earlier entries of the same request."""
    path: Path | None = None
    """The file; None before the entry is in it."""
    span: tuple[int, int] = (0, 0)
    """Where in the file the bytes of its events are, perhaps with lines of others between them."""
    count: int = 0
    """How many events were read."""
    end: str = INTERRUPTED
    """How it ended; one without a last line was interrupted."""
    error: dict[str, Any] | None = None

    def add(self, row: dict[str, Any], line: Line) -> None:
        """Add a later line of the entry.

        Raises:
            ValueError, KeyError, TypeError: the line is not as it was written.
        """
        if "end" in row:
            self.end = str(row["end"]) if row["events"] == self.count else DAMAGED
            self.error = row.get("error")
            return
        seconds(row["at"])
        self.span = (self.span[0] if self.count else line.start, line.end)
        self.count += len(list(row["events"]))

    def events(self) -> list[tuple[float, list[Event]]]:
        """The events with their times; new objects, because a stream writes into its events.

        Raises:
            ValueError, KeyError, TypeError: a line is not as it was written.
        """
        start, end = self.span
        if self.path is None or not self.count:
            return []
        try:
            with self.path.open("rb") as file:
                file.seek(start)
                data = file.read(end - start)
        except OSError as error:
            raise ValueError(str(error)) from None
        rows = [row_from_json(line) for line in data.splitlines() if self.id.encode() in line]
        rows = [row for row in rows if row["id"] == self.id and "at" in row]
        return [
            (seconds(row["at"]), [event_from_dict(one) for one in row["events"]]) for row in rows
        ]

    def failure(self) -> errors.StreamError | None:
        """The error that ended the answer, if one did."""
        if self.error is None:
            return None
        return error_from_dict(self.error)


def seconds(at: Any) -> float:
    """The time of a line.

    Raises:
        ValueError: it is none.
    """
    if type(at) not in (int, float) or not math.isfinite(at):
        raise ValueError(f"{at!r} is no time")
    return float(at)


def first_line(entry: Entry) -> str:
    """The line that has the request."""
    row: dict[str, Any] = {"cassette": FORMAT, "id": entry.id, "fingerprint": entry.fingerprint}
    if entry.replaces:
        row["replaces"] = True
    return _line({**row, "request": entry.request})


def events_line(entry_id: str, at: float, rows: Sequence[dict[str, Any]]) -> str:
    """A line of events that arrived ``at`` seconds after the request."""
    return _line({"id": entry_id, "at": round(at, 4), "events": rows})


def last_line(entry_id: str, at: float, end: str, count: int, error: BaseException | None) -> str:
    """The line that says how the answer ended; ``count`` is the number of its events."""
    row: dict[str, Any] = {"id": entry_id, "at": round(at, 4), "end": end, "events": count}
    if isinstance(error, errors.StreamError):
        row["error"] = error_to_dict(error)
    return _line(row)


def _line(row: dict[str, Any]) -> str:
    text = json.dumps(row, ensure_ascii=False)
    # Half a surrogate pair, which models do send, has no UTF-8.
    return text if text.isascii() or _has_utf8(text) else json.dumps(row)


def _has_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _entry(row: dict[str, Any], number: int, path: Path) -> Entry:
    """The entry that a line begins.

    Raises:
        ValueError, KeyError, TypeError: the line is not as it was written.
    """
    if not (isinstance(row["id"], str) and isinstance(row["fingerprint"], str)):
        raise TypeError
    replaces = bool(row.get("replaces"))
    request = dict(row["request"])
    return Entry(row["id"], row["fingerprint"], request, number, replaces=replaces, path=path)


def read(
    path: Path, lines: Iterable[Line], entries: dict[str, Entry], batches: dict[str, Batch]
) -> tuple[list[Entry], list[int]]:
    """Add what ``lines`` of the file hold to ``entries`` and ``batches``, by id.

    Returns the entries that have changed, and the numbers of damaged lines.
    """
    damaged: list[int] = []
    changed: dict[str, Entry] = {}
    for line in lines:
        number, text = line.number, line.text
        if not text.strip():
            continue
        try:
            row = row_from_json(text)
            if "batch" in row:
                batch_line(row, batches)
                continue
            if "request" in row:
                if int(row["cassette"]) > FORMAT:
                    raise errors.UsageError(
                        f"Line {number} was written by a newer version of nbstream.",
                        remedy="Update nbstream.",
                    )
                entries[row["id"]] = _entry(row, number, path)
            else:
                entries[row["id"]].add(row, line)
            changed[row["id"]] = entries[row["id"]]
        except (ValueError, KeyError, TypeError, OverflowError):
            damaged.append(number)
    return list(changed.values()), damaged
