"""The model's tool calls, put together from pieces.

Knows by what a server marks the pieces of one call: its index, its id, or only
its place in the list. A custom tool's input, which is plain text, is handed on as
one JSON string. Refuses to know what the arguments mean.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.core.events import Event
    from nbstream.protocols.part_writer import PartWriter

LEGACY = -1
"""The index of ``function_call``, which OpenAI replaced by ``tool_calls``: there is but one."""

_OF_CALL = frozenset({"index", "id", "type", "function", "custom"})
_OF_FUNCTION = frozenset({"name", "arguments", "input", "parsed_arguments"})


class Calls:
    """All calls of an answer.

    A call begins once its name is known; arguments that came before wait.
    """

    def __init__(self, writer: PartWriter) -> None:
        self._writer = writer
        self._calls: list[_Call] = []
        self._by_index: dict[int, _Call] = {}
        self.answer_id = ""

    def take(self, entries: list[Any]) -> Sequence[Event]:
        """The entries of one ``tool_calls`` list, complete calls or pieces."""
        if len(entries) == 1:
            return self._take(entries[0], -1)
        return [event for at, entry in enumerate(entries) for event in self._take(entry, at)]

    def _take(self, entry: Any, place: int) -> Sequence[Event]:
        if not isinstance(entry, dict):
            return ()
        function = entry.get("function") or entry.get("custom") or entry
        if not isinstance(function, dict):
            function = {}
        call = self._find(entry, function, place)
        call.remember(entry, function)
        arguments = _arguments(function)
        if arguments and call.is_custom:
            arguments = call.quoted(arguments)
        if arguments:
            call.arguments.append(arguments)
        if not call.begun:
            return self._begin(call) if call.name else ()
        return self._writer.grow_call(call.key, arguments) if arguments else ()

    def _find(self, entry: dict[str, Any], function: dict[str, Any], place: int) -> _Call:
        index = entry.get("index")
        if isinstance(index, str) and index.isdecimal():
            index = int(index)
        if isinstance(index, int):
            found = self._by_index.get(index)
            if found is None or _is_another(found, entry, function):
                found = self._by_index[index] = self._new()
            return found
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
        # Gemini's compatible endpoint sends empty ids. A result needs one to refer to.
        call.id = call.id or f"call_{self.answer_id}_{call.key}"
        events = list(self._writer.begin_call(call.key, call.id, call.name, call.metadata))
        if call.arguments:
            events += self._writer.grow_call(call.key, "".join(call.arguments))
        return events

    def finish(self) -> list[Event]:
        """Begin, at the end of the answer, what never got a name but holds something.

        And end the text that custom tools were given: no piece of it says that it is the last.
        """
        waiting = [call for call in self._calls if not call.begun and (call.id or call.arguments)]
        events = [event for call in waiting for event in self._begin(call)]
        for call in self._calls:
            if call.begun and call.is_custom:
                events += self._writer.grow_call(call.key, call.quoted("") + '"')
        return events


class _Call:
    __slots__ = ("arguments", "begun", "id", "key", "metadata", "name")

    def __init__(self, key: int) -> None:
        self.key = key
        self.id = self.name = ""
        self.begun = False
        self.arguments: list[str] = []
        self.metadata: dict[str, Any] = {}

    def remember(self, entry: dict[str, Any], function: dict[str, Any]) -> None:
        """Keep the id and the name, and what must go back with the call.

        Unknown fields do: Gemini's compatible endpoint puts its thought
        signature into ``extra_content``.
        """
        if not self.id and isinstance(call_id := entry.get("id"), str):
            self.id = call_id
        if not self.name and isinstance(name := function.get("name"), str):
            self.name = name
        extra = _without(entry, _OF_CALL if function is not entry else _OF_CALL | _OF_FUNCTION)
        inner = _without(function, _OF_FUNCTION) if function is not entry else {}
        if inner:
            extra["function"] = inner
        if isinstance(entry.get("custom"), dict):
            extra["type"] = "custom"
        if extra:
            self.metadata.setdefault("openai_chat", {}).update(extra)

    @property
    def is_custom(self) -> bool:
        """Whether it is of a custom tool, whose input is no JSON."""
        return bool(self.metadata.get("openai_chat", {}).get("type") == "custom")

    def quoted(self, piece: str) -> str:
        """A piece of plain text as a piece of one JSON string."""
        inside = json.dumps(piece, ensure_ascii=False)[1:-1]
        return inside if self.arguments else f'"{inside}'

    def is_whole(self) -> bool:
        """Whether the arguments so far are complete JSON, or none."""
        try:
            json.loads("".join(self.arguments) or "{}")
        except (ValueError, RecursionError):
            return False
        return True


def _without(source: dict[str, Any], known: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in source.items() if name not in known and value}


def _arguments(function: dict[str, Any]) -> str:
    found = function.get("arguments") or function.get("input")
    if not found or isinstance(found, str):
        return found or ""
    return json.dumps(found, ensure_ascii=False)  # Ollama's own habit: an object


def _is_another(call: _Call, entry: dict[str, Any], function: dict[str, Any]) -> bool:
    """Whether a new call has come under an old index, as servers do that count from 0 each chunk.

    Some repeat or change the id on every piece of the same call, so the old
    one must be whole and the new one must have a name. Without ids the name is
    another, or a whole object is followed by the beginning of one.
    """
    name, call_id = function.get("name"), entry.get("id")
    if not name or not isinstance(name, str):
        return False
    if call_id and call.id:
        return bool(call_id != call.id) and call.is_whole()
    begins = _arguments(function).lstrip().startswith("{")
    return bool(call.arguments) and (name != call.name or begins) and call.is_whole()
