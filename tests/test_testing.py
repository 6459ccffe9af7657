"""``nbstream.testing``: streams and models for users' own tests."""

import time
from collections.abc import Callable
from typing import get_args

import pytest

import nbstream
from nbstream import errors, replay_message
from nbstream.core.events import StreamEnd, StreamStart, TextDelta, TextEnd, TextStart, ToolEnd
from nbstream.core.message import (
    BuiltinToolCallPart,
    BuiltinToolResultPart,
    Citation,
    FilePart,
    Message,
    Part,
    RefusalPart,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    ToolResultPart,
    Usage,
    assistant_message,
    tool_message,
    user_message,
)
from nbstream.display.html.parts import DRAWN
from nbstream.testing import ScriptedModel, stream_from_events, stream_from_messages
from tests.harness.background import run_async
from tests.harness.patience import HANG

HELLO = [StreamStart(), TextStart(0), TextDelta(0, "hel"), TextDelta(0, "lo"), TextEnd(0)]
FULL = Message(
    "assistant",
    (
        ThinkingPart("let me think", "signature", None, {"a": 1}),
        TextPart("Grüße 😀", (Citation(url="https://x.example"),), {"b": 2}),
        ToolCallPart("c1", "f", '{"x": 1}', {"c": 3}),
        BuiltinToolCallPart("c2", "web_search", '{"q": "y"}'),
        BuiltinToolResultPart("c2", "web_search", [1]),
        FilePart("image/png", b"\x01", filename="a.png"),
        RefusalPart("no"),
    ),
    Usage(1, 2),
    "tool_call",
    "id",
    "model",
    "provider",
    {"finish_reason": "raw"},
)


def test_a_streamed_message_is_equal_to_the_original() -> None:
    stream = replay_message(FULL, chunk=3)
    pieces = list(stream.text_stream)
    assert pieces == ["Grü", "ße ", "😀"]
    assert stream.get_final_message() == FULL


def test_the_sample_has_each_kind_of_part_that_a_model_sends_and_each_is_drawn() -> None:
    kinds = set(get_args(Part))
    assert {type(part) for part in FULL.parts} == kinds - {ToolResultPart}
    assert kinds <= set(DRAWN)


def test_a_replayed_message_has_a_price_only_if_the_original_has_one() -> None:
    usage, text = Usage(1_000, 1_000), (TextPart("Hi"),)
    for custom_address in (False, True):
        message = Message(
            "assistant",
            text,
            usage,
            model="gpt-5",
            provider="openai",
            finish_reason="stop",
            custom_address=custom_address,
        )
        again = replay_message(message).get_final_message()
        assert (again, again.cost) == (message, message.cost)
        assert (message.cost is None) is custom_address


def test_a_message_that_is_not_an_assistants_is_an_error() -> None:
    for message in (user_message("hi"), Message("assistant", tool_message("i", 1).parts)):
        with pytest.raises(errors.UsageError):
            replay_message(message)


def test_events_are_streamed_unchanged() -> None:
    stream = stream_from_events([*HELLO, StreamEnd("stop")])
    assert [*stream] == [*HELLO, StreamEnd("stop")]
    assert stream.text == "hello"


def test_an_error_after_events_keeps_them() -> None:
    stream = stream_from_events(HELLO, error=errors.OverloadedError("busy"))
    with pytest.raises(errors.OverloadedError, match="busy") as caught:
        stream.until_done()
    assert caught.value.message is not None
    assert caught.value.message.text == stream.text == "hello"


def test_events_without_an_end_are_incomplete() -> None:
    with pytest.raises(errors.IncompleteResponseError):
        stream_from_events(HELLO).get_final_text()


def test_a_delay_can_be_cancelled() -> None:
    begun = time.monotonic()
    with replay_message(assistant_message("x" * 1000), chunk=1, delay=0.02) as stream:
        assert next(stream.text_stream) == "x"
        assert time.monotonic() - begun >= 0.04
    assert stream.finish_reason == "cancelled"


def test_a_scripted_model_gives_its_answers_in_order() -> None:
    call = ToolCallPart("c1", "weather", "{}")
    model = ScriptedModel("first", assistant_message(call), [*HELLO, StreamEnd("length")])
    assert nbstream.stream(model, "one").get_final_text() == "first"
    second = nbstream.stream(model, ["two", user_message("more")], system="s", temperature=0)
    assert [e.tool_call for e in second if isinstance(e, ToolEnd)] == [call]
    assert nbstream.stream(model, "three").get_final_message().finish_reason == "length"
    assert [request.prompt for request in model.requests] == ["one", "more", "three"]
    assert model.requests[1].params == {"temperature": 0}
    assert [message.role for message in model.requests[1].messages] == ["system", "user", "user"]


def test_a_scripted_failure_is_raised_like_a_providers() -> None:
    model = ScriptedModel(errors.RateLimitError("slow down"), [*HELLO, errors.ServerError("oh")])
    with pytest.raises(errors.RateLimitError, match="slow down"):
        nbstream.stream(model, "a").until_done()
    stream = nbstream.stream(model, "b")
    with pytest.raises(errors.ServerError):
        stream.until_done()
    assert stream.text == "hello"


def test_a_request_without_an_answer_is_an_error() -> None:
    model = ScriptedModel("only one")
    assert nbstream.stream(model, "a").get_final_text() == "only one"
    with pytest.raises(errors.UsageError, match=r"Request 2 .* has 1 answers") as caught:
        nbstream.stream(model, "b").until_done()
    assert "one answer for each request" in str(caught.value)


MESSAGE = nbstream.assistant_message("Hello.")


@pytest.mark.parametrize(
    "call",
    [
        lambda: ScriptedModel(5),  # type: ignore[arg-type]
        lambda: ScriptedModel(["Hello."]),  # type: ignore[list-item]
        lambda: stream_from_messages(["Hello."]),  # type: ignore[list-item]
        lambda: stream_from_messages(MESSAGE),  # type: ignore[arg-type]
        lambda: stream_from_events([5]),  # type: ignore[list-item]
        lambda: nbstream.replay_message("Hello."),  # type: ignore[arg-type]
        lambda: nbstream.replay_message(nbstream.user_message("Hello.")),
        lambda: nbstream.register_model("local"),  # type: ignore[arg-type]
        lambda: nbstream.StreamWidget("Hello."),
        lambda: nbstream.messages.message_to_json([MESSAGE]),  # type: ignore[arg-type]
        lambda: nbstream.messages.messages_to_json(MESSAGE),  # type: ignore[arg-type]
        lambda: nbstream.messages.messages_to_json(["Hello."]),  # type: ignore[list-item]
    ],
)
def test_a_value_of_the_wrong_type_is_refused_with_what_to_write(
    call: Callable[[], object],
) -> None:
    with pytest.raises(errors.UsageError) as caught:
        call()
    assert caught.value.remedy


def test_a_scripted_model_works_on_a_loop() -> None:
    async def main() -> str:
        async with nbstream.stream(ScriptedModel("async"), "a") as stream:
            return "".join([piece async for piece in stream.text_stream])

    assert run_async(main()) == "async"


def test_a_scripted_model_is_registered_while_it_is_entered() -> None:
    with ScriptedModel("by name", name="m") as model:
        assert str(model) == "test/m"
        assert nbstream.stream("test/m", "a").get_final_text() == "by name"
    with pytest.raises(errors.UnknownModelError):
        nbstream.stream("test/m", "a")


def test_a_scripted_model_has_a_repr() -> None:
    stream = nbstream.stream(ScriptedModel("shown"), "a")
    widget = nbstream.StreamWidget(stream)
    widget.start().result(HANG)
    assert stream.text == "shown"
    assert "shown" in str(widget.get_state("snapshot"))
