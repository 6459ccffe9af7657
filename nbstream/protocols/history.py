"""Repairs a conversation's tool calls before a protocol writes it into a request.

Strict servers accept only calls with one result each, directly after the call. ``repaired``
makes that of every history that a stop, a token limit, another provider or an edit can leave:

* A call that has no result and is complete is answered as cancelled.
* A call that was broken off and has no result is left out.
* A result that is elsewhere moves behind its call; one without a call becomes text of the user.
* Ids and names that the server refuses, and ids that come twice, are replaced in the call and
  in its result. The same history always gets the same ids, so that prompt caches are hit.

Messages without content are left out. All else is returned as it is.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from nbstream.core.message import (
    BuiltinToolCallPart,
    FilePart,
    Message,
    RefusalPart,
    TextPart,
    ToolCallPart,
    ToolResultPart,
)
from nbstream.protocols.call_pairs import paired_calls

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from nbstream.core.message import Part
    from nbstream.protocols.call_pairs import Call
    from nbstream.protocols.call_rules import CallRules

CANCELLED = "Cancelled: this call has no result."
"""The result of a call that was never answered."""

EARLIER = "(Earlier messages are left out.)"
"""The user's first message if a history begins with the model's and the server forbids that."""

_INPUT_PARTS = (TextPart, RefusalPart, FilePart, ToolResultPart)
"""What a message of the user, the system or a tool can hold."""


def repaired(
    messages: Sequence[Message],
    rules: CallRules,
    *,
    declared: Collection[str] = (),
    can_cancel: Callable[[ToolCallPart], bool] = lambda _: True,
    can_answer: Callable[[BuiltinToolCallPart], bool] = lambda _: False,
) -> list[Message]:
    """The conversation with every call answered once, directly after it.

    ``declared``: names of the request's tools, which are kept as they are. ``can_cancel``:
    whether a call without a result is answered as cancelled; if not, it is left out.
    ``can_answer``: whether the user's side may answer a call of one of the provider's tools.
    Messages without content are left out. Results never stay inside an assistant message.
    """
    rows = [row for message in messages for row in _separated(message)]
    paired = paired_calls(rows, can_answer)
    calls = [call for call in paired if call.result or _stays(call, can_cancel)]
    _rename(calls, rules, declared)
    return _Placement(rows, calls).result()


def is_blank(part: Part) -> bool:
    """Whether a part is text without any visible character."""
    return isinstance(part, (TextPart, RefusalPart)) and not part.text.strip()


def without_call(part: ToolResultPart) -> list[Part]:
    """A result whose call is not in the conversation, as text and files of the user."""
    head = f"Result of the tool {part.tool_name}:" if part.tool_name else "Result of a tool:"
    return [TextPart(f"{head}\n{part.output}"), *part.files]


def _separated(message: Message) -> Iterator[Message]:
    """The message; an assistant message with results in it as several messages.

    Instructions can only be text, so what else is in a system message becomes the user's.
    """
    if message.role != "assistant":
        parts = [one for one in message.parts if isinstance(one, _INPUT_PARTS)]
        others = [one for one in parts if not isinstance(one, TextPart)]
        if message.role == "system" and others:
            yield _with_parts(message, [one for one in parts if isinstance(one, TextPart)])
            yield Message("user", tuple(others))
        else:
            yield _with_parts(message, parts)
        return
    if not any(isinstance(part, ToolResultPart) for part in message.parts):
        yield message
        return
    pieces: list[tuple[bool, list[Part]]] = []
    for part in message.parts:
        is_result = isinstance(part, ToolResultPart)
        if not pieces or pieces[-1][0] is not is_result:
            pieces.append((is_result, []))
        pieces[-1][1].append(part)
    for is_result, group in pieces:
        if is_result:
            yield Message("tool", tuple(group))
        else:
            yield replace(message, parts=tuple(group))
            message = replace(message, provider_metadata={})  # it belongs to the whole answer


class _Placement:
    """Puts each result behind the answer that called for it."""

    def __init__(self, messages: list[Message], calls: list[Call]) -> None:
        self._messages = messages
        self._calls_at: dict[int, list[Call]] = defaultdict(list)
        for call in calls:
            self._calls_at[call.place[0]].append(call)
        self._by_result = {call.result_place: call for call in calls if call.result_place}

    def result(self) -> list[Message]:
        """The repaired messages."""
        rows: list[Message] = []
        place = 0
        while place < len(self._messages):
            end = self._end(place, assistant=True)
            rows += self._assistant(place, end)
            gap = self._end(end, assistant=False)
            rows += self._results(place, end, gap)
            rows += self._others(end, gap)
            place = gap
        return rows

    def _end(self, at: int, *, assistant: bool) -> int:
        """The end of the neighbours from ``at`` on that are, or are not, the model's."""
        count = len(self._messages)
        while at < count and (self._messages[at].role == "assistant") is assistant:
            at += 1
        return at

    def _assistant(self, start: int, end: int) -> Iterator[Message]:
        """The model's messages, without the calls that are left out."""
        for at in range(start, end):
            message = self._messages[at]
            sent = {call.place: call.new for call in self._calls_at[at]}
            parts: list[Part] = []
            for place, part in enumerate(message.parts):
                if not isinstance(part, ToolCallPart):
                    parts.append(part)
                elif new := sent.get((at, place)):
                    parts.append(new)
            if parts:
                yield _with_parts(message, parts)

    def _results(self, start: int, end: int, gap: int) -> Iterator[Message]:
        """The results of the calls from ``start`` to ``end``.

        First those in the gap, as they are there; then those from elsewhere or of no result.
        """
        calls = [call for at in range(start, end) for call in self._calls_at[at]]
        here = {call.result_place: call for call in calls if _is_in(call, end, gap)}
        for at in range(end, gap):
            message = self._messages[at]
            places = ((at, place) for place in range(len(message.parts)))
            parts = [_result(here[place]) for place in places if place in here]
            if parts:
                same = message.role == "tool"
                yield _with_parts(message if same else Message("tool"), parts)
        rest = [_result(call) for call in calls if call.result_place not in here]
        if rest:
            yield Message("tool", tuple(rest))

    def _others(self, start: int, end: int) -> Iterator[Message]:
        """What is not a result in the messages of the user, the system and the tools."""
        for at in range(start, end):
            message = self._messages[at]
            parts: list[Part] = []
            for place, part in enumerate(message.parts):
                if not isinstance(part, ToolResultPart):
                    parts.append(part)
                elif (at, place) not in self._by_result:
                    parts += without_call(part)
            if all(is_blank(part) for part in parts):
                continue
            if message.role == "tool":
                yield Message("user", tuple(parts))
            else:
                yield _with_parts(message, parts)


def _rename(calls: list[Call], rules: CallRules, declared: Collection[str]) -> None:
    """Give each call of a user's tool an id and a name that the server accepts."""
    used = {call.part.tool_call_id for call in calls if isinstance(call.part, BuiltinToolCallPart)}
    for call in calls:
        if isinstance(call.part, ToolCallPart):
            old = call.part
            new_id = rules.id(old.tool_call_id, used)
            used.add(new_id)
            name = old.tool_name if old.tool_name in declared else rules.name(old.tool_name)
            same = new_id == old.tool_call_id and name == old.tool_name
            call.new = old if same else replace(old, tool_call_id=new_id, tool_name=name)


def _stays(call: Call, can_cancel: Callable[[ToolCallPart], bool]) -> bool:
    """Whether a call without a result is sent, and answered as cancelled."""
    return isinstance(call.part, ToolCallPart) and not call.is_broken and can_cancel(call.part)


def _is_in(call: Call, start: int, end: int) -> bool:
    """Whether the result of a call is in a message from ``start`` to ``end``."""
    return call.result_place is not None and start <= call.result_place[0] < end


def _result(call: Call) -> ToolResultPart:
    """The result of a call, with the call's new id and name; or that it was cancelled."""
    part, result = call.new or call.part, call.result
    if result is None:
        return ToolResultPart(part.tool_call_id, CANCELLED, part.tool_name, is_error=True)
    name = result.tool_name and part.tool_name
    if result.tool_call_id == part.tool_call_id and result.tool_name == name:
        return result
    return replace(result, tool_call_id=part.tool_call_id, tool_name=name)


def _with_parts(message: Message, parts: Sequence[Part]) -> Message:
    """The message with ``parts``; the message itself if it has these."""
    same = len(parts) == len(message.parts)
    if same and all(one is other for one, other in zip(parts, message.parts, strict=True)):
        return message
    return replace(message, parts=tuple(parts))
