"""What the bridge sends, and when. A list stands for the page."""

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


def bridge_of(stream: Stream) -> tuple[Bridge, Sent]:
    """A bridge, and the list of the messages that it sends."""
    sent: Sent = []
    return Bridge(stream, lambda message, _: sent.append(message)), sent


def test_half_a_surrogate_pair_can_be_sent() -> None:
    stream = replay_message(assistant_message("a\ud83d\ude00\udfffb"), chunk=1)
    bridge, sent = bridge_of(stream)
    submit(bridge.send_stream()).result(HANG)
    sent.append(call(bridge.snapshot))
    json.dumps(sent, ensure_ascii=False).encode()
    text = "".join(op.get("chunk", "") for message in sent[:-1] for op in message["ops"])
    assert text == "a\ufffd\ufffd\ufffdb"
    assert sent[-1]["state"]["messages"][0]["parts"][0]["text"] == text, (
        "the snapshot and the deltas agree"
    )


def test_stop_is_acknowledged_before_the_connection_has_closed() -> None:
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
    widget._bridge._send_message = lambda message, _: sent.append(message)
    widget.start()
    until(lambda: TEXT in str(sent) and stream.elapsed > 0.01)
    before = len(sent)
    widget._on_message(widget, {"t": "stop"}, [])
    try:
        assert closing.wait(HANG)
        # A page that gets no reply asks the server to interrupt the kernel instead.
        until(lambda: len(sent) > before)
        assert not stream.is_complete
        assert [op["kind"] for op in sent[before]["ops"]] == ["status"]
        assert sent[before]["ops"][0]["elapsed"] > 0
    finally:
        call(closed.set)
    assert stream.wait(HANG)
    until(lambda: "stopped" in str(sent[-1]))


def test_a_failure_to_send_in_the_background_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stream = replay_message(assistant_message("hi"))
    widget = StreamWidget(stream)

    def post(_message: object, _buffers: object) -> None:
        raise OSError("the socket is closed")

    widget._bridge._send_message = post
    with pytest.raises(OSError, match="the socket is closed"):
        widget.start().result(HANG)
    assert "the socket is closed" in caplog.text
    assert "Traceback" not in caplog.text
