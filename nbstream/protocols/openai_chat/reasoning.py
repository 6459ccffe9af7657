"""What proves, hides or labels the model's thinking, kept for its way back.

Knows OpenRouter's ``reasoning_details`` and under which name plain thinking
came. Refuses to know how it is sent back.

Source: https://openrouter.ai/docs/use-cases/reasoning-tokens
"""

from __future__ import annotations

from typing import Any

_TEXT = {"reasoning.text": "text", "reasoning.summary": "summary"}


class Reasoning:
    """The details of the thinking part that is open, or of the one to come."""

    def __init__(self) -> None:
        self.field: str | None = None
        """The field that plain thinking came in, where it was one."""
        self.signature: str | None = None
        self._details: list[_Detail] = []

    @property
    def unsaid(self) -> bool:
        """Whether there are details that no thinking part has taken."""
        return bool(self._details)

    def add(self, details: list[Any]) -> str:
        """Take details in; the words among them are returned."""
        words = ""
        for row in details:
            if isinstance(row, dict):
                words += self._add(row)
        return words

    def _add(self, row: dict[str, Any]) -> str:
        last = self._details[-1] if self._details else None
        name = _TEXT.get(str(row.get("type")))
        if name is None or last is None or not last.continues(row):
            last = _Detail(name)
            self._details.append(last)
        return last.grow(row)

    def end_fields(self) -> dict[str, Any]:
        """What the end of a thinking part says; forgets it for the next part."""
        details = [detail.whole() for detail in self._details]
        kept: dict[str, Any] = {}
        if self.field:
            kept["field"] = self.field
        if details:
            kept["reasoning_details"] = details
        signature = self.signature or _first(details, "signature")
        self.field, self.signature, self._details = None, None, []
        return {
            "signature": signature,
            "redacted": _first(details, "data"),
            "provider_metadata": {"openai_chat": kept} if kept else {},
        }


class _Detail:
    """One detail, put together from its pieces."""

    __slots__ = ("_name", "_pieces", "_row")

    def __init__(self, name: str | None) -> None:
        self._row: dict[str, Any] = {}
        self._name = name
        self._pieces: list[str] = []

    def continues(self, row: dict[str, Any]) -> bool:
        """Whether ``row`` is more of this: same type, same place, same id if both have one."""
        mine = self._row
        return (
            row.get("type") == mine.get("type")
            and row.get("index") == mine.get("index")
            and (not row.get("id") or not mine.get("id") or row["id"] == mine["id"])
        )

    def grow(self, row: dict[str, Any]) -> str:
        """Take a piece in; later values of a field replace earlier ones unless empty."""
        words = ""
        for name, value in row.items():
            if name == self._name:
                words = value if isinstance(value, str) else ""
                self._pieces.append(words)
            elif value not in (None, "") or name not in self._row:
                self._row[name] = value
        return words

    def whole(self) -> dict[str, Any]:
        row = {name: value for name, value in self._row.items() if value != ""}
        return {**row, self._name: "".join(self._pieces)} if self._name else row


def _first(details: list[dict[str, Any]], name: str) -> str | None:
    found = (detail[name] for detail in details if isinstance(detail.get(name), str))
    return next((value for value in found if value), None)
