"""How a run of several messages is sent to the page."""

from typing import Any

from nbstream import events as ev
from nbstream.core.message import (
    FilePart,
    Message,
    ToolCallPart,
    Usage,
    assistant_message,
    tool_message,
)
from nbstream.streams import Stream
from nbstream.testing import events_of, stream_from_messages
from nbstream.widget import wire
from nbstream.widget.bridge import Bridge

CALL = ToolCallPart("1", "weather", '{"city": "Rome"}')
RESULT = tool_message(CALL, "sunny")
VOID = events_of(assistant_message("It rains."), message_index=2)[:3]
RUN: list[Message | ev.Event | BaseException] = [
    assistant_message(CALL),
    RESULT,
    *VOID,
    ev.Retry(2, "Overloaded.", message_index=2),
    Message("assistant", assistant_message("It is sunny.").parts, Usage(20, 7), "stop"),
]


def finished() -> Stream[Any]:
    stream = stream_from_messages(RUN)
    stream.until_done()
    return stream


def test_ops_name_their_message() -> None:
    script = list(stream_from_messages(RUN))
    rows = wire.ops(script)
    places = [(row["kind"], row.get("message", 0)) for row in rows]
    assert places == [
        *((f"{kind}", 0) for kind in ("stream_start", "tool_start", "tool_delta", "tool_end")),
        ("stream_end", 0),
        ("message", 1),
        *((kind, 2) for kind in ("stream_start", "text_start", "text_delta", "retry")),
        *((kind, 2) for kind in ("stream_start", "text_start", "text_delta", "text_end")),
        ("stream_end", 2),
    ]
    assert "message" not in rows[0]
    result = {"kind": "tool_result", "tool_call_id": "1", "tool_name": "weather", "output": "sunny"}
    assert rows[5] == {"kind": "message", "message": 1, "role": "tool", "parts": [result]}


def test_deltas_of_two_messages_stay_apart() -> None:
    deltas = [ev.TextDelta(0, "a"), ev.TextDelta(0, "b", message_index=1), ev.TextDelta(0, "c")]
    rows = wire.ops(deltas)
    assert [(row["chunk"], row.get("message")) for row in rows] == [
        ("a", None),
        ("b", 1),
        ("c", None),
    ]
    images = [ev.FileEvent(0, "image/png", b"1", message_index=index) for index in (0, 1, 1)]
    assert [row.get("message") for row in wire.ops(images)] == [None, 1], "the last version of each"


def test_a_page_that_asks_gets_all_messages() -> None:
    stream = finished()
    sent: list[Any] = []
    Bridge(stream, lambda message, _: sent.append(message)).sync()
    messages = sent[0]["state"]["messages"]
    assert [message["role"] for message in messages] == ["assistant", "tool", "assistant"]
    assert messages[2]["parts"] == [{"kind": "text", "text": "It is sunny."}]
    assert messages[2]["usage"]["total_tokens"] == 27
    retry = {"attempt": 2, "reason": "Overloaded."}
    assert sent[0]["state"]["retries"] == [[2, retry]], "a view that has it needs no earlier op"


def test_the_bytes_of_a_tool_result_become_buffers() -> None:
    shot = tool_message("1", [FilePart("image/png", b"\x89PNG")])
    row = wire.ops([ev.MessageEvent(Message("tool", (FilePart("image/png", b"\x89PNG"),)))])
    _, buffers = wire.split_buffers({"ops": row})
    assert buffers == [b"\x89PNG"]
    assert wire.ops([ev.MessageEvent(shot)])[0]["parts"][0]["kind"] == "tool_result"


def test_a_reply_that_comes_whole_says_that_it_has_ended() -> None:
    reply = Message("assistant", assistant_message("Hi.").parts, Usage(3, 4))
    stream = stream_from_messages([ev.MessageEvent(reply)])
    stream.until_done()
    (row,) = wire.ops(stream.reader().take())
    (shown,) = wire.state(stream, stream.messages)["messages"]
    assert row["finish_reason"] == shown["finish_reason"] == "stop"
    assert row["usage"] == shown["usage"]
