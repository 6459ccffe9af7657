"""The widget as a page finds it: what it has been given when it comes late, signs of life."""

import asyncio
import time
from collections.abc import AsyncGenerator, Iterable, Iterator
from typing import Any

import pytest

from nbstream.core import events as ev
from nbstream.display import host
from nbstream.streams import Stream
from nbstream.streams.loop import call
from nbstream.streams.run import Run
from nbstream.widget import StreamWidget, widget
from tests.harness.patience import HANG, until


class Told:
    """A stream that says what it is told to say, and a widget that sends into a list."""

    def __init__(self) -> None:
        self._rest: list[list[ev.Event]] = [[ev.StreamStart(), ev.TextStart(0)]]
        self._over = False
        self.stream: Stream = Stream(Run(self._source, model="test/told"))
        self.widget = StreamWidget(self.stream)
        self.sent: list[dict[str, Any]] = []
        self.widget.send = lambda content, _buffers=None: self.sent.append(content)
        self.widget._bridge._post = lambda message, _: self.sent.append(message)

    async def _source(self) -> AsyncGenerator[Iterable[ev.Event], None]:
        while self._rest or not self._over:
            while self._rest:
                yield self._rest.pop(0)
            await asyncio.sleep(0.01)
        yield [ev.TextEnd(0), ev.StreamEnd("stop")]

    def say(self, text: str) -> None:
        said = self.stream.text + text
        call(lambda: self._rest.append([ev.TextDelta(0, text)]))
        until(lambda: self.stream.text == said)

    def end(self) -> None:
        self._over = True
        assert self.stream.wait(HANG)
        self.widget.start().result(HANG)

    def told(self, kind: str) -> list[dict[str, Any]]:
        """The messages of that kind."""
        return [message for message in self.sent if message["t"] == kind]

    def state(self) -> dict[str, Any]:
        """The snapshot that a page gets, or a file."""
        state: dict[str, Any] = self.widget.get_state()["snapshot"]
        return state


@pytest.fixture
def told() -> Iterator[Told]:
    one = Told()
    yield one
    one.end()


def text(snapshot: dict[str, Any]) -> str:
    parts = [part for message in snapshot["state"]["messages"] for part in message["parts"]]
    return "".join(part["text"] for part in parts)


def test_a_page_that_comes_late_is_given_what_came_in_between(told: Told) -> None:
    born = told.state()
    assert (born["seq"], born["state"]["status"], text(born)) == (0, "waiting", "")
    told.widget.start()
    told.say("one")
    until(lambda: told.stream.elapsed > 0.01)
    first = told.state()
    assert (text(first), first["state"]["status"]) == ("one", "streaming")
    told.say(", two")
    later = told.state()
    assert text(later) == "one, two"
    assert later["seq"] > first["seq"], "or a page would think that it has seen this"
    assert later["state"]["elapsed"] >= first["state"]["elapsed"] > 0
    told.end()
    last = told.state()
    assert (text(last), last["state"]["status"]) == ("one, two", "done")
    assert last["state"]["elapsed"] == round(told.stream.elapsed, 3)
    assert told.told("d")[-1]["ops"][-1]["elapsed"] == last["state"]["elapsed"]


def test_it_gives_a_sign_of_life_while_the_model_thinks_and_none_afterwards(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(widget, "_HEARTBEAT", 0.01)
    told.widget.start()
    until(lambda: len(told.told("beat")) >= 3)
    told.end()
    before = len(told.told("beat"))
    time.sleep(0.1)
    assert len(told.told("beat")) == before


def test_a_page_that_nobody_can_hear_is_told_the_whole_again_as_it_doubles(told: Told) -> None:
    assert not host.receives_comms_while_busy(), "this process is no kernel"
    told.widget.start()
    for times in (1, 1, 2, 4, 8):
        told.say("word" * times)
        whole = told.stream.text
        until(lambda: whole in [text(snap) for snap in told.told("snap")])  # noqa: B023
    told.say("!")
    told.end()
    assert len(told.told("snap")) == 5, "and not each time"


def test_its_key_is_the_models_id(told: Told) -> None:
    assert told.widget.widget_id == told.widget.model_id
