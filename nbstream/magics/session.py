"""What one kernel remembers for its magics: models, running answers and what was spent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nbstream.magics.names import LAST
from nbstream.magics.spending import Spending
from nbstream.streams import Stream

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(slots=True)
class Session:
    """The state that the magics of this process share."""

    models: dict[str, None] = field(default_factory=dict)
    """The models that cells named, in order, for the completion."""

    spending: Spending = field(default_factory=Spending)

    def stop(self) -> int:
        """Stop all answers that still stream, and the maps that ask for more; returns how many."""
        running = self.spending.running()
        count = len(running)
        for answer in running:
            answer.close()
        for job in self.spending.running_maps():
            count += max(len(job.running), 1)
            job.stop()
        return count


session = Session()


def last_answer(names: Mapping[str, Any]) -> Stream[Any] | None:
    """The last answer, which is a variable of the user's; None if that is something else."""
    found = names.get(LAST)
    return found if isinstance(found, Stream) else None
