"""``UniqueIds``: gives the calls of one reply different ids, as servers want them back.

Some servers and small models repeat an id within a reply. Anthropic refuses such a conversation
(``tool_use ids must be unique``), so do OpenAI's Responses and Mistral, and results could not be
told apart by their ids. As other clients do, the first call keeps its id and later ones get a
number, before the reply is in the run's log: calls, results, events and history agree.
Ids that come again in a later reply stay; a request gives them others (``protocols.history``).
"""

from __future__ import annotations

from dataclasses import replace

from nbstream.core.events import Event, Retry, ToolEnd, ToolStart


class UniqueIds:
    """The ids of one reply's calls. ``apply`` takes the reply's events, in order."""

    def __init__(self) -> None:
        self._used: set[str] = set()
        self._changed: dict[tuple[int, int], str] = {}
        """The ids in the place of the model's, by message and part."""

    def apply(self, event: Event) -> Event:
        """The event, with another id if an earlier call of the reply has its id."""
        if isinstance(event, ToolStart):
            given = found = event.tool_call_id
            count = 1
            while found in self._used:
                count += 1
                found = f"{given}_{count}"
            self._used.add(found)
            if found != given:
                self._changed[event.message_index, event.index] = found
                return replace(event, tool_call_id=found)
        elif isinstance(event, ToolEnd):
            new = self._changed.get((event.message_index, event.index))
            if new is not None:
                return replace(event, tool_call=replace(event.tool_call, tool_call_id=new))
        elif isinstance(event, Retry):  # the reply so far is void
            self._used.clear()
            self._changed.clear()
        return event
