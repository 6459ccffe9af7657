"""Assembles the tool calls of a Chat Completions response from their pieces, as events.

Servers identify the pieces of one call by its index, its id, or only its place in the list.
The input of a custom tool is plain text and becomes one JSON string.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.core.events import Event
    from nbstream.protocols.openai_chat.part_writer import PartWriter

LEGACY = -1
"""The index for ``function_call``, the single call that ``tool_calls`` replaced."""

_CALL_FIELDS = frozenset({"index", "id", "type", "function", "custom"})
_FUNCTION_FIELDS = frozenset({"name", "arguments", "input", "parsed_arguments"})


class Calls:
    """All tool calls of a response.

    A call begins once its name is known; arguments before that are held back.
    """

    def __init__(self, writer: PartWriter) -> None:
        self._writer = writer
        self._calls: list[_Call] = []
        self._by_index: dict[int, _Call] = {}
        self.response_id = ""

    def add(self, entries: list[Any]) -> Sequence[Event]:
        """Add the entries of one ``tool_calls`` list: complete calls or pieces."""
        if len(entries) == 1:
            return self._add(entries[0], -1)
        return [event for at, entry in enumerate(entries) for event in self._add(entry, at)]

    def _add(self, entry: Any, place: int) -> Sequence[Event]:
        if not isinstance(entry, dict):
            return ()
        function = entry.get("function") or entry.get("custom") or entry
        if not isinstance(function, dict):
            function = {}
        call = self._find(entry, function, place)
        call.update(entry, function)
        arguments = _arguments(function)
        if arguments and call.is_custom:
            arguments = call.quoted(arguments)
        if arguments:
            call.arguments.append(arguments)
        if not call.begun:
            return self._begin(call) if call.name else ()
        return self._writer.append_call(call.key, arguments) if arguments else ()

    def _find(self, entry: dict[str, Any], function: dict[str, Any], place: int) -> _Call:
        """The call that a piece belongs to: by index, else by id, else by its place in the list."""
        index = entry.get("index")
        if isinstance(index, str) and index.isdecimal():
            index = int(index)
        if isinstance(index, int):
            call = self._by_index.get(index)
            if call is None or _is_new_call(call, entry, function):
                call = self._by_index[index] = self._new()
            return call
        call_id = entry.get("id")
        if call_id and isinstance(call_id, str):
            same = (call for call in self._calls if call.id == call_id)
            return next(same, None) or self._new()
        if function.get("name") or not -len(self._calls) <= place < len(self._calls):
            return self._new()
        return self._calls[place]

    def _new(self) -> _Call:
        call = _Call(len(self._calls))
        self._calls.append(call)
        return call

    def _begin(self, call: _Call) -> Sequence[Event]:
        call.begun = True
        # Gemini's compatible endpoint sends empty ids, but a tool result must refer to one.
        call.id = call.id or f"call_{self.response_id}_{call.key}"
        events = list(self._writer.begin_call(call.key, call.id, call.name, call.metadata))
        if call.arguments:
            events += self._writer.append_call(call.key, "".join(call.arguments))
        return events

    def finish(self) -> list[Event]:
        """At the end of the response: begin calls without a name, and end custom inputs.

        A custom tool's input has no last piece that would say that it is complete.
        """
        waiting = [call for call in self._calls if not call.begun and (call.id or call.arguments)]
        events = [event for call in waiting for event in self._begin(call)]
        for call in self._calls:
            if call.begun and call.is_custom:
                events += self._writer.append_call(call.key, call.quoted("") + '"')
        return events


class _Call:
    """One tool call while its pieces arrive."""

    __slots__ = ("arguments", "begun", "id", "key", "metadata", "name")

    def __init__(self, key: int) -> None:
        self.key = key
        self.id = self.name = ""
        self.begun = False
        self.arguments: list[str] = []
        self.metadata: dict[str, Any] = {}

    def update(self, entry: dict[str, Any], function: dict[str, Any]) -> None:
        """Store the id, the name, and the unknown fields, which are sent back with the call.

        Gemini's compatible endpoint puts its thought signature into ``extra_content``.
        """
        if not self.id and isinstance(call_id := entry.get("id"), str):
            self.id = call_id
        if not self.name and isinstance(name := function.get("name"), str):
            self.name = name
        known = _CALL_FIELDS if function is not entry else _CALL_FIELDS | _FUNCTION_FIELDS
        extra = _without(entry, known)
        inner = _without(function, _FUNCTION_FIELDS) if function is not entry else {}
        if inner:
            extra["function"] = inner
        if isinstance(entry.get("custom"), dict):
            extra["type"] = "custom"
        if extra:
            self.metadata.setdefault("openai_chat", {}).update(extra)

    @property
    def is_custom(self) -> bool:
        """Whether it calls a custom tool, whose input is plain text."""
        return bool(self.metadata.get("openai_chat", {}).get("type") == "custom")

    def quoted(self, piece: str) -> str:
        """A piece of plain text, escaped as a piece of one JSON string."""
        inside = json.dumps(piece, ensure_ascii=False)[1:-1]
        return inside if self.arguments else f'"{inside}'

    def is_complete(self) -> bool:
        """Whether the arguments so far are empty or complete JSON."""
        try:
            json.loads("".join(self.arguments) or "{}")
        except (ValueError, RecursionError):
            return False
        return True


def _without(source: dict[str, Any], known: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in source.items() if name not in known and value}


def _arguments(function: dict[str, Any]) -> str:
    arguments = function.get("arguments") or function.get("input")
    if not arguments or isinstance(arguments, str):
        return arguments or ""
    return json.dumps(arguments, ensure_ascii=False)  # Ollama sends an object


def _is_new_call(call: _Call, entry: dict[str, Any], function: dict[str, Any]) -> bool:
    """Whether a piece under a known index begins a new call.

    Some servers count the index from 0 in each chunk. Others repeat or change the id in every
    piece of the same call. So it is a new call only if it has a name and the old call is
    complete. Without ids, the name must differ, or a JSON object must begin.
    """
    name, call_id = function.get("name"), entry.get("id")
    if not name or not isinstance(name, str):
        return False
    if call_id and call.id:
        return bool(call_id != call.id) and call.is_complete()
    begins = _arguments(function).lstrip().startswith("{")
    return bool(call.arguments) and (name != call.name or begins) and call.is_complete()
