"""Responses API: recordings, and streams that no recording covers."""

import json
import random
from typing import Any

import pytest

from nbstream.core.events import (
    Event,
    PartEvent,
    Retry,
    StreamEnd,
    StreamStart,
)
from nbstream.core.message import Usage
from nbstream.errors import ProviderError, RateLimitError, StreamError
from tests.protocols.any_decoder import (
    decode,
    incomplete_when_cut,
    same_however_cut,
    survives_mutation,
)
from tests.protocols.compare_openai_responses import PROTOCOL, expected, found, wanted
from tests.protocols.responses_wire import (
    body,
    completed,
    fold,
    make,
    on,
    said,
    started,
    word,
)
from tests.recordings import Recording, parametrize

SMALL = 20_000
"""Bytes; larger bodies are cut in fewer places, to save time."""


# What real servers sent.


@parametrize(PROTOCOL)
def test_a_recording_agrees_with_the_sdk(recording: Recording) -> None:
    final = expected(recording)
    if final is None:
        pytest.skip("the SDK raises; the next tests say what is right")
    _, message, failure = decode(make, [recording.body])
    assert failure == ""
    assert found(message) == wanted(final)


def test_recordings_for_which_the_sdk_raises() -> None:
    items = [said(text, f"msg{text}") for text in ("a", "b")]
    rows = [on("output_item.done", item=item) for item in items]  # Prism's, without a place
    assert fold(word("a"), rows[0], word("b", 1), rows[1], completed(*items)).text == "ab"


@parametrize(PROTOCOL)
def test_a_recording_is_the_same_however_it_is_cut(recording: Recording) -> None:
    same_however_cut(make, recording.body)


@parametrize(PROTOCOL)
def test_a_recording_cut_short_is_incomplete(recording: Recording) -> None:
    if b'"response.failed"' in recording.body:
        pytest.skip("it fails before it could be incomplete")
    if len(recording.body) < SMALL:
        incomplete_when_cut(make, recording.body)
        return
    pieces = recording.body.split(b"\n\n")
    ends = (b'"response.completed"', b'"response.incomplete"')
    end = next(n for n, piece in enumerate(pieces) if any(end in piece for end in ends))
    for count in random.Random(0).sample(range(end + 1), min(end + 1, 12)):
        _, message, failure = decode(make, [b"\n\n".join(pieces[:count])])
        assert failure == "IncompleteResponseError"
        assert message.finish_reason is None


@parametrize(PROTOCOL)
def test_a_damaged_recording_raises_only_our_own_errors(recording: Recording) -> None:
    if len(recording.body) < SMALL:
        survives_mutation(make, recording.body, seed=len(recording.body), rounds=4)


@parametrize(PROTOCOL)
def test_wrong_types_raise_only_our_own_errors(
    recording: Recording,
) -> None:
    if len(recording.body) > SMALL:
        return
    chance = random.Random(recording.name)
    lines = [line[5:] for line in recording.body.split(b"\n") if line.startswith(b"data:")]
    rows = [json.loads(line) for line in lines if line.strip() != b"[DONE]"]
    for _ in range(10):
        strange = json.loads(json.dumps(rows))
        for _ in range(4):
            put_something_strange(chance.choice(strange), chance)
        try:
            for event in make().feed(body(*strange)):
                assert isinstance(event, Event)
        except StreamError:
            pass


def put_something_strange(value: Any, chance: random.Random) -> None:
    """Replace one value at any depth by one of another type."""
    if not isinstance(value, dict | list) or not value:
        return
    key = chance.choice(list(value) if isinstance(value, dict) else range(len(value)))
    if isinstance(value[key], dict | list) and value[key] and chance.random() < 0.7:
        put_something_strange(value[key], chance)
    else:
        value[key] = chance.choice([None, True, -1, 0, 2.5, "x", [], [1], [{}], {}, {"a": []}])


# Bytes that no recording holds.


def test_text_with_any_characters() -> None:
    text = "a\u2028b\u2029c\u0085d 😀 é"
    whole = body(started(), word(text), completed(said(text)))
    for data in (whole, b"\xef\xbb\xbf" + whole, whole.replace(b"\n", b"\r\n"), whole.rstrip()):
        same_however_cut(make, data)
        assert decode(make, [data])[1].text == text


def test_invalid_utf8_is_replaced() -> None:
    data = body(started(), word("a?b"), word("c"), completed()).replace(b"?", b"\xff")
    assert decode(make, [data])[1].text == "a\ufffdbc"


def test_an_event_may_have_several_data_lines() -> None:
    pretty = json.dumps(word("a"), indent=1).replace("\n", "\ndata: ")
    data = body(started()) + f"data: {pretty}\n\n".encode() + body(completed())
    assert decode(make, [data])[1].text == "a"


@pytest.mark.parametrize("data", [b"data: {broken\n\n", b"data: [1]\n\n", b'data: "\xff"\n\n'])
def test_invalid_json_is_an_error_and_keeps_the_message(data: bytes) -> None:
    _, message, failure = decode(make, [body(started(), word("kept")) + data])
    assert (message.text, failure) == ("kept", "ProtocolError")


def test_the_names_of_events_may_be_missing_or_outside_the_data() -> None:
    bare = body(started(), word("a"), completed()).replace(b"event: ", b": ")
    assert decode(make, [bare + b"data: [DONE]\n\n"])[1].text == "a"
    row = {key: value for key, value in word("a").items() if key != "type"}
    outside = b"event: response.output_text.delta\ndata: " + json.dumps(row).encode() + b"\n\n"
    assert decode(make, [body(started()) + outside + body(completed())])[1].text == "a"


def test_done_is_not_an_end() -> None:
    data = body(started(), word("a")) + b"data: [DONE]\n\n"
    assert decode(make, [data])[2] == "IncompleteResponseError"


# How an answer ends.


def test_an_errors_code_decides_its_class() -> None:
    row = on("failed", response={"error": {"code": "rate_limit_exceeded", "message": "later"}})
    with pytest.raises(RateLimitError, match="later"):
        list(make().feed(body(started(), row)))
    with pytest.raises(ProviderError, match="gave no reason"):
        list(make().feed(body(started(), on("failed", response={"error": None}))))


@pytest.mark.parametrize(
    "row",
    [
        {"type": "error", "code": "x", "message": "overloaded", "param": None},
        {"type": "error", "error": {"code": "x", "message": "overloaded"}},
        {"error": {"message": "overloaded"}},
        {"error": "overloaded"},
        on("failed", response={"status": "failed", "error": {"message": "overloaded"}}),
        on("completed", response={"status": "failed", "error": {"message": "overloaded"}}),
    ],
)
def test_an_error_has_the_providers_message_and_keeps_ours(row: Any) -> None:
    events: list[Event] = []
    with pytest.raises(StreamError, match="overloaded") as caught:
        events.extend(make().feed(body(started(), word("kept"), row)))
    assert isinstance(caught.value, ProviderError)
    assert decode(make, [body(started(), word("kept"), row)])[1].text == "kept"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (completed(), "stop"),
        (completed({"type": "function_call", "call_id": "c", "name": "f"}), "tool_call"),
        (completed({"type": "web_search_call", "id": "w"}), "stop"),
        (
            on("incomplete", response={"incomplete_details": {"reason": "max_output_tokens"}}),
            "length",
        ),
        (
            on("incomplete", response={"incomplete_details": {"reason": "content_filter"}}),
            "content_filter",
        ),
        (on("incomplete", response={"incomplete_details": {"reason": "tired"}}), "other"),
        (on("completed", response={"status": "cancelled"}), "cancelled"),
    ],
)
def test_finish_reasons(row: Any, reason: str) -> None:
    assert fold(word("a"), row).finish_reason == reason


def test_usage_and_unknown_fields_are_kept() -> None:
    usage = {
        "input_tokens": 9,
        "output_tokens": 8,
        "input_tokens_details": {"cached_tokens": 4, "cache_write_tokens": 2},
        "output_tokens_details": {"reasoning_tokens": 5},
        "new": 1,
    }
    news = on("new.thing", a=1)
    message = fold(news, {**completed(usage=usage, service_tier="flex"), "copilot_usage": 3})
    assert message.usage == Usage(9, 8, 4, 2, 5)
    assert message.provider_metadata == {
        "finish_reason": "completed",
        "usage": usage,
        "openai_responses": {"copilot_usage": 3, "service_tier": "flex"},
        "unknown": [news],
    }


def test_a_second_response_is_a_retry() -> None:
    again = on("created", response={"id": "r2", "model": "m"})
    events, message, _ = decode(
        make, [body(started(), word("no"), again, word("yes"), completed())]
    )
    assert [type(event) for event in events if not isinstance(event, PartEvent)] == [
        *(StreamStart, Retry),
        *(StreamStart, StreamEnd),
    ]
    assert (message.text, message.id) == ("yes", "r2")
    twice = body(started(), started(), word("once"), completed())
    assert not any(isinstance(event, Retry) for event in decode(make, [twice])[0])
