"""Chat Completions: the fast path gives the same events as full parsing."""

import json
from typing import Any

import pytest

from nbstream.protocols.json_object import parse_json_object
from nbstream.protocols.openai_chat import OpenAIChat
from nbstream.protocols.openai_chat.repeat_chunk import RepeatChunk
from tests.protocols.any_decoder import decode, same_however_cut
from tests.protocols.openai_chat_wire import body, chunk
from tests.recordings import Recording, parametrize

Decoded = tuple[Any, Any, str]


def in_short(data: bytes) -> Decoded:
    return decode(OpenAIChat().decoder, [data])


def in_full(data: bytes, monkeypatch: pytest.MonkeyPatch) -> Decoded:
    with monkeypatch.context() as patch:
        patch.setattr(RepeatChunk, "text", lambda *_: None)
        return in_short(data)


@parametrize("openai-chat")
def test_a_recording_is_the_same(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    assert in_short(recording.body) == in_full(recording.body, monkeypatch)


def text(words: str, **more: Any) -> Any:
    return chunk({"content": words}, **more)


def padded(words: str, padding: str) -> str:
    row = json.dumps(text(words, obfuscation=padding), separators=(",", ":"))
    assert row.endswith(f'"obfuscation":"{padding}"}}')
    return row


def raw(content: str) -> str:
    """A chunk with ``content`` as raw JSON."""
    return json.dumps(text("HERE")).replace("HERE", content)


LOGPROBS = {"content": [{"token": "a"}]}
CALL = {"tool_calls": [{"index": 0, "id": "1", "function": {"name": "f", "arguments": "{}"}}]}

BODIES: dict[str, list[Any]] = {
    "text": [text("a"), text("b"), text("")],
    "escapes": [text("a"), text('"'), text("\\"), text('\\"'), text("\n\u2028ü😀")],
    "escapes in the first": [text('"a\\'), text("b")],
    "fields that hide in the text": [text("a"), raw('b","role":"x'), raw('b"},"x":{"y":"')],
    "an end that hides in the text": [text("a"), raw('b"}, "finish_reason": "stop"}], "x": ["')],
    "half a surrogate pair": [text("a"), raw("\\ud83d"), raw("\\ude00"), text("b")],
    "no escape": [text("a"), raw("\\x"), text("b")],
    "a line end in the text": [text("a"), text("b"), raw("\t")],
    "another field that changes": [text("a", fp="1"), text("b", fp="2"), text("c", fp="1")],
    "another field for a while": [text("a", fp="1"), text("b"), text("c", fp="1"), text("d")],
    "content in another place first": [{"x": {"content": "no"}, **text(one)} for one in "abc"],
    "two contents": [raw('a", "content": "b'), raw('c", "content": "d')],
    "log probabilities": [
        {"id": "c", "choices": [{"delta": {"content": one}, "logprobs": LOGPROBS}]} for one in "abc"
    ],
    "a call between": [text("a"), text("b"), chunk(CALL), text("c"), text("d")],
    "thinking between": [text("a"), chunk({"reasoning": "r"}), text("b"), text("c")],
    "thinking beside it": [chunk({"content": one, "reasoning": "r"}) for one in "abc"],
    "a role in each": [chunk({"role": "assistant", "content": one}) for one in "abc"],
    "two choices": [
        {"id": "c", "choices": [{"index": at, "delta": {"content": one}} for at in (0, 1)]}
        for one in "abc"
    ],
    "the other choice": [
        {"id": "c", "choices": [{"index": 1, "delta": {"content": one}}]} for one in "abc"
    ],
    "usage in each": [text(one, usage={"prompt_tokens": 1}) for one in "abc"],
    "a finish reason in each": [chunk({"content": one}, "stop") for one in "abc"],
    "padding": [padded("a", "xyz"), padded("b", "1"), padded("c", "k" * 20)],
    "padding that ends": [padded("a", "xyz"), text("b"), padded("c", "x"), padded("d", "y")],
    "padding in the text": [padded(',"obfuscation":"x"}', "abc"), padded("b", "a")],
    "padding that is empty or odd": [padded("a", "x"), padded("b", ""), padded("c", "-_")],
    "much text": [text("x" * 9000), text("y"), text("z" * 9000), text("w")],
}


@pytest.mark.parametrize("rows", BODIES.values(), ids=BODIES)
def test_a_body_is_the_same(rows: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    data = body(*rows, chunk(finish="stop"), "[DONE]")
    assert in_short(data) == in_full(data, monkeypatch)
    same_however_cut(OpenAIChat().decoder, data)


def test_invalid_utf8_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    data = body(text("a"), text("b"), text("c"), "[DONE]").replace(b'"b"', b'"\xff\xc3"')
    assert in_short(data) == in_full(data, monkeypatch)


@pytest.mark.parametrize(
    "rows",
    [[text(f"w{at}") for at in range(500)], [padded("a", "x" * (at % 9 + 1)) for at in range(500)]],
    ids=["plain", "padded"],
)
def test_few_chunks_are_parsed_in_full(rows: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[bytes] = []

    def counted(data: bytes, *others: Any) -> dict[str, Any]:
        read.append(data)
        return parse_json_object(data, *others)

    monkeypatch.setattr("nbstream.protocols.openai_chat.decoder.parse_json_object", counted)
    _, message, _ = in_short(body(chunk({"role": "assistant"}), *rows, chunk(finish="stop")))
    assert len(message.text) >= 500
    assert len(read) < 5


def test_it_gives_up_if_chunks_never_repeat(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[bytes] = []
    monkeypatch.setattr(
        "nbstream.protocols.openai_chat.repeat_chunk._with_text",
        lambda row, _: looked.append(row),
    )
    in_short(body(*(text("a", created=at) for at in range(500)), "[DONE]"))
    assert len(looked) < 20
