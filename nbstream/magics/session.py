"""What one kernel remembers for its magics: models, running answers and the tokens used."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nbstream.core.message import Usage

if TYPE_CHECKING:
    from nbstream.streams import Stream


@dataclass(slots=True)
class Session:
    """The state that the magics of this process share."""

    models: dict[str, None] = field(default_factory=dict)
    """The models that cells named, in order, for the completion."""

    spent: dict[str, Usage] = field(default_factory=dict)
    """The tokens of the answers that have ended, by model; ``count`` brings it up to date."""

    _running: list[Stream[Any]] = field(default_factory=list)

    def began(self, answer: Stream[Any]) -> None:
        """Remember an answer until it ends."""
        self.count()
        self._running.append(answer)

    def count(self) -> None:
        """Add the tokens of answers that have ended to ``spent``, and forget those answers."""
        for answer in self._running:
            if answer.is_complete and answer.usage is not None:
                self.spent[answer.model] = self.spent.get(answer.model, Usage()) + answer.usage
        self._running = [answer for answer in self._running if not answer.is_complete]

    def stop(self) -> int:
        """Stop all answers that still stream; returns how many."""
        self.count()
        for answer in self._running:
            answer.close()
        return len(self._running)


session = Session()
