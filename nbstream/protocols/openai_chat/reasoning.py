"""Collects a response's ``reasoning_details``, such as signatures, to send them back later.

Also gives the text in them, which is shown as thinking.

Source: https://openrouter.ai/docs/use-cases/reasoning-tokens (``reasoning_details``)
"""

from __future__ import annotations

from typing import Any

_TEXT = {"reasoning.text": "text", "reasoning.summary": "summary"}


class Reasoning:
    """Collects the details of the open thinking part, or of the next one."""

    def __init__(self) -> None:
        self.field: str | None = None
        """The name of the field that contained plain thinking; None if there was none."""
        self.signature: str | None = None
        self._details: list[_Detail] = []

    @property
    def has_details(self) -> bool:
        """Whether there are details that belong to no thinking part yet."""
        return bool(self._details)

    def add(self, details: list[Any]) -> str:
        """Add details. Returns the text in them."""
        text = ""
        for row in details:
            if isinstance(row, dict):
                text += self._add(row)
        return text

    def _add(self, row: dict[str, Any]) -> str:
        """Add one detail, or a piece of the last one. Returns its text."""
        last = self._details[-1] if self._details else None
        name = _TEXT.get(str(row.get("type")))
        if name is None or last is None or not last.continues(row):
            last = _Detail(name)
            self._details.append(last)
        return last.add(row)

    def end_fields(self) -> dict[str, Any]:
        """The fields for the end event of a thinking part; clears them for the next part."""
        details = [detail.merged() for detail in self._details]
        metadata: dict[str, Any] = {}
        if self.field:
            metadata["field"] = self.field
        if details:
            metadata["reasoning_details"] = details
        signature = self.signature or _first(details, "signature")
        self.field, self.signature, self._details = None, None, []
        return {
            "signature": signature,
            "redacted": _first(details, "data"),
            "provider_metadata": {"openai_chat": metadata} if metadata else {},
        }


class _Detail:
    """One detail, merged from its pieces."""

    __slots__ = ("_name", "_pieces", "_row")

    def __init__(self, name: str | None) -> None:
        self._row: dict[str, Any] = {}
        self._name = name
        self._pieces: list[str] = []

    def continues(self, row: dict[str, Any]) -> bool:
        """Whether ``row`` is a piece of this detail: same type and index, no different id."""
        mine = self._row
        return (
            row.get("type") == mine.get("type")
            and row.get("index") == mine.get("index")
            and (not row.get("id") or not mine.get("id") or row["id"] == mine["id"])
        )

    def add(self, row: dict[str, Any]) -> str:
        """Add a piece; a later value of a field replaces an earlier one unless it is empty."""
        text = ""
        for name, value in row.items():
            if name == self._name:
                text = value if isinstance(value, str) else ""
                self._pieces.append(text)
            elif value not in (None, "") or name not in self._row:
                self._row[name] = value
        return text

    def merged(self) -> dict[str, Any]:
        row = {name: value for name, value in self._row.items() if value != ""}
        return {**row, self._name: "".join(self._pieces)} if self._name else row


def _first(details: list[dict[str, Any]], name: str) -> str | None:
    values = (detail[name] for detail in details if isinstance(detail.get(name), str))
    return next((value for value in values if value), None)
