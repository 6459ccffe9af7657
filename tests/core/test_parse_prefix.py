"""Partial tool arguments and partial JSON text at each event, at a constant cost per event."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from nbstream.core import events as ev
from nbstream.core import json as core_json
from nbstream.core.transcript import Transcript

CALL = {"city": "Rome", "days": [1, 2, 3], "hotel": {"name": 'A "B"', "stars": None}}
TEXT = json.dumps(CALL)
STARTS: dict[type[ev.PartDelta], ev.PartStart] = {
    ev.ToolDelta: ev.ToolStart(0, "1", "book"),
    ev.BuiltinToolDelta: ev.BuiltinToolStart(0, "1", "search"),
    ev.TextDelta: ev.TextStart(0),
}
KIND = pytest.mark.parametrize("kind", STARTS)


def deltas(kind: type[ev.PartDelta], text: str = TEXT, size: int = 3) -> list[Any]:
    """The deltas of ``text`` as a reader of a stream gets them."""
    transcript = Transcript()
    transcript.apply(STARTS[kind])
    made = [kind(0, text[at : at + size]) for at in range(0, len(text), size)]
    for event in made:
        transcript.apply(event)
    return made


def value(event: Any) -> Any:
    return event.parsed_snapshot() if isinstance(event, ev.TextDelta) else event.args


@KIND
def test_the_value_at_each_event(kind: type[ev.PartDelta]) -> None:
    values = [value(event) for event in deltas(kind)]
    assert values[-1] == CALL
    assert values[0] == {}
    assert any(one.get("city") == "Ro" for one in values)
    assert [len(one.get("days", ())) for one in values] == sorted(
        len(one.get("days", ())) for one in values
    )


@KIND
def test_each_reader_gets_its_own_copy_of_a_value(kind: type[ev.PartDelta]) -> None:
    events = deltas(kind)
    seen = [(one := value(event), json.dumps(one)) for event in events]
    assert all(json.dumps(one) == then for one, then in seen)


@KIND
def test_events_can_be_read_in_any_order_and_repeatedly(kind: type[ev.PartDelta]) -> None:
    forwards = [value(event) for event in deltas(kind)]
    events = deltas(kind)
    assert [value(event) for event in reversed(events)] == forwards[::-1]
    assert [value(event) for event in events] == forwards
    assert [value(event) for event in events[::4]] == forwards[::4]


@KIND
def test_invalid_json_has_no_value(kind: type[ev.PartDelta]) -> None:
    assert value(deltas(kind, "Not so.")[-1]) is None


def test_before_the_first_delta_there_is_no_value() -> None:
    assert value(ev.ToolDelta(0, '{"a": 1}')) == {}, "it has not passed through a log"
    assert value(ev.TextDelta(0, '{"a": 1}')) is None
    assert value(deltas(ev.ToolDelta, " ")[0]) == {}
    assert value(deltas(ev.TextDelta, " ")[0]) is None


def characters(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A list that gets the number of characters of each call of the scanner."""
    fed: list[int] = []
    real = core_json.Scanner.feed

    def feed(self: core_json.Scanner, text: str) -> str:
        fed.append(len(text))
        return real(self, text)

    monkeypatch.setattr(core_json.Scanner, "feed", feed)
    return fed


@pytest.mark.parametrize("paces", [[1], [1, 1], [1, 2, 5]])
def test_each_reader_parses_each_character_once(
    monkeypatch: pytest.MonkeyPatch, paces: Sequence[int]
) -> None:
    events = deltas(ev.ToolDelta, json.dumps([CALL] * 40))
    fed = characters(monkeypatch)
    turns = [(at, pace) for at in range(len(events)) for pace in paces if at % pace == 0]
    for at, _ in turns:
        value(events[at])
    assert sum(fed) <= len(paces) * sum(len(event.chunk) for event in events)
