"""``Cassette``: finds the recorded answer to a request, and records new ones.

It is used from the private loop and from threads. Each method opens the file and closes it again.
"""

from __future__ import annotations

import secrets
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbstream.cassette.batch import Batch, created_line, received_line
from nbstream.cassette.differences import differences, nearest
from nbstream.cassette.entry import COMPLETE, DAMAGED, FAILED, INTERRUPTED, Entry, first_line, read
from nbstream.cassette.file import LineReader, append, is_other
from nbstream.cassette.locks import ForkLock
from nbstream.cassette.request import fingerprint
from nbstream.errors import NotRecordedError, StreamError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nbstream.cassette.request import RequestJSON

MODES = {
    "once": "records if it is new; otherwise it replays its answers and refuses new requests",
    "none": "replays its answers and refuses new requests",
    "new_episodes": "replays its answers; new requests are sent and recorded",
    "all": "records all answers again",
}
"""VCR's modes, and what a cassette does in each."""


class Cassette:
    """One file of requests and answers, in one mode.

    ``pace`` is how fast answers are replayed: 1 as recorded, 2 twice as fast, None at once.
    ``repeats``: whether a recording may answer a request more than once while new ones are
    recorded too. It does for a cell that runs again in one session. It does not in one block of
    code that asks the same several times, where each is to have an answer of its own.

    Raises:
        UsageError: no such mode or pace; the file is missing and may not be made, or is none
            of a cassette's.
    """

    def __init__(
        self, path: Any, mode: str = "once", *, pace: float | None = None, repeats: bool = True
    ) -> None:
        if mode not in MODES:
            known = ", ".join(MODES)
            raise UsageError(f"mode= cannot be {mode!r}.", remedy=f"Known modes: {known}.")
        given: Any = pace
        if given is not None and not (isinstance(given, int | float) and given > 0):
            raise UsageError(
                f"pace= is a number above 0, not {pace!r}.",
                remedy="1 is as recorded, 2 twice as fast, None at once.",
            )
        self.path = _path(path)
        self.mode = mode
        self.pace = pace
        self._repeats = repeats
        self.recorded = 0
        """How many requests were sent and recorded."""
        self.replayed = 0
        """How many answers were replayed."""
        self._lock = ForkLock()
        self._reader = LineReader(self.path)
        self._entries: dict[str, Entry] = {}
        self._damaged: list[int] = []
        self._batches: dict[str, Batch] = {}
        self._answers: dict[str, list[Entry]] = {}
        """The entries that count, by the fingerprint of their request."""
        self._turns: dict[str, int] = {}
        """How often each request was replayed, or made, by its fingerprint."""
        self._replaced: set[str] = set()
        self._refresh()
        line = self._damaged[0] if self._damaged else 1
        if not (self._entries or self._batches) and (self._damaged or is_other(self.path)):
            raise UsageError(
                f"{self.path} is no cassette: line {line} is not one of nbstream's.",
                remedy="Choose another name for the recording.",
            )
        self._is_new = not self._entries
        if mode == "none" and not self.path.exists():
            raise UsageError(
                f"There is no cassette {self.path}.",
                remedy=f"Record it: %llm record {self.name}, or mode='once'.",
            )
        if not self.path.parent.is_dir():
            raise UsageError(
                f"{self.path} cannot be made: there is no folder {self.path.parent}.",
                remedy="Make the folder first.",
            )

    @property
    def name(self) -> str:
        """The file's name, for messages."""
        return self.path.name

    @property
    def replays(self) -> bool:
        """Whether it may answer without a request, so that no key is needed."""
        return self.mode in ("none", "new_episodes") or (self.mode == "once" and not self._is_new)

    @property
    def records(self) -> bool:
        """Whether a request that is not in it is sent and recorded."""
        return self.mode in ("all", "new_episodes") or (self.mode == "once" and self._is_new)

    def find(self, request: RequestJSON) -> Entry | None:
        """The next recorded answer to the request; None if it is to be sent.

        Answers to the same request come in the order of their recording. After the last comes
        the first again, unless a new one is recorded in its place: see ``repeats``.

        Raises:
            NotRecordedError: there is none, and requests are not sent.
            UsageError: the file cannot be read.
        """
        if not self.replays:
            return None
        with self._lock:
            self._refresh()
            mark = fingerprint(request)
            same = self._answers.get(mark, [])
            usable = [one for one in same if one.end == COMPLETE]
            if not usable and not self.records:
                usable = [one for one in same if one.end == FAILED]
            turn = self._turns.get(mark, 0)
            asks_again = self.records and not self._repeats
            if usable and (turn < len(usable) or not asks_again):
                self._turns[mark] = turn + 1
                self.replayed += 1
                return usable[turn % len(usable)]
            if self.records:
                self._turns[mark] = turn + asks_again
                return None
            raise self._not_recorded(request, same)

    def add(
        self,
        request: RequestJSON,
        lines: Callable[[str], Sequence[str]],
        redact: Callable[[str], str],
        *,
        whole: bool,
    ) -> None:
        """Append a request and its answer.

        Args:
            request: The request.
            lines: Gets the entry's id, and gives the lines of the answer.
            redact: Removes keys from the lines.
            whole: Whether the answer did not fail or break off.

        Raises:
            StreamError: the file cannot be written.
        """
        mark = fingerprint(request)
        entry = Entry(secrets.token_hex(4), mark, request, 0)
        with self._lock:
            entry.replaces = self.mode == "all" and mark not in self._replaced
            rows = [first_line(entry), *lines(entry.id)]
            try:
                append(self.path, redact("".join(f"{row}\n" for row in rows)))
            except OSError as error:
                raise StreamError(
                    f"The answer is whole, but could not be recorded in {self.path}:"
                    f" {error.strerror}.",
                    remedy="Make room, or choose another file.",
                ) from None
            self.recorded += 1
            if whole:
                self._replaced.add(mark)

    def has(self, mark: str) -> bool:
        """Whether it has a whole answer to the request with that fingerprint, to replay it."""
        with self._lock:
            self._refresh()
            return self.replays and any(one.end == COMPLETE for one in self._answers.get(mark, []))

    def open_batches(self, model: str) -> list[Batch]:
        """The batches of the model whose answers were not all received, the oldest first."""
        with self._lock:
            self._refresh()
            found = self._batches.values()
            return [one for one in found if one.model == model and one.missing]

    def add_batch(self, batch_id: str, model: str, fingerprints: Sequence[str]) -> None:
        """Keep the id of a batch that the provider has accepted.

        Raises:
            StreamError: the file cannot be written.
        """
        self._add_line(created_line(batch_id, model, fingerprints), batch_id)

    def batch_received(self, batch_id: str, numbers: Sequence[int]) -> None:
        """Keep which requests of a batch have come back. Raises like ``add_batch``."""
        self._add_line(received_line(batch_id, numbers), batch_id)

    def _add_line(self, line: str, batch_id: str) -> None:
        try:
            append(self.path, f"{line}\n")
        except OSError as error:
            raise StreamError(
                f"The batch {batch_id} could not be recorded in {self.path}: {error.strerror}.",
                remedy="The provider still has it: see its console.",
            ) from None

    def _refresh(self) -> None:
        """Read what was appended since the last time, also by other processes."""
        other, lines = self._reader.new_lines()
        if other:
            self._entries.clear()
            self._damaged.clear()
            self._batches.clear()
            self._answers.clear()
        changed, damaged = read(self.path, lines, self._entries, self._batches)
        self._damaged += damaged
        for entry in changed:
            same = self._answers.setdefault(entry.fingerprint, [])
            if entry not in same:
                same.append(entry)
            if entry.replaces and entry.end == COMPLETE:  # one that broke off replaces nothing
                del same[: same.index(entry)]
        if damaged and self._entries:
            warnings.warn(
                f"{self.name}: line {damaged[0]} is damaged"
                + (f", and {len(damaged) - 1} more" if len(damaged) > 1 else "")
                + ". The answer that it belongs to is left out.",
                stacklevel=2,
            )

    def _not_recorded(self, request: RequestJSON, same: list[Entry]) -> NotRecordedError:
        """The error for a request that has no whole answer here."""
        remedy = f"To send and record it: %llm record {self.name}, or mode='new_episodes'."
        text = f"{self.name} has no answer to this request, and nothing was sent."
        if same:
            last = same[-1]
            why = {INTERRUPTED: "was interrupted", DAMAGED: "is damaged"}.get(last.end, "failed")
            return NotRecordedError(
                f"{text}\nIts recording, from line {last.line} on, {why}.", remedy=remedy
            )
        found = nearest(request, list(self._entries.values()))
        if found is None:
            return NotRecordedError(f"{text}\nThe cassette is empty.", remedy=remedy)
        rows = differences(request, found.request)
        lead = f"Nearest recorded request, line {found.line}:"
        return NotRecordedError("\n".join([text, lead, *rows]), remedy=remedy)


def _path(given: Any) -> Path:
    try:
        return Path(given).expanduser().absolute()
    except TypeError:
        kind = type(given).__name__
        raise UsageError(f"A cassette is the path of a file, not a {kind}.") from None
