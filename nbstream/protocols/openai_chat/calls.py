"""Assembles the tool calls of a Chat Completions response from their pieces, as events.

Servers identify the pieces of one call by its index, its id, or only its place in the list.
The input of a custom tool is plain text and becomes one JSON string.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from nbstream.protocols.arguments import Arguments, is_empty, without_repeats
from nbstream.protocols.json_fields import text_of

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
        self._by_id: dict[str, _Call] = {}
        self._last: _Call | None = None
        self.response_id = ""

    @property
    def count(self) -> int:
        """How many calls have begun."""
        return sum(call.begun for call in self._calls)

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
        arguments = _arguments(function)
        if len(function) == 1 and len(entry) == 2:  # the fast path: only an index and arguments
            index = entry.get("index")
            call = self._by_index.get(index) if type(index) is int else None
            if call is not None and call.begun and arguments and function is not entry:
                self._last = call
                chunk = call.add(arguments)
                return self._writer.append_call(call.key, chunk) if chunk else ()
        call = self._last = self._find(entry, function, arguments, place)
        call.update(entry, function)
        chunk = call.add(arguments) if arguments else ""
        if not call.begun:
            return self._begin(call) if call.name else ()
        return self._writer.append_call(call.key, chunk) if chunk else ()

    def _find(
        self, entry: dict[str, Any], function: dict[str, Any], arguments: str, place: int
    ) -> _Call:
        """The call that a piece belongs to: by index, else by id, else by its place in the list.

        A piece under a new index that has neither id nor name belongs to the call that is open:
        some servers count the pieces.
        """
        index, call_id, name = entry.get("index"), text_of(entry.get("id")), function.get("name")
        if isinstance(index, str) and index.isdecimal():
            index = int(index)
        if isinstance(index, int):
            call = self._by_index.get(index)
            if call is None:
                if not call_id and not name and self._last is not None:
                    return self._last
                call = self._with_id(call_id)
                if call is not None and name and _is_another(call, name, arguments):
                    call = call if name == call.name and _repeats(call, arguments) else None
            elif _is_new_call(call, call_id, name, arguments):
                call = None
            if call is None:
                call = self._new()
            self._by_index[index] = call
            return call
        if call_id:
            return self._with_id(call_id) or self._new()
        if name and not (place < 0 and self._continues_last(name, arguments)):
            return self._new()
        if not -len(self._calls) <= place < len(self._calls):
            return self._new()
        return self._calls[place]

    def _with_id(self, call_id: str) -> _Call | None:
        """The latest call with this id. Ids are compared in a table: a response may have many."""
        return self._by_id.get(call_id) if call_id else None

    def _continues_last(self, name: Any, arguments: str) -> bool:
        """Whether a name without index and id is the last call's, which has not ended."""
        call = self._last
        if call is None or name != call.name:
            return False
        return not call.arguments.is_complete() or bool(arguments and call.arguments.is_blank)

    def _new(self) -> _Call:
        call = _Call(len(self._calls), self._by_id)
        self._calls.append(call)
        return call

    def _begin(self, call: _Call) -> Sequence[Event]:
        call.begun = True
        # Gemini's compatible endpoint sends empty ids, but a tool result must refer to one.
        call.id = call.id or f"call_{self.response_id}_{call.key}"
        events = list(self._writer.begin_call(call.key, call.id, call.name, call.metadata))
        if text := call.arguments.text:
            events += self._writer.append_call(call.key, text)
        return events

    def finish(self) -> list[Event]:
        """At the end of the response: begin calls without a name, and end custom inputs.

        A custom tool's input has no last piece that would say that it is complete.
        """
        events: list[Event] = []
        for call in self._calls:
            rest = call.end()
            if call.begun:
                if rest:
                    events += self._writer.append_call(call.key, rest)
                self._writer.rename_call(call.key, call.name)
            elif call.id or call.arguments.text:
                events += self._begin(call)
        return events


class _Call:
    """One tool call while its pieces arrive."""

    __slots__ = ("_by_id", "arguments", "begun", "id", "key", "metadata", "name")

    def __init__(self, key: int, by_id: dict[str, _Call]) -> None:
        self.key = key
        self.id = self.name = ""
        self.begun = False
        self.arguments = Arguments()
        self.metadata: dict[str, Any] = {}
        self._by_id = by_id

    def update(self, entry: dict[str, Any], function: dict[str, Any]) -> None:
        """Store the id, the name, and the unknown fields, which are sent back with the call.

        Gemini's compatible endpoint puts its thought signature into ``extra_content``.
        """
        if not self.id and (call_id := text_of(entry.get("id"))):
            self.id = call_id
            self._by_id[call_id] = self
        if name := text_of(function.get("name")):
            self._add_name(name)
        known = _CALL_FIELDS if function is not entry else _CALL_FIELDS | _FUNCTION_FIELDS
        extra = _without(entry, known)
        inner = _without(function, _FUNCTION_FIELDS) if function is not entry else {}
        if inner:
            extra["function"] = inner
        if isinstance(entry.get("custom"), dict):
            extra["type"] = "custom"
        if extra:
            self.metadata.setdefault("openai_chat", {}).update(extra)

    def _add_name(self, name: str) -> None:
        """Add a piece of the name, or the whole name again; only until arguments come."""
        if name.startswith(self.name):
            self.name = name
        elif not self.arguments.has_any:
            self.name += name

    def add(self, piece: str) -> str:
        """Add a piece of the arguments. Returns the delta, which may be empty."""
        if self.is_custom:
            return self.arguments.append(self.quoted(piece))
        return self.arguments.add(piece)

    def end(self) -> str:
        """End the arguments. Returns a last delta, which may be empty."""
        if self.is_custom and self.begun:
            return self.arguments.append(self.quoted("") + '"')
        return self.arguments.end()

    @property
    def is_custom(self) -> bool:
        """Whether it calls a custom tool, whose input is plain text."""
        return bool(self.metadata.get("openai_chat", {}).get("type") == "custom")

    def quoted(self, piece: str) -> str:
        """A piece of plain text, escaped as a piece of one JSON string."""
        inside = json.dumps(piece, ensure_ascii=False)[1:-1]
        return inside if self.arguments.has_any else f'"{inside}'


def _without(source: dict[str, Any], known: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in source.items() if name not in known and value}


def _arguments(function: dict[str, Any]) -> str:
    arguments = function.get("arguments") or function.get("input")
    if not arguments:
        return "{}" if {} in (function.get("arguments"), function.get("input")) else ""
    if isinstance(arguments, str):
        return arguments
    return json.dumps(arguments, ensure_ascii=False)  # Ollama sends an object


def _is_new_call(call: _Call, call_id: str, name: Any, arguments: str) -> bool:
    """Whether a piece under a known index begins a new call.

    Some servers count the index from 0 in each chunk. Others repeat or change the id in every
    piece of the same call. So it is a new call only if it has a name and the old call is
    complete. Without ids, the name must differ, or a JSON object must begin.
    """
    if not name or not isinstance(name, str):
        return False
    if call_id and call.id:
        return call_id != call.id and call.arguments.is_complete()
    return _is_another(call, name, arguments)


def _is_another(call: _Call, name: Any, arguments: str) -> bool:
    """Whether a piece with a name is of another call than ``call``."""
    if not call.name or not call.arguments.has_any or not call.arguments.is_complete():
        return False  # a call without a name gets it now
    return bool(name != call.name or arguments.lstrip().startswith("{"))


def _repeats(call: _Call, arguments: str) -> bool:
    """Whether ``arguments`` are those that ``call`` has already, or none."""
    had = call.arguments.text
    return is_empty(arguments) or without_repeats(had + arguments) == had.strip()
