"""What a page gets from a widget: a current snapshot, heartbeats, repeated snapshots."""

import asyncio
import threading
import time
from collections.abc import AsyncGenerator, Iterable, Iterator
from typing import Any

import pytest

import nbstream
from nbstream.core import events as ev
from nbstream.display import host
from nbstream.streams import Stream
from nbstream.streams.loop import call
from nbstream.streams.run import Run
from nbstream.testing import ScriptedModel
from nbstream.widget import StreamWidget, live_widget
from nbstream.widget.frontend import frontend
from tests.harness.patience import HANG, until


class Controlled:
    """A stream whose text the test controls, and a widget whose messages go to a list."""

    def __init__(self) -> None:
        self._rest: list[list[ev.Event]] = [[ev.StreamStart(), ev.TextStart(0)]]
        self._over = False
        self.stream: Stream = Stream(Run(self._source, model="test/controlled"))
        self.widget = StreamWidget(self.stream)
        self.sent: list[dict[str, Any]] = []
        self.widget.send = lambda content, _buffers=None: self.sent.append(content)
        self.widget._bridge._send_message = lambda message, _: self.sent.append(message)

    async def _source(self) -> AsyncGenerator[Iterable[ev.Event], None]:
        while self._rest or not self._over:
            while self._rest:
                yield self._rest.pop(0)
            await asyncio.sleep(0.01)
        yield [ev.TextEnd(0), ev.StreamEnd("stop")]

    def add(self, text: str) -> None:
        expected = self.stream.text + text
        call(lambda: self._rest.append([ev.TextDelta(0, text)]))
        until(lambda: self.stream.text == expected)

    def end(self) -> None:
        self._over = True
        assert self.stream.wait(HANG)
        self.widget.start().result(HANG)

    def messages(self, kind: str) -> list[dict[str, Any]]:
        """The sent messages of that kind."""
        return [message for message in self.sent if message["t"] == kind]

    def state(self) -> dict[str, Any]:
        """The snapshot that a page or a saved notebook gets."""
        state: dict[str, Any] = self.widget.get_state()["snapshot"]
        return state


@pytest.fixture
def controlled() -> Iterator[Controlled]:
    one = Controlled()
    yield one
    one.end()


def text(snapshot: dict[str, Any]) -> str:
    parts = [part for message in snapshot["state"]["messages"] for part in message["parts"]]
    return "".join(part["text"] for part in parts)


def test_a_late_page_gets_a_current_snapshot(controlled: Controlled) -> None:
    initial = controlled.state()
    assert (initial["seq"], initial["state"]["status"], text(initial)) == (0, "waiting", "")
    controlled.widget.start()
    controlled.add("one")
    until(lambda: controlled.stream.elapsed > 0.01)
    first = controlled.state()
    assert (text(first), first["state"]["status"]) == ("one", "streaming")
    controlled.add(", two")
    later = controlled.state()
    assert text(later) == "one, two"
    assert later["seq"] > first["seq"], "otherwise a page would ignore it as already applied"
    assert later["state"]["elapsed"] >= first["state"]["elapsed"] > 0
    controlled.end()
    last = controlled.state()
    assert (text(last), last["state"]["status"]) == ("one, two", "done")
    assert last["state"]["elapsed"] == round(controlled.stream.elapsed, 3)
    assert controlled.messages("d")[-1]["ops"][-1]["elapsed"] == last["state"]["elapsed"]


def test_heartbeats_are_sent_until_the_stream_ends(
    controlled: Controlled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_widget, "_HEARTBEAT", 0.01)
    controlled.widget.start()
    until(lambda: len(controlled.messages("beat")) >= 3)
    until(
        lambda: (
            [m["seq"] for m in controlled.messages("beat")][-1:]
            == [m["seq"] for m in controlled.messages("d")][-1:]
        )
    )
    controlled.end()
    before = len(controlled.messages("beat"))
    time.sleep(0.1)
    assert len(controlled.messages("beat")) == before


def test_a_page_gets_the_code_that_it_asks_for_and_none_for_another_versions_hash(
    controlled: Controlled,
) -> None:
    shown = controlled.widget
    shown._on_message(shown, {"t": "code", "hash": frontend().form}, None)
    shown._on_message(shown, {"t": "code", "hash": "0123456789abcdef"}, None)
    assert [one["hash"] for one in controlled.messages("code")] == [frontend().form]


def test_a_page_gets_the_output_once_no_update_of_it_is_on_its_way(controlled: Controlled) -> None:
    """A page that lacks the end asks for it; drawing a long answer takes longer than it waits."""
    shown = controlled.widget
    shown.begin_drawing()
    shown.start()
    controlled.add("one")
    controlled.end()
    shown._on_message(shown, {"t": "output"}, None)
    assert controlled.messages("output") == []
    assert controlled.messages("beat") == []
    shown.end_drawing()
    assert len(controlled.messages("beat")) == 1, "at which the page looks again"
    shown._on_message(shown, {"t": "output"}, None)
    [message] = controlled.messages("output")
    assert message["data"]["text/plain"] == "one"


def test_a_kernel_that_cannot_receive_resends_the_state_when_the_text_doubles(
    controlled: Controlled,
) -> None:
    assert not host.receives_comms_while_busy(), "this process is not a kernel"
    controlled.widget.start()
    for times in (1, 1, 2, 4, 8):
        controlled.add("word" * times)
        whole = controlled.stream.text
        until(lambda: whole in [text(snap) for snap in controlled.messages("snap")])  # noqa: B023
    controlled.add("!")
    controlled.end()
    assert len(controlled.messages("snap")) == 5, "not after each change"


def test_the_widget_id_is_the_model_id(controlled: Controlled) -> None:
    assert controlled.widget.widget_id == controlled.widget.model_id


def test_a_widget_that_stops_no_longer_reads_when_it_says_so() -> None:
    stream = nbstream.stream(ScriptedModel("A long answer.", delay=10), "hi")
    shown = StreamWidget(stream)
    shown.start()
    stopped = threading.Event()
    reads: list[bool] = []

    def note() -> None:
        reads.append(stream.is_read)
        stopped.set()

    try:
        until(lambda: stream.is_read)
        call(lambda: shown.stop_sending(note))
        assert stopped.wait(HANG)
        assert reads == [False]
        assert not stream.is_complete, "only the widget has stopped"
    finally:
        stream.cancel()
        shown.close()
