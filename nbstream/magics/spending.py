"""What the answers of this session cost, by cell and by model, and the budget that they have."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from nbstream.core.call_record import nested_messages
from nbstream.core.cost import money
from nbstream.errors import UsageError, UsageLimitError
from nbstream.providers.names import LOCAL, split
from nbstream.providers.table import PROVIDERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from nbstream.core.message import Usage
    from nbstream.streams import Stream


_SPENT = "The budget of {} is spent: {} so far."
_MORE = (
    "%llm cost shows on what. Set a higher one with %llm config budget DOLLARS,"
    " or none with %llm config --save budget default."
)


class Asker(NamedTuple):
    """The cell that asked: what it is known by, its number at the time, and its prompt."""

    cell: str
    number: int
    prompt: str


class Entry(NamedTuple):
    """One answer that has ended, or the answers of a map."""

    asker: Asker
    model: str
    """``provider/model``."""
    usage: Usage
    whole: bool
    """Whether it did not break off, so that the provider counted all of its tokens."""
    answers: int = 1
    """How many answers of a map it is the sum of."""

    @property
    def cost(self) -> Decimal | None:
        """Its price in dollars; None if it is not known. One on the user's own machine has none."""
        return Decimal() if is_own(self.model) else self.usage.cost


class Running(NamedTuple):
    """One answer that has not ended; ``most`` gives what it is taken to cost, in dollars."""

    asker: Asker
    answer: Stream[Any]
    most: Callable[[], Decimal]


def _usage_by_model(answer: Stream[Any]) -> list[tuple[str, Usage]]:
    """The tokens of an answer, and those of other agents that its tools have run."""
    found = [(answer.model, answer.usage)]
    for message in nested_messages(answer.call_records):
        if message.usage:
            name = f"{message.provider}/{message.model}"
            at = next((at for at, (model, _) in enumerate(found) if model == name), None)
            if at is None:
                found.append((name, message.usage))
            else:
                found[at] = (name, found[at][1] + message.usage)
    return found


@dataclass(slots=True)
class Spending:
    """The answers of a session; ``count`` brings it up to date."""

    entries: list[Entry] = field(default_factory=list)
    _running: list[Running] = field(default_factory=list)
    _maps: list[tuple[Asker, Any]] = field(default_factory=list)

    def began(
        self, asker: Asker, answer: Stream[Any], most: Callable[[], Decimal] = Decimal
    ) -> None:
        """Remember an answer; it is counted once it has ended."""
        self.count()
        self._running.append(Running(asker, answer, most))

    def map_began(self, asker: Asker, job: Any) -> None:
        """Remember a map; its answers are counted once it has ended."""
        self.count()
        self._maps.append((asker, job))

    def count(self) -> None:
        """Add the answers that have ended to ``entries``, if they may have cost anything."""
        running = []
        for one in self._running:
            asker, answer, _ = one
            if not answer.is_complete:
                running.append(one)
            elif (answer.usage or answer.has_parts) and not answer.is_replayed:
                whole = answer.error is None and answer.finish_reason != "cancelled"
                self.entries += [
                    Entry(asker, model, usage, whole) for model, usage in _usage_by_model(answer)
                ]
        self._running = running
        ended = [one for one in self._maps if one[1].is_complete]
        self._maps = [one for one in self._maps if one not in ended]
        for asker, job in ended:
            totals = job.totals
            if totals.sent:
                whole = not (totals.failed or totals.stopped)
                self.entries.append(Entry(asker, job.model, totals.usage, whole, totals.sent))

    def running_maps(self) -> list[Any]:
        """The maps that have not ended."""
        return [job for _, job in self._maps if not job.is_complete]

    def running(self) -> list[Stream[Any]]:
        """The answers that still stream."""
        return [one.answer for one in self._running if not one.answer.is_complete]

    def spent(self) -> Decimal:
        """The dollars of all answers whose price is known."""
        self.count()
        return known(self.entries)

    def unpriced(self) -> list[str]:
        """The models that answered and whose price is not known."""
        self.count()
        return list(dict.fromkeys(one.model for one in self.entries if one.cost is None))

    def reserved(self) -> Decimal:
        """The dollars that the answers which still stream are taken to cost.

        A run with tools is taken to make one more request.
        """
        self.count()
        used = self.so_far() - known(self.entries)
        return sum((one.most() for one in self._running), start=used)

    def so_far(self) -> Decimal:
        """The dollars of all answers, and of what those that still stream have used.

        It changes nothing, so it may be called on any thread.
        """
        streams = [usage.cost for one in self._running for _, usage in _usage_by_model(one.answer)]
        for _, job in self._maps:
            streams += [job.totals.cost, *(one.cost for one in job.running.values())]
        return sum((cost for cost in streams if cost), start=known(self.entries))

    def check_step(self, budget: float | None) -> None:
        """Raise before a further request of an agent, if the budget is spent meanwhile.

        Raises:
            UsageLimitError: nothing was sent; the run ends with what it has.
        """
        if budget is None:
            return
        limit, spent = Decimal(str(budget)), self.so_far()
        if spent >= limit:
            raise UsageLimitError(_SPENT.format(money(limit), money(spent)), remedy=_MORE)

    def check(self, budget: float | None) -> None:
        """Raise if the budget is spent, or if the answers that still stream may spend it.

        So it is passed by one answer at most, as far as none of them is longer than it was taken
        to be.

        Raises:
            UsageError: nothing was sent.
        """
        if budget is None:
            return
        limit, spent = Decimal(str(budget)), self.spent()
        if spent >= limit:
            raise UsageError(_SPENT.format(money(limit), money(spent)), remedy=_MORE)
        reserved = self.reserved()
        if spent + reserved >= limit:
            raise UsageError(
                f"The budget of {money(limit)} might be passed: {money(spent)} is spent, and"
                f" {self.in_flight()} may cost {money(reserved)}.",
                remedy="Wait for their end, or %llm stop. With --max-tokens an answer is taken to"
                " cost less. %llm config budget DOLLARS sets a higher budget.",
            )

    def in_flight(self) -> str:
        """How many answers still stream, in words."""
        count = len(self.running()) + sum(len(job.running) for job in self.running_maps())
        return f"{count} answer{'' if count == 1 else 's'} in the background"


def known(entries: Iterable[Entry]) -> Decimal:
    """The sum of the prices that are known."""
    return sum((one.cost for one in entries if one.cost is not None), start=Decimal())


def is_own(model: str) -> bool:
    """Whether a model is on a server of the user's own, which charges nothing."""
    provider = split(model)[0]
    row = PROVIDERS.get(provider)
    return provider == LOCAL or (row is not None and row.keyless)
