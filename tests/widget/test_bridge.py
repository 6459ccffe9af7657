"""The bridge: what is sent when, to a page that is only a list here."""

import asyncio
import json
from collections.abc import AsyncGenerator, Iterable
from threading import Event as Flag
from typing import Any

import pytest

from nbstream import replay_message
from nbstream.core import events as ev
from nbstream.core.message import assistant_message
from nbstream.streams import Stream
from nbstream.streams.loop import call, submit
from nbstream.streams.run import Run
from nbstream.widget import StreamWidget
from nbstream.widget.bridge import Bridge
from tests.harness.patience import HANG, until

Sent = list[dict[str, Any]]
TEXT = "0001 0002"


def bridged(stream: Stream) -> tuple[Bridge, Sent]:
    """A bridge, and all that it sends."""
    sent: Sent = []
    return Bridge(stream, lambda message, _: sent.append(message)), sent


def test_half_a_surrogate_pair_can_be_sent() -> None:
    stream = replay_message(assistant_message("a\ud83d\ude00\udfffb"), chunk=1)
    bridge, sent = bridged(stream)
    submit(bridge.carry()).result(HANG)
    sent.append(call(bridge.snapshot))
    json.dumps(sent, ensure_ascii=False).encode()
    text = "".join(op.get("chunk", "") for message in sent[:-1] for op in message["ops"])
    assert text == "a\ufffd\ufffd\ufffdb"
    assert sent[-1]["state"]["messages"][0]["parts"][0]["text"] == text, "told the same both ways"


def test_stop_is_acknowledged_though_the_connection_closes_slowly() -> None:
    closing, closed = Flag(), asyncio.Event()

    async def source() -> AsyncGenerator[Iterable[ev.Event], None]:
        yield [ev.TextStart(0), ev.TextDelta(0, TEXT)]
        try:
            await asyncio.sleep(HANG)
        finally:
            closing.set()
            await closed.wait()

    stream: Stream = Stream(Run(source, model="test/slow"))
    widget = StreamWidget(stream)
    sent: Sent = []
    widget.send = lambda content, _buffers=None: sent.append(content)
    widget._bridge._post = lambda message, _: sent.append(message)
    widget.start()
    until(lambda: TEXT in str(sent) and stream.elapsed > 0.01)
    before = len(sent)
    widget._on_message(widget, {"t": "stop"}, [])
    try:
        assert closing.wait(HANG)
        # A page that hears nothing has the server interrupt the kernel instead.
        until(lambda: len(sent) > before)
        assert not stream.is_complete
        assert [op["kind"] for op in sent[before]["ops"]] == ["status"]
        assert sent[before]["ops"][0]["elapsed"] > 0
    finally:
        call(closed.set)
    assert stream.wait(HANG)
    until(lambda: "stopped" in str(sent[-1]))


def test_what_cannot_be_sent_in_the_background_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stream = replay_message(assistant_message("hi"))
    widget = StreamWidget(stream)

    def post(_message: object, _buffers: object) -> None:
        raise OSError("the socket is closed")

    widget._bridge._post = post
    with pytest.raises(OSError, match="the socket is closed"):
        widget.start().result(HANG)
    assert "the socket is closed" in caplog.text
    assert "Traceback" not in caplog.text
