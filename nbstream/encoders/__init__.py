"""Writes a run's events in the formats of web front ends, as JSON-ready dicts; no I/O.

vercel_ui   the UI message stream of Vercel's AI SDK
ag_ui       AG-UI, which CopilotKit and others read
call_ids    an id for each call that no other call of the run has
nested      the runs of agents that are tools
values      what both share: values that JavaScript can read, addresses, sources
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nbstream.core.events import Event
    from nbstream.core.message import Message, Usage


class Encoder(Protocol):
    """Takes the events of one run in turn, and gives what a front end gets of each."""

    def begin(self) -> Iterable[dict[str, Any]]:
        """What comes first."""
        ...

    def feed(self, event: Event) -> Iterable[dict[str, Any]]:
        """What one event becomes; possibly nothing."""
        ...

    def end(
        self, message: Message, usage: Usage | None, error: str | None
    ) -> Iterable[dict[str, Any]]:
        """What comes last; ``error`` is the text of what ended the run early."""
        ...
