"""When the calls of one reply ran, as shares of the time that all of them took."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from nbstream.core.message import ToolCallPart

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from nbstream.core.call_record import CallRecord
    from nbstream.core.message import Message

_LEAST = 0.1
"""Seconds. If all calls together take less, there is nothing to compare."""


class Span(NamedTuple):
    """A part of the time of several calls, both from 0 to 1."""

    begin: float
    width: float


def spans(messages: Sequence[Message], records: Mapping[int, CallRecord]) -> dict[int, Span]:
    """The span of each call that ran beside others, by the ``id`` of its part.

    Calls are beside each other if they follow one another in a reply, as in the live view
    (``js/src/run/time-bar.ts``).
    """
    found: dict[int, Span] = {}
    for message in messages:
        for is_call, parts in groupby(message.parts, lambda one: isinstance(one, ToolCallPart)):
            if is_call:
                found |= _spans(parts, records)
    return found


def _spans(calls: Iterable[object], records: Mapping[int, CallRecord]) -> dict[int, Span]:
    results = {id(call): records[id(call)].result for call in calls if id(call) in records}
    ended = {key: result for key, result in results.items() if result is not None}
    whole = max((one.began + one.elapsed for one in ended.values()), default=0.0)
    if len(results) < 2 or whole < _LEAST:
        return {}
    return {key: Span(one.began / whole, one.elapsed / whole) for key, one in ended.items()}
