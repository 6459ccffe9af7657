"""Events are immutable values that keep their snapshot."""

import copy
import dataclasses
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from nbstream.core import events as ev
from nbstream.core.log import Log
from nbstream.core.parts import ToolCallPart

CALL = ToolCallPart("1", "book", '{"a": 1}')


def through_log(*events: ev.Event) -> list[Any]:
    """The events that a reader of a log gets."""
    log = Log()
    reader = log.reader()
    log.extend(events)
    return reader.take()


def tool_call_events() -> list[Any]:
    deltas = [ev.ToolDelta(0, chunk) for chunk in ('{"a"', ": 1", "}")]
    return through_log(ev.ToolStart(0, "1", "book"), *deltas, ev.ToolEnd(0, CALL))


TEXTS = ["", '{"a"', '{"a": 1', '{"a": 1}', '{"a": 1}']


def test_an_event_keeps_its_snapshot_in_a_second_log() -> None:
    first = tool_call_events()
    # The second log lacks a delta, as when only some events are forwarded.
    second = through_log(first[0], first[2], first[3])
    assert [event.args_json for event in first] == TEXTS
    assert [event.args_json for event in second] == ["", '{"a": 1', '{"a": 1}']
    assert second[1] is first[2]
    assert second[2].args == {"a": 1}


def test_an_object_that_a_log_carries_twice_has_both_snapshots() -> None:
    once = ev.TextDelta(0, "ha")
    seen = through_log(ev.TextStart(0), once, once, once)
    assert [event.snapshot for event in seen] == ["", "ha", "haha", "hahaha"]
    assert once.snapshot == "ha"


def test_an_object_that_comes_again_after_a_retry_has_the_new_snapshot() -> None:
    once = ev.TextDelta(0, "b")
    first = [ev.TextStart(0), ev.TextDelta(0, "a"), once]
    seen = through_log(*first, ev.Retry(2, "overloaded"), ev.TextStart(0), once)
    assert [event.snapshot for event in (*seen[:3], *seen[4:])] == ["", "a", "ab", "", "b"]
    assert once.snapshot == "ab"


@pytest.mark.parametrize(
    "same",
    [copy.copy, copy.deepcopy, lambda event: pickle.loads(pickle.dumps(event))],
    ids=["copy", "deepcopy", "pickle"],
)
def test_a_copy_keeps_the_snapshot(same: Callable[[Any], Any]) -> None:
    events = tool_call_events()
    copies = [same(event) for event in events]
    assert copies == events
    assert [event.args_json for event in copies] == TEXTS
    assert [event.args_json for event in through_log(*copies)] == TEXTS
    assert copies[3].args == {"a": 1}
    fresh = same(ev.TextDelta(3, "never carried", message_index=2))
    assert fresh == ev.TextDelta(3, "never carried", message_index=2)
    assert fresh.snapshot == ""


def test_equality_and_hash_ignore_the_snapshot() -> None:
    delta = tool_call_events()[2]
    assert delta == ev.ToolDelta(0, ": 1")
    assert hash(delta) == hash(ev.ToolDelta(0, ": 1"))
    assert delta != ev.ToolDelta(0, ": 1", message_index=1)
    assert repr(delta) == repr(ev.ToolDelta(0, ": 1"))
    assert dataclasses.asdict(delta) == {"index": 0, "chunk": ": 1", "message_index": 0}


@pytest.mark.parametrize("event", [ev.StreamStart(), *tool_call_events()], ids=repr)
def test_an_event_is_frozen(event: Any) -> None:
    names = [row.name for row in dataclasses.fields(event)]
    for name in [*names, "snapshot", "_buffer", "_length", "new"]:
        with pytest.raises((AttributeError, TypeError)):
            setattr(event, name, "x")
    with pytest.raises(AttributeError):
        del event.message_index


def test_the_message_index_is_given_by_name() -> None:
    delta: Any = ev.TextDelta
    for wrong in [(0, "x", 1), (0,)]:
        with pytest.raises(TypeError):
            delta(*wrong)
    assert ev.StreamStart(message_index=2).message_index == 2
    assert ev.TextDelta(index=0, chunk="x").message_index == 0
