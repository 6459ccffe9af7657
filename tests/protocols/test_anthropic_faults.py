"""Messages API: errors, truncated and damaged streams."""

import json
from typing import Any

import pytest

from nbstream.core.log import Log
from nbstream.errors import (
    AuthenticationError,
    OverloadedError,
    ProtocolError,
    ProviderError,
    RateLimitError,
    StreamError,
)
from nbstream.protocols.anthropic import Anthropic
from tests.protocols.anthropic_wire import FULL, end, sse, start, text
from tests.protocols.any_decoder import (
    decode,
    incomplete_when_cut,
    same_however_cut,
    survives_mutation,
)

make = Anthropic().decoder


def test_events_are_the_same_however_the_body_is_cut() -> None:
    same_however_cut(make, sse(*FULL))


def test_a_stream_cut_after_any_event_is_incomplete() -> None:
    incomplete_when_cut(make, sse(*FULL))


def test_a_stream_cut_inside_an_event_is_incomplete_and_keeps_the_message() -> None:
    body = sse(*FULL)
    _, whole, _ = decode(make, [body])
    stop = body.index(b"\n\n", body.index(b"stop_reason", body.index(b"message_delta")))
    for cut in range(stop - 1):
        _, message, failure = decode(make, [body[:cut]])
        assert failure == "IncompleteResponseError", body[:cut][-80:]
        assert "I look it up.".startswith(message.text)
    for cut in range(stop, len(body)):  # only message_stop is missing
        assert decode(make, [body[:cut]])[1:] == (whole, "")


def test_damaged_bytes_raise_only_our_own_errors() -> None:
    survives_mutation(make, sse(*FULL), seed=1, rounds=300)


WRONG: list[Any] = [None, True, 3, -1, 1.5, "x", [], ["x"], {}, {"type": []}, {"type": {"a": 1}}]


def test_wrong_types_raise_only_our_own_errors() -> None:
    """Replaces every value of every row by each type of JSON value."""
    for number, row in enumerate(FULL):
        assert isinstance(row, dict)
        for broken in _spoilt(row):
            rows = [*FULL[:number], broken, *FULL[number + 1 :]]
            bodies = b"".join(b"data: " + json.dumps(one).encode() + b"\n\n" for one in rows)
            _, message, _ = decode(make, [bodies])
            Anthropic().request("m", [message], {})


def _spoilt(value: Any) -> list[Any]:
    rows = list(WRONG)
    if isinstance(value, dict):
        for key, one in value.items():
            rows += [{**value, key: spoilt} for spoilt in _spoilt(one)]
            rows.append({name: other for name, other in value.items() if name != key})
    return rows


# Errors


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("overloaded_error", OverloadedError),
        ("rate_limit_error", RateLimitError),
        ("authentication_error", AuthenticationError),
        ("api_error", ProviderError),
        ("something_new", ProviderError),
    ],
)
def test_an_error_in_the_stream_keeps_the_message(kind: str, error: type[StreamError]) -> None:
    row = {"type": "error", "error": {"type": kind, "message": "Too much."}, "request_id": "req_1"}
    log, decoder = Log(), make()
    with pytest.raises(error, match=r"Too much\.") as raised:
        log.extend(decoder.feed(sse(start(), *text(0, "kept"), row, *text(1, "no"))))
    assert isinstance(raised.value, ProviderError)
    assert raised.value.request_id == "req_1"
    assert log.message().text == "kept"


@pytest.mark.parametrize(
    "row",
    [
        'event: error\ndata: {"error": {"message": "Down."}}\n\n',
        "event: error\ndata: Down.\n\n",
        'data: {"error": "Down."}\n\n',
        'data: {"type": "error", "error": "Down."}\n\n',
        'event: error\ndata: {"message": "Down."}\n\n',
    ],
)
def test_errors_in_other_formats(row: str) -> None:
    with pytest.raises(ProviderError, match=r"Down\."):
        list(make().feed(sse(start(), row)))


@pytest.mark.parametrize("row", ["data: {broken\n\n", "data: [1]\n\n", "data: " + "[" * 9999])
def test_invalid_json_is_a_protocol_error(row: str) -> None:
    with pytest.raises(ProtocolError):
        list(make().feed(sse(start(), row + "\n\n")))


# Bytes


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\u0085", "\x0b", "\x1c", "𝄞"])
def test_unicode_line_separators_do_not_end_a_line(sign: str) -> None:
    body = sse(start(), *text(0, f"a{sign}b"), *end())
    same_however_cut(make, body)
    assert decode(make, [body])[1].text == f"a{sign}b"


def test_a_byte_order_mark_and_other_line_ends() -> None:
    plain = decode(make, [sse(*FULL)])
    body = b"\xef\xbb\xbf\n\n: hello\n\n" + sse(*FULL)
    assert decode(make, [body]) == plain
    assert decode(make, [body.replace(b"\n", b"\r\n")]) == plain
    assert decode(make, [body.rstrip(b"\n")]) == plain


def test_invalid_utf8_is_replaced() -> None:
    body = sse(start(), *text(0, "a?b"), *end()).replace(b"?", b"\xff")
    assert decode(make, [body])[1].text == "a\ufffdb"


def test_an_unpaired_surrogate_is_replaced() -> None:
    body = sse(start(), *text(0, "a?b"), *end()).replace(b"?", b"\\ud83d")
    assert decode(make, [body])[1].text == "a\ufffdb"


def test_data_on_several_lines_is_one_event() -> None:
    body = sse(start(), *text(0, "a"), *end()).replace(b', "delta"', b',\ndata: "delta"')
    assert decode(make, [body]) == decode(make, [sse(start(), *text(0, "a"), *end())])


def test_data_may_come_before_the_event_name_or_without_one() -> None:
    plain = decode(make, [sse(*FULL)])
    rows = [(row["type"], json.dumps(row)) for row in FULL if isinstance(row, dict)]
    swapped = "".join(f"data: {data}\nevent: {kind}\n\n" for kind, data in rows)
    unnamed = "".join(f"data:{data}\n\n" for _, data in rows)
    assert decode(make, [swapped.encode()]) == plain
    assert decode(make, [unnamed.encode()]) == plain


def test_the_event_name_replaces_a_missing_type() -> None:
    rows = [row for row in FULL if isinstance(row, dict)]
    untyped = [(row["type"], {k: v for k, v in row.items() if k != "type"}) for row in rows]
    body = "".join(f"event: {kind}\ndata: {json.dumps(row)}\n\n" for kind, row in untyped)
    assert decode(make, [body.encode()]) == decode(make, [sse(*FULL)])
