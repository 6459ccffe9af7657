"""Thinking that a server leaves in the text between tags becomes thinking parts."""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nbstream
from nbstream.core import events as ev
from nbstream.core.log import Log
from nbstream.core.message import Citation, Message, TextPart, ThinkingPart
from nbstream.errors import IncompleteResponseError, UsageError
from nbstream.protocols.tag_reader import USUAL, Tags
from nbstream.protocols.thinking_tags import KEY, ThinkingTags

OWN = "http://127.0.0.1:9/v1"


class Given:
    """A decoder that yields prepared events, and may then fail."""

    def __init__(self, events: Sequence[ev.Event], fault: Exception | None = None) -> None:
        self._events, self._fault = events, fault

    def feed(self, data: bytes) -> Iterator[ev.Event]:
        yield from self._events if data else ()

    def close(self) -> Iterator[ev.Event]:
        if self._fault:
            raise self._fault
        yield from ()


def text(index: int, *chunks: str, whole: str | None = None) -> list[ev.Event]:
    deltas = [ev.TextDelta(index, chunk) for chunk in chunks]
    return [ev.TextStart(index), *deltas, ev.TextEnd(index, text=whole)]


def read(events: Sequence[ev.Event], value: Any = True) -> Message:
    tags = Tags.of(value)
    assert tags is not None
    decoder, log = ThinkingTags(Given(events), tags), Log()
    log.extend(decoder.feed(b"x"))
    log.extend(decoder.close())
    return log.message()


def shown(events: Sequence[ev.Event], value: Any = True) -> list[str]:
    """The parts, thinking in parentheses."""
    parts = read(events, value).parts
    return [
        f"({part.text})" if isinstance(part, ThinkingPart) else getattr(part, "text", part.kind)
        for part in parts
    ]


def pieces(whole: str, seed: int) -> list[str]:
    """``whole``, cut at random places."""
    cuts = sorted(random.Random(seed).sample(range(len(whole) + 1), min(6, len(whole))))
    return [whole[at:to] for at, to in zip([0, *cuts], [*cuts, len(whole)], strict=True)]


@pytest.mark.parametrize(("start", "end"), USUAL)
def test_each_tag_is_read_wherever_it_is_cut(start: str, end: str) -> None:
    whole = f" \n{start}\nIs a < b? {end[:-1]} {end}\n\nYes: a < b.\n"
    expected = [f"(Is a < b? {end[:-1]})", "Yes: a < b.\n"]
    assert shown(text(0, whole)) == shown(text(0, *whole)) == expected
    for seed in range(20):
        assert shown(text(0, *pieces(whole, seed))) == expected


@pytest.mark.parametrize(
    ("whole", "expected"),
    [
        ("<THINK>a</THINK>b", ["(a)", "b"]),
        ("<Thought>a</Thought>b", ["(a)", "b"]),
        ("<Think>a</think>b", ["(a)", "b"]),
        ("<think>a</THINK>b", ["(a)", "b"]),
        ("</think>\n\nb", ["b"]),
        ("</thinks>", ["</thinks>"]),
        ("<think>a</think>\n</think>b", ["(a)", "b"]),
        ("<think>a</think> <think>b</think>c", ["(a)", "(b)", "c"]),
        ("<think>a</think>b<think>c</think>", ["(a)", "b<think>c</think>"]),
        ("<think>a </think><think>b</think><think> c</think>d", ["(a b c)", "d"]),
        ("<think>a</think><thi", ["(a)", "<thi"]),
        ("<think>\n\n</think>\n\nb", ["b"]),
        ("<think>a", ["(a)"]),
        ("<think>a</thi", ["(a</thi)"]),
        ("<think>a</think>", ["(a)"]),
        ("<think>a</think>\n<th", ["(a)", "<th"]),
        ("<think>a <think> b</think>c", ["(a <think> b)", "c"]),
        ("<th", ["<th"]),
        ("<the>", ["<the>"]),
        ("  <the>", ["  <the>"]),
        (" \n", [" \n"]),
        ("", [""]),
        ("Hi <think>a</think>", ["Hi <think>a</think>"]),
        ("`<think>` is a tag", ["`<think>` is a tag"]),
        ("```\n<think>a</think>\n```", ["```\n<think>a</think>\n```"]),
        ('["a"]', ['["a"]']),
        ("a</think>b", ["a</think>b"]),
        (
            "<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>final<|message|>b",
            ["(a)", "b"],
        ),
        ("<|channel|>final<|message|>b", ["b"]),
        ("<|START_THINKING|>a<|END_THINKING|><|START_RESPONSE|>b", ["(a)", "b"]),
    ],
)
def test_tags_count_at_the_start_and_after_thinking_only(whole: str, expected: list[str]) -> None:
    assert shown(text(0, whole)) == shown(text(0, *whole)) == expected


PIECES = ["<think>", "</think>", "<thi", "</", "nk>", " ", "\n", "a", "<", ">"]


@given(st.lists(st.sampled_from(PIECES)), st.integers())
def test_cuts_change_nothing(words: list[str], seed: int) -> None:
    whole = "".join(words)
    assert shown(text(0, *pieces(whole, seed))) == shown(text(0, whole)) == shown(text(0, *whole))


@given(st.lists(st.sampled_from(["<think>", "</think>", " ", "\n", "a", "b"])))
def test_only_tags_and_blanks_are_dropped(words: list[str]) -> None:
    found = "".join(one.strip("()") for one in shown(text(0, *words)))
    for tag in ("<think>", "</think>"):
        found = found.replace(tag, "")
    assert "".join(found.split()) == "".join(one for one in words if one in ("a", "b"))


def test_thinking_arrives_live_and_text_waits_no_longer_than_needed() -> None:
    decoder = ThinkingTags(Given([]), Tags())

    def fed(chunk: str) -> list[tuple[str, str]]:
        decoder._decoder = Given([ev.TextDelta(0, chunk)])
        found = [event for event in decoder.feed(b"x") if isinstance(event, ev.PartDelta)]
        return [(type(event).__name__, event.chunk) for event in found]

    decoder._decoder = Given([ev.TextStart(0)])
    assert list(decoder.feed(b"x")) == []
    assert fed("<th") == []
    assert fed("ink>") == []
    assert fed("one") == [("ThinkingDelta", "one")]
    assert fed(" two </") == [("ThinkingDelta", " two")]
    assert fed("b") == [("ThinkingDelta", " </b")]
    assert fed("</think>") == []
    assert fed("\n\nA") == [("TextDelta", "A")]
    assert fed(" <think>") == [("TextDelta", " <think>")]


def test_parts_after_the_thinking_keep_their_order_and_their_events() -> None:
    call = nbstream.messages.ToolCallPart("c", "f", "{}")
    cited = Citation("https://example.org", start=16, end=17)
    of_thinking = Citation("https://example.net", start=8, end=9)
    message = read(
        [
            *text(0, "<think>a</think>", "b"),
            ev.CitationEvent(0, cited),
            ev.CitationEvent(0, of_thinking),
            ev.ToolStart(1, "c", "f"),
            ev.ToolDelta(1, "{}"),
            ev.ToolEnd(1, call),
            *text(2, "<think>c</think>", "d"),
            ev.StreamEnd("stop"),
        ]
    )
    assert [part.kind for part in message.parts] == [
        *("thinking", "text", "tool_call", "thinking", "text")
    ]
    assert message.parts[2] == call
    answer = message.parts[1]
    assert isinstance(answer, TextPart)
    spans = [(one.url, one.start, one.end) for one in answer.citations]
    assert spans == [("https://example.org", 0, 1), ("https://example.net", None, None)]


def test_text_right_after_text_goes_on_with_it() -> None:
    assert shown([*text(0, "Hi"), *text(1, "<think>a</think>")]) == ["Hi", "<think>a</think>"]
    assert shown([*text(0, "<think>a"), *text(1, "b</think>c")]) == ["(a)", "(b)", "c"]


def test_a_corrected_text_is_split_too() -> None:
    whole = "<think>abc</think>one two"
    assert shown(text(0, "<think>ac</think>", "one", whole=whole)) == ["(ac)", "one two"]


def test_a_retry_begins_anew() -> None:
    again = [ev.Retry(2, "again"), *text(0, "<think>a</think>b")]
    assert shown([*text(0, "<think>x</think>y")[:2], *again]) == ["(a)", "b"]


@pytest.mark.parametrize(
    ("whole", "expected"),
    [
        ("a</think>b", ["(a)", "b"]),
        ("<think>a</think>b", ["(a)", "b"]),
        ("a", ["(a)"]),
        ("a</think>b</think>", ["(a)", "b</think>"]),
    ],
)
def test_a_text_may_begin_inside_thinking(whole: str, expected: list[str]) -> None:
    value = ("", "</think>")
    assert shown(text(0, whole), value) == shown(text(0, *whole), value) == expected


def test_a_server_that_tells_thinking_from_text_ends_the_beginning_inside() -> None:
    native = [ev.ThinkingStart(0), ev.ThinkingDelta(0, "t"), ev.ThinkingEnd(0)]
    assert shown([*native, *text(1, "a")], ("", "</think>")) == ["(t)", "a"]


def test_a_pair_of_tags_replaces_the_usual_ones() -> None:
    assert shown(text(0, "<hm>a</hm>b"), ("<hm>", "</hm>")) == ["(a)", "b"]
    assert shown(text(0, "<think>a</think>b"), ["<hm>", "</hm>"]) == ["<think>a</think>b"]


def test_a_failure_loses_nothing_that_was_held_back() -> None:
    fault = IncompleteResponseError("cut")
    for chunk, expected in [("<th", "<th"), ("<think>a</th", "a</th")]:
        decoder = ThinkingTags(Given([ev.TextStart(0), ev.TextDelta(0, chunk)], fault), Tags())
        log = Log()
        log.extend(decoder.feed(b"x"))
        with pytest.raises(IncompleteResponseError):
            log.extend(decoder.close())
        assert log.message().text + log.message().thinking == expected


# Who does it: the provider, the address, the keyword.


def chat(content: str) -> bytes:
    rows: list[Any] = [{"delta": {"content": one}, "index": 0} for one in content]
    rows.append({"delta": {}, "index": 0, "finish_reason": "stop"})
    data = [{"id": "c1", "object": "chat.completion.chunk", "choices": [row]} for row in rows]
    return b"".join(b"data: " + json.dumps(row).encode() + b"\n\n" for row in data)


def anthropic(content: str) -> bytes:
    delta = {"type": "text_delta", "text": content}
    rows = [
        {"type": "message_start", "message": {"id": "m", "content": []}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "content_block_delta", "index": 0, "delta": delta},
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}},
        {"type": "message_stop"},
    ]
    return b"".join(b"data: " + json.dumps(row).encode() + b"\n\n" for row in rows)


def responses(content: str) -> bytes:
    part = {"type": "output_text", "text": content, "annotations": []}
    item = {"type": "message", "id": "i", "role": "assistant", "content": [part]}
    delta = {"item_id": "i", "output_index": 0, "content_index": 0, "delta": content}
    end = {"id": "r", "status": "completed", "output": [item]}
    rows = [
        {"type": "response.created", "response": {"id": "r"}},
        {"type": "response.output_item.added", "output_index": 0, "item": {**item, "content": []}},
        {"type": "response.output_text.delta", **delta},
        {"type": "response.output_item.done", "output_index": 0, "item": item},
        {"type": "response.completed", "response": end},
    ]
    return b"".join(b"data: " + json.dumps(row).encode() + b"\n\n" for row in rows)


def gemini(content: str) -> bytes:
    candidate = {"content": {"parts": [{"text": content}]}, "finishReason": "STOP"}
    return b"data: " + json.dumps({"candidates": [candidate]}).encode() + b"\n\n"


BODIES = {"openai-chat": chat, "anthropic": anthropic, "openai": responses, "google": gemini}


def asked(provider: str, content: str, **keywords: Any) -> nbstream.Stream[Any]:
    body = BODIES.get(provider, chat)(content)
    answer = httpx.Response(200, content=body, headers={"content-type": "text/event-stream"})
    client = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: answer))
    return nbstream.stream(f"{provider}/m", "hi", client=client, api_key="k", **keywords)


def message_of(provider: str, **keywords: Any) -> tuple[str, str]:
    message = asked(provider, "<think>a</think>b", **keywords).get_final_message()
    return message.thinking, message.text


@pytest.mark.parametrize("provider", BODIES)
def test_the_three_big_ones_send_text_as_it_is_but_an_address_of_ones_own_may_not(
    provider: str,
) -> None:
    assert message_of(provider) == ("", "<think>a</think>b")
    assert message_of(provider, thinking_tags=True) == ("a", "b")
    assert message_of(provider, base_url=OWN) == ("a", "b")
    assert message_of(provider, base_url=OWN, thinking_tags=False) == ("", "<think>a</think>b")


@pytest.mark.parametrize(
    "provider", ["ollama", "vllm", "lmstudio", "llamacpp", "perplexity", "groq", "together"]
)
def test_servers_of_open_models_are_known_to_do_it(provider: str) -> None:
    assert message_of(provider) == ("a", "b")
    assert message_of(provider, thinking_tags=False) == ("", "<think>a</think>b")


def test_a_model_may_say_it() -> None:
    answer = httpx.Response(200, content=chat("<think>a</think>b"))
    client = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: answer))
    model = replace(nbstream.get_model("ollama/m"), thinking_tags=False)
    assert nbstream.stream(model, "hi", client=client).get_final_text() == "<think>a</think>b"


def test_typed_output_does_not_read_inside_thinking() -> None:
    content = '<think>maybe {"name":"Bo"}</think>\n{"name":"Ana"}'
    stream = asked("ollama", content, output_type=dict[str, str])
    values = list(stream.stream_output(debounce_by=None))
    assert stream.get_output() == {"name": "Ana"}
    assert not any("B" in str(value) for value in values)


def test_a_recording_is_read_with_tags_on_request() -> None:
    body = chat("<think>a</think>b")
    assert nbstream.replay(body).get_final_text() == "<think>a</think>b"
    message = nbstream.replay(body, thinking_tags=True).get_final_message()
    assert (message.thinking, message.text) == ("a", "b")


@pytest.mark.parametrize("value", ["yes", 1, ("<a>",), ("<a>", ""), ("", ""), (1, 2)])
def test_another_value_is_refused(value: Any) -> None:
    with pytest.raises(UsageError, match="thinking_tags= takes True, False or a pair of tags"):
        asked("ollama", "", thinking_tags=value)


def test_it_is_sent_back_as_text_while_tools_are_called_and_left_out_later() -> None:
    call = nbstream.messages.ToolCallPart("c", "f", "{}")
    thinking = ThinkingPart("a", provider_metadata={KEY: ["<think>", "</think>"]})
    turn = nbstream.assistant_message(thinking, "b", call)
    history = [nbstream.user_message("hi"), turn, nbstream.tool_message("c", "done")]
    contents = []
    for more in ([], [nbstream.user_message("go on")]):
        protocol = nbstream.get_model("ollama/m").protocol
        request = protocol.request("m", [*history, *more], {})
        contents.append(request.body["messages"][1]["content"])
    assert contents == ["<think>\na\n</think>\n\nb", "b"]


@pytest.mark.parametrize("provider", ["anthropic/m", "openai/m", "google/m", "mistral/m"])
def test_other_protocols_leave_it_out(provider: str) -> None:
    thinking = ThinkingPart("hush", provider_metadata={KEY: ["<think>", "</think>"]})
    history = [nbstream.user_message("hi"), nbstream.assistant_message(thinking, "b")]
    protocol = nbstream.get_model(provider, api_key="k").protocol
    request = protocol.request("m", [*history, nbstream.user_message("go on")], {})
    assert "hush" not in json.dumps(request.body)
    assert '"b"' in json.dumps(request.body)
