"""A run is a list of messages; each event says which it belongs to."""

from typing import Any

import pytest

from nbstream.core import codec
from nbstream.core import events as ev
from nbstream.core.log import Log
from nbstream.core.message import Usage, assistant_message, tool_message, user_message
from nbstream.core.parts import ToolCallPart
from nbstream.core.transcript import Transcript

CALL = ToolCallPart("1", "weather", "{}")
RESULT = tool_message(CALL, "sunny")


def reply(index: int, text: str, usage: Usage | None = None) -> list[ev.Event]:
    """The events of an assistant message with one text part."""
    return [
        ev.StreamStart(model=f"m{index}", message_index=index),
        ev.TextStart(0, message_index=index),
        *(ev.TextDelta(0, word, message_index=index) for word in text.split(" ")),
        ev.TextEnd(0, message_index=index),
        ev.StreamEnd("stop", usage, message_index=index),
    ]


FIRST: list[ev.Event] = [
    ev.StreamStart(),
    ev.ToolStart(0, "1", "weather"),
    ev.ToolDelta(0, "{}"),
    ev.ToolEnd(0, CALL),
    ev.StreamEnd("tool_call", Usage(10, 5)),
    ev.MessageEvent(RESULT, message_index=1),
]
VOID = [*reply(2, "It rains")[:4], ev.Retry(2, "overloaded", message_index=2)]
THIRD = reply(2, "It is sunny.", Usage(20, 7, cache_read_tokens=3))
VOID_AT_FIRST = [ev.StreamStart(provider="openai"), ev.Retry(2, "overloaded")]
RUN = [*FIRST, *VOID, *THIRD]


def transcript_of(events: list[Any]) -> Transcript:
    transcript = Transcript()
    for event in events:
        transcript.apply(event)
    return transcript


def test_a_retry_discards_its_own_message_only() -> None:
    transcript = transcript_of([*FIRST, *VOID])
    call, result, void = transcript.messages()
    assert call.tool_calls == [CALL]
    assert result is RESULT
    assert void.parts == ()
    assert transcript.message() == void
    assert transcript.finish_reason is None
    call, result, last = transcript_of(RUN).messages()
    assert (call.finish_reason, result.role, last.text) == ("tool_call", "tool", "Itissunny.")
    assert (call.model, last.model) == (None, "m2")


def test_the_state_is_that_of_the_last_reply_and_usage_is_the_sum() -> None:
    transcript = transcript_of(RUN)
    assert transcript.message() == transcript.messages()[-1]
    assert transcript.text == "Itissunny."
    assert transcript.usage == Usage(30, 12, cache_read_tokens=3)
    assert transcript.message().usage == Usage(20, 7, cache_read_tokens=3)
    assert transcript.finish_reason == "stop"
    assert transcript_of(FIRST).finish_reason == "tool_call"


def test_a_single_response_is_one_message() -> None:
    transcript = transcript_of(reply(0, "Hi there", Usage(1, 2)))
    assert transcript.messages() == (transcript.message(),)
    assert transcript.usage == transcript.message().usage
    assert transcript_of([ev.TextStart(0), ev.TextDelta(0, "a")]).text == "a", "without StreamStart"
    assert Transcript().messages() == ()
    assert Transcript().message().role == "assistant"


@pytest.mark.parametrize("count", range(len(RUN) + 1))
def test_a_late_reader_gets_the_whole_transcript(count: int) -> None:
    log = Log()
    log.extend(RUN[:count])
    late = log.reader()
    now = transcript_of(late.take())
    assert now.messages() == log.messages()
    log.extend(RUN[count:])
    for event in late.take():
        now.apply(event)
    assert now.messages() == log.messages() == transcript_of(RUN).messages()


def test_messages_may_interleave() -> None:
    first = reply(0, "I am asking")
    result = ev.MessageEvent(RESULT, message_index=1)
    events = [*first[:3], result, *first[3:], *reply(2, "Sunny.")]
    assert [one.text for one in transcript_of(events).messages()] == ["Iamasking", "", "Sunny."]
    log = Log()
    log.extend([*first[:3], result])
    late = log.reader()
    log.extend(first[3:])
    assert transcript_of(late.take()).messages() == log.messages()


def test_a_complete_assistant_message_is_a_reply() -> None:
    transcript = transcript_of([ev.MessageEvent(user_message("Hi")), *reply(1, "a")])
    assert [one.role for one in transcript.messages()] == ["user", "assistant"]
    transcript.apply(ev.MessageEvent(assistant_message("b"), message_index=2))
    assert (transcript.text, transcript.finish_reason) == ("b", "stop")
    assert [str(text) for text in transcript.texts] == ["b"]


def test_a_failed_run_marks_the_reply_that_has_not_ended() -> None:
    log = Log()
    log.extend(FIRST)
    log.extend(THIRD[:3])
    log.finish(RuntimeError("broken"))
    assert [one.finish_reason for one in log.messages()] == ["tool_call", None, "error"]
    assert log.message() is log.messages()[-1]
    # Before the reply to the tool result has started:
    log = Log()
    log.extend(FIRST)
    log.finish(RuntimeError("broken"))
    assert log.transcript.finish_reason == "error"
    assert log.message().finish_reason == "tool_call"


@pytest.mark.parametrize(
    "event",
    [
        ev.StreamStart(message_index=3),
        ev.StreamStart(message_index=1),
        ev.TextStart(0, message_index=2),
        ev.TextDelta(0, "x", message_index=2),
        ev.TextDelta(0, "x", message_index=1),
        ev.StreamEnd("stop", message_index=2),
        ev.MessageEvent(RESULT, message_index=1),
        ev.MessageEvent(RESULT, message_index=3),
        ev.Retry(2, "r", message_index=1),
        ev.Retry(2, "r", message_index=5),
    ],
    ids=repr,
)
def test_a_message_out_of_order_is_refused(event: ev.Event) -> None:
    transcript = transcript_of(FIRST)
    before = transcript.messages()
    with pytest.raises(ValueError, match="message"):
        transcript.apply(event)
    assert transcript.messages() == before


def test_a_whole_message_without_text_has_parts() -> None:
    assert not transcript_of([ev.StreamStart()]).has_parts
    call = ToolCallPart("call_1", "weather", "{}")
    assert transcript_of([ev.MessageEvent(assistant_message(call))]).has_parts


def test_a_retry_before_the_reply_has_started() -> None:
    assert transcript_of([ev.Retry(2, "r"), *reply(0, "a")]).text == "a"
    transcript = transcript_of([*FIRST, ev.Retry(2, "r", message_index=2), *THIRD])
    assert len(transcript.messages()) == 3


def test_a_transcript_survives_the_round_trip_through_json() -> None:
    rows = [codec.event_to_dict(event) for event in RUN]
    assert (
        transcript_of([codec.event_from_dict(row) for row in rows]).messages()
        == transcript_of(RUN).messages()
    )
    assert "message_index" not in rows[0]


@pytest.mark.parametrize(
    "events",
    [
        [*FIRST, *VOID, *THIRD[1:]],
        [*FIRST, *VOID],
        VOID_AT_FIRST,
        [*VOID_AT_FIRST, ev.StreamStart(model="m"), ev.TextStart(0)],
        [*VOID_AT_FIRST, ev.TextStart(0)],
        [ev.TextStart(0), ev.Retry(2, "overloaded")],
    ],
    ids=["no second start", "void", "void first", "provider", "no start", "no start, void"],
)
def test_a_late_reader_after_a_retry_gets_the_whole_transcript(events: list[ev.Event]) -> None:
    log = Log()
    log.extend(events)
    assert transcript_of(log.reader().take()).messages() == log.messages()


def test_a_late_reader_gets_what_follows_an_end_that_replaced_the_text() -> None:
    log = Log()
    log.extend([ev.TextStart(0), ev.TextDelta(0, "Hel"), ev.TextEnd(0, text="Hello")])
    assert transcript_of(log.reader().take()).text == "Hello"
    log.extend([ev.TextDelta(0, "!")])
    assert transcript_of(log.reader().take()).messages() == log.messages()
    assert log.message().text == "Hello!"
