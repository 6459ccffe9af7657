"""Finds the tool calls of a conversation, and the result of each, wherever that is."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nbstream.core.message import BuiltinToolCallPart, ToolCallPart, ToolResultPart
from nbstream.protocols.call_arguments import is_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from nbstream.core.message import Message

_BROKEN_OFF = ("cancelled", "error", "length", "content_filter")
"""How a message ends whose last call may lack a part of its arguments."""

Place = tuple[int, int]
"""The index of a message, and of a part in it. A user may put one object into two places."""


@dataclass(slots=True, eq=False)
class Call:
    """A call in the conversation."""

    place: Place
    part: ToolCallPart | BuiltinToolCallPart
    is_broken: bool
    result: ToolResultPart | None = None
    result_place: Place | None = None
    new: ToolCallPart | None = None
    """The call as it is sent; None for a tool that the provider runs."""


def paired_calls(
    messages: Sequence[Message], can_answer: Callable[[BuiltinToolCallPart], bool]
) -> list[Call]:
    """The calls in the model's messages, in order, with their results.

    ``can_answer``: whether the user's side may answer a call of one of the provider's tools.
    """
    calls = [call for at, one in enumerate(messages) for call in _calls(at, one, can_answer)]
    _pair(calls, messages)
    return calls


def _calls(
    at: int, message: Message, can_answer: Callable[[BuiltinToolCallPart], bool]
) -> Iterator[Call]:
    """The calls in an assistant message that may have a result of the user's side."""
    if message.role != "assistant":
        return
    for place, part in enumerate(message.parts):
        if isinstance(part, ToolCallPart) or (
            isinstance(part, BuiltinToolCallPart) and can_answer(part)
        ):
            is_last = place == len(message.parts) - 1
            yield Call((at, place), part, _is_broken(part, message, is_last=is_last))


def _pair(calls: list[Call], messages: Sequence[Message]) -> None:
    """Find the call of each result: the last open one with its id before it, else after it.

    A call after it is taken only if no result follows that: ids may come twice, and the first
    messages of a conversation may be gone.
    """
    open_calls: dict[str, list[Call]] = defaultdict(list)
    for call in calls:
        open_calls[call.part.tool_call_id].append(call)
    left = [
        ((at, place), part)
        for at, message in enumerate(messages)
        for place, part in enumerate(message.parts)
        if isinstance(part, ToolResultPart)
    ]
    for is_after in (False, True):
        rest: list[tuple[Place, ToolResultPart]] = []
        for where, part in left:
            same_id = open_calls[part.tool_call_id]
            before = [call for call in same_id if call.place[0] < where[0]]
            if found := _of_result(same_id if is_after else before, part, where[0]):
                same_id.remove(found)
                found.result, found.result_place = part, where
            else:
                rest.append((where, part))
        left = rest
    _pair_by_position([call for call in calls if not call.result], left)


def _pair_by_position(calls: list[Call], results: list[tuple[Place, ToolResultPart]]) -> None:
    """Pair results with a wrong id: directly after as many open calls, and of the same names."""
    for at in {place[0] for place, _ in results}:
        here = [(place, part) for place, part in results if place[0] == at]
        before = [call for call in calls if call.place[0] == at - 1]
        if len(here) == len(before) and all(
            part.tool_name in ("", call.part.tool_name)
            for call, (_, part) in zip(before, here, strict=True)
        ):
            for call, (place, part) in zip(before, here, strict=True):
                call.result, call.result_place = part, place


def _of_result(calls: list[Call], result: ToolResultPart, at: int) -> Call | None:
    """The call of a result among the open calls with its id."""
    before = [call for call in calls if call.place[0] < at]
    # The latest message that has such a call; in it the first one.
    near = [call for call in before if call.place[0] == before[-1].place[0]] if before else calls
    named = [call for call in near if call.part.tool_name == result.tool_name]
    own = [call for call in named or near if isinstance(call.part, ToolCallPart)]
    return next(iter(own or named or near), None)


def _is_broken(
    part: ToolCallPart | BuiltinToolCallPart, message: Message, *, is_last: bool
) -> bool:
    """Whether the arguments are incomplete: no JSON, or none at all where an answer was cut."""
    if not part.args_json.strip():
        return is_last and message.finish_reason in _BROKEN_OFF
    return not is_json(part.args_json)
