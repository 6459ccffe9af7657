"""A stream of several messages: its state, its readers, its end."""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from typing import Any

import pytest

import nbstream
from nbstream import events as ev
from nbstream.core.log import Log
from nbstream.core.message import Message, TextPart, ToolCallPart, Usage
from nbstream.errors import CancelledStreamError, IncompleteResponseError, OutputError
from nbstream.streams import Stream, stream_from_source
from nbstream.streams.views import CumulativeText
from nbstream.testing import ScriptedModel, events_of, stream_from_events, stream_from_messages
from tests.harness.background import run_async
from tests.harness.patience import HANG

CALL = ToolCallPart("1", "weather", '{"city": "Rome"}')
ASKS = Message("assistant", (CALL,), Usage(10, 5), "tool_call")
RESULT = nbstream.tool_message(CALL, "sunny")
VOID = [
    *events_of(nbstream.assistant_message("It rains in Rome."), message_index=2)[:4],
    ev.Retry(2, "Overloaded.", message_index=2),
]
ANSWER = Message("assistant", (TextPart("It is sunny."),), Usage(20, 7), "stop")
RUN: list[Message | ev.Event | BaseException] = [ASKS, RESULT, *VOID, ANSWER]


def test_a_retry_in_the_third_message_keeps_the_first_two() -> None:
    stream = stream_from_messages(RUN)
    assert stream.get_final_message() == ANSWER
    assert stream.messages == (ASKS, RESULT, ANSWER)
    assert stream.messages[-1] is stream.message
    assert (stream.text, stream.tool_calls, stream.usage) == ("It is sunny.", [], Usage(30, 12))
    late = [event for event in stream if not isinstance(event, ev.PartDelta)]
    assert [event.message_index for event in late] == [0, 0, 0, 0, 1, 2, 2, 2, 2, 2]
    assert [event.kind for event in late[5:7]] == ["retry", "stream_start"], "it is told first"
    assert stream.retries == {2: late[5]}
    assert stream_from_events(stream).messages == ()
    again = stream_from_events(stream)
    assert (again.get_final_message(), again.messages) == (ANSWER, stream.messages)


def test_a_scripted_model_answers_with_a_run() -> None:
    model = ScriptedModel(RUN, "And then.")
    assert nbstream.stream(model, "hi").get_final_text() == "It is sunny."
    assert nbstream.stream(model, "hi").get_final_text() == "And then."


def test_the_cumulative_text_is_that_of_the_last_message() -> None:
    first = nbstream.assistant_message("Let me see.", CALL)
    script = stream_from_messages([first, RESULT, *VOID, ANSWER])
    log, view = Log(), CumulativeText()
    reader, texts = log.reader(), list[str]()
    for event in script:  # one at a time, because a reader may skip states
        log.extend([event])
        texts += view(reader.take())
    assert texts == [
        *("Let m", "Let me see", "Let me see.", ""),
        *("It ra", "It rains i", ""),
        *("It is", "It is sunn", "It is sunny."),
    ]


def test_the_value_is_that_of_the_last_message() -> None:
    number = nbstream.assistant_message("[1, 2, 3]")
    values = list(
        stream_from_messages([ASKS, RESULT, number], output_type=list[int]).stream_output(
            debounce_by=None
        )
    )
    assert values[-1] == [1, 2, 3], "the end of the first message is not checked for a value"
    text_first = [nbstream.assistant_message("[7, 8]", CALL), RESULT, number]
    stream = stream_from_messages(text_first, output_type=list[int])
    assert stream.get_output() == [1, 2, 3]
    with pytest.raises(OutputError, match="weather"):
        stream_from_messages([ASKS, RESULT, ASKS], output_type=list[int]).get_output()


class Steps:
    """A source that stops before the reply to a tool result until the test continues it."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()

    async def __call__(self) -> AsyncGenerator[Iterable[ev.Event], None]:
        yield [*events_of(ASKS), ev.MessageEvent(RESULT, message_index=1)]
        await self.go_on.wait()
        yield events_of(ANSWER, message_index=2)


def at_the_result(stream: Stream[Any]) -> None:
    for event in stream:
        if isinstance(event, ev.MessageEvent):
            break


def test_a_run_continues_after_the_end_of_a_message() -> None:
    with stream_from_source(Steps(), output_type=list[int]) as stream:
        at_the_result(stream)
        assert not stream.is_complete
        value: Any = stream.output
        assert value is None, "not ended, so no error"
        assert stream.messages == (ASKS, RESULT)
        assert stream.wait(0.01) is False


def test_a_run_that_is_cancelled_between_replies() -> None:
    with stream_from_source(Steps()) as stream:
        at_the_result(stream)
        stream.cancel()
        assert stream.wait(HANG)
    assert [message.role for message in stream.messages] == ["assistant", "tool", "assistant"]
    assert (stream.finish_reason, stream.message.parts) == ("cancelled", ())
    assert stream.messages[0].finish_reason == "tool_call"
    with pytest.raises(nbstream.errors.CancelledStreamError):
        stream.get_final_message()


def test_a_run_whose_last_reply_does_not_end_is_incomplete() -> None:
    result = ev.MessageEvent(RESULT, message_index=1)
    stream = stream_from_events([*events_of(ASKS), result, *VOID[:2]])
    with pytest.raises(IncompleteResponseError):
        stream.until_done()
    assert stream.messages[:2] == (ASKS, RESULT)
    assert [one.finish_reason for one in stream.messages] == ["tool_call", None, "error"]
    assert stream_from_messages([ASKS, RESULT]).get_final_message() == ASKS


def test_a_stream_forwards_another_and_both_keep_their_snapshots() -> None:
    async def forward() -> AsyncGenerator[Iterable[ev.Event], None]:
        yield [*events_of(ASKS), ev.MessageEvent(RESULT, message_index=1)]
        async with stream_from_messages(RUN) as inner:
            async for event in inner:
                if event.message_index == 2:
                    seen.append(event)
                    yield [event]

    seen: list[ev.Event] = []
    outer = stream_from_source(forward)
    passed = [event for event in outer if event.message_index == 2]
    assert outer.messages == (ASKS, RESULT, ANSWER)
    assert all(one is other for one, other in zip(seen, passed, strict=True))
    held = [event.snapshot for event in passed if isinstance(event, ev.TextDelta)]
    assert held[-3:] == ["It is", "It is sunn", "It is sunny."]


def test_awaiting_a_run_gives_its_last_message() -> None:
    async def ask() -> Message:
        return await stream_from_messages(RUN)

    assert run_async(ask()) == ANSWER


OPEN: list[Any] = [
    *(ev.StreamStart(), ev.TextStart(0), ev.TextDelta(0, "A")),
    *(ev.StreamStart(message_index=1), ev.TextStart(0, message_index=1)),
    *(ev.TextDelta(0, "B", message_index=1), ev.StreamEnd("stop", message_index=1)),
]


def test_a_run_whose_first_reply_has_not_ended_is_incomplete() -> None:
    stream = stream_from_events(OPEN)
    with pytest.raises(IncompleteResponseError):
        stream.get_final_message()
    assert stream.finish_reason == "error"
    assert [one.finish_reason for one in stream.messages] == ["error", "stop"]


def test_cancelling_while_an_earlier_reply_goes_on() -> None:
    stream = stream_from_events([*OPEN, *[ev.TextDelta(0, "A")] * 1000], delay=0.01)
    for event in stream:
        if isinstance(event, ev.StreamEnd):
            stream.cancel()
            break
    stream.until_done()
    assert stream.finish_reason == "cancelled"
    assert [one.finish_reason for one in stream.messages] == ["cancelled", "stop"]
    with pytest.raises(CancelledStreamError):
        stream.get_final_message()


def test_a_reply_that_comes_whole_is_a_reply_like_others() -> None:
    whole = ev.MessageEvent(nbstream.assistant_message("[3]"))
    stream = stream_from_events([whole], output_type=list[int])
    assert stream.get_output() == stream.message.parsed_output == [3]
    assert stream.message.finish_reason == stream.finish_reason == "stop"
    assert whole.message.finish_reason is None
