"""``CallIds``: an id for each tool call that is its own in the whole run.

Front ends find a call by its id. Some models number the calls of each reply anew, or give none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbstream.core.events import BuiltinToolStart, PartEvent, ToolStart


class CallIds:
    """The ids that calls have for a front end."""

    def __init__(self) -> None:
        self._used: set[str] = set()
        self._parts: dict[tuple[int, int], str] = {}
        """The calls whose arguments arrive, by message and part."""
        self._waiting: dict[str, str] = {}
        """The calls that have no result yet, by the model's id."""

    def begin(self, event: ToolStart | BuiltinToolStart) -> str:
        """The id of a call that begins."""
        known = self.new(event.tool_call_id)
        self._parts[event.message_index, event.index] = known
        return known

    def new(self, tool_call_id: str) -> str:
        """An id for a call with the model's ``tool_call_id``: that one if it is free."""
        known, count = tool_call_id or "call", 1
        while known in self._used:
            count += 1
            known = f"{tool_call_id or 'call'}-{count}"
        self._used.add(known)
        self._waiting[tool_call_id] = known
        return known

    def of_part(self, event: PartEvent) -> str | None:
        """The id of the call whose arguments arrive in this part."""
        return self._parts.get((event.message_index, event.index))

    def end_part(self, event: PartEvent) -> str | None:
        """``of_part``, for the last time: None at a second end."""
        return self._parts.pop((event.message_index, event.index), None)

    def end_parts(self) -> list[str]:
        """The ids of all calls whose arguments broke off."""
        found = list(self._parts.values())
        self._parts.clear()
        return found

    def of(self, tool_call_id: str) -> str | None:
        """The id of a call that has no result yet."""
        return self._waiting.get(tool_call_id)

    def answer(self, tool_call_id: str) -> str | None:
        """``of``, for the last time: None if it has its result."""
        return self._waiting.pop(tool_call_id, None)

    def void(self) -> list[str]:
        """Forget the calls that have no result yet; returns their ids."""
        found = list(self._waiting.values())
        self._waiting.clear()
        self._parts.clear()
        return found
