"""Chat Completions: errors, truncated and damaged streams."""

from collections.abc import Iterator
from typing import Any

import pytest

from nbstream.core.log import Log
from nbstream.errors import IncompleteResponseError, ProtocolError, ProviderError, StreamError
from nbstream.protocols.openai_chat import OpenAIChat
from tests.cuts import ways
from tests.protocols.openai_chat_wire import USAGE, body, chunk


def test_a_body_cut_after_any_event_is_incomplete_and_keeps_the_message() -> None:
    rows = [chunk({"content": f"{n} "}) for n in range(5)]
    for count in range(6):
        log, decoder = Log(), OpenAIChat().decoder()
        log.extend(decoder.feed(body(*rows[:count])))
        with pytest.raises(IncompleteResponseError):
            log.extend(decoder.close())
        assert log.message().text == "".join(f"{n} " for n in range(count))


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ({"error": {"message": "overloaded"}}, ProviderError),
        ({"error": "overloaded"}, ProviderError),
        ("{broken", ProtocolError),
        ("[1]", ProtocolError),
    ],
)
def test_an_error_in_the_stream_keeps_the_message(row: Any, error: type[StreamError]) -> None:
    log, decoder = Log(), OpenAIChat().decoder()
    with pytest.raises(error):
        log.extend(decoder.feed(body(chunk({"content": "kept"}), row, chunk({"content": "no"}))))
    assert log.message().text == "kept"


@pytest.mark.parametrize(
    "fault",
    [
        b'event: error\ndata: {"error": {"message": "broke", "code": "x"}}\n\n',
        b'event: error\ndata: {"message": "broke"}\n\n',
        b'data: {"object": "error", "message": "broke", "code": 400}\n\n',
        b'data: {"id": "c1", "error": {"message": "broke"}, "choices": []}\n\n',
        b'error: {"detail": "broke", "error": {"message": "broke"}}\n\n',
    ],
)
def test_an_error_has_the_providers_words(fault: bytes) -> None:
    data = body(chunk({"content": "kept"})) + fault + b"data: [DONE]\n\n"
    for way, chunks in ways(data):
        log, decoder = Log(), OpenAIChat().decoder()
        with pytest.raises(ProviderError, match="broke"):
            log.extend(event for piece in chunks for event in decoder.feed(piece))
        assert log.message().text == "kept", way


def test_content_beside_an_error_is_kept() -> None:
    log, decoder = Log(), OpenAIChat().decoder()
    with pytest.raises(ProviderError):
        log.extend(decoder.feed(body(chunk({"content": "kept"}, error={"message": "x"}))))
    assert log.message().text == "kept"


def test_invalid_characters_are_replaced() -> None:
    rows = body(chunk({"content": "a\u2028\u0085b"}))
    rows += b'data: {"choices": [{"delta": {"content": "\xff\\ud83d"}}]}\n\n'
    log, decoder = Log(), OpenAIChat().decoder()
    log.extend(decoder.feed(b"\xef\xbb\xbf" + rows + body("[DONE]")))
    text = log.message().text
    assert text.startswith("a\u2028\u0085b\ufffd")
    assert text.encode()


WRONG: list[Any] = [None, 0, 1, -1, 1.5, True, "", "x", [], [1], [[]], ["x"], {}, {"x": 1}, [{}]]


def wrong_everywhere(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a JSON value."""
    yield path
    rows: Any = ()
    if isinstance(value, (dict, list)):
        rows = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in rows:
        yield from wrong_everywhere(inner, (*path, key))


def replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = replaced(value[path[0]], path[1:], new)
    return copy


EVERYTHING = chunk(
    {
        "role": "assistant",
        "reasoning": "r",
        "reasoning_details": [{"type": "reasoning.text", "text": "t", "signature": "s", "id": "i"}],
        "content": [{"type": "thinking", "thinking": [{"text": "t"}], "signature": "s"}],
        "refusal": "no",
        "audio": {"id": "a", "data": "QUJD", "transcript": "t"},
        "images": [{"image_url": {"url": "data:image/png;base64,QUJD"}}],
        "annotations": [{"type": "url_citation", "url_citation": {"url": "u", "start_index": 0}}],
        "executed_tools": [{"index": 0, "type": "s", "arguments": "{}", "output": "o"}],
        "tool_calls": [{"index": 0, "id": "a", "function": {"name": "f", "arguments": "{}"}}],
        "function_call": {"name": "f", "arguments": "{}"},
    },
    "stop",
    usage=USAGE,
    x_groq={"usage": USAGE},
    citations=["u"],
    search_results=[{"url": "u", "title": "t"}],
    error=None,
)
EVERYTHING["choices"][0]["logprobs"] = {"content": [{"token": "t"}]}


def test_wrong_types_raise_only_our_own_errors() -> None:
    for path in wrong_everywhere(EVERYTHING):
        for new in WRONG:
            log, decoder = Log(), OpenAIChat().decoder()
            try:
                log.extend(decoder.feed(body(replaced(EVERYTHING, path, new), EVERYTHING)))
                log.extend(decoder.close())
            except StreamError:
                continue
            assert log.message().finish_reason is not None
