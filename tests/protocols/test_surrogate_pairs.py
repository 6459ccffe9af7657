"""Characters that a server sends in two halves, on every wire, and halves that stay alone."""

import json
from typing import Any

import pytest

import nbstream
from nbstream.core.events import PartDelta
from nbstream.core.log import Log
from nbstream.messages import message_to_json
from nbstream.recorded_body import protocol_named
from tests.protocols.any_decoder import same_however_cut
from tests.protocols.any_wire import KINDS, PROTOCOLS, answer, read, sse, value_of

HIGH, LOW, BOTH = "\ud83d", "\ude00", "\U0001f600"

CASES: dict[str, tuple[list[str], str]] = {
    "two halves": ([f"hi {HIGH}", f"{LOW} bye"], f"hi {BOTH} bye"),
    "halves alone in their pieces": (["hi ", HIGH, LOW, " bye"], f"hi {BOTH} bye"),
    "several": ([f"a{HIGH}", f"{LOW}{HIGH}", f"{LOW}{HIGH}", f"{LOW}b"], f"a{BOTH * 3}b"),
    "a first half alone": ([f"a{HIGH}", "b", "c"], "a\ufffdbc"),
    "a second half alone": (["a", f"{LOW}b", "c"], "a\ufffdbc"),
    "in the wrong order": ([f"a{LOW}", f"{HIGH}b"], "a\ufffd\ufffdb"),
    "two first halves": ([f"a{HIGH}", f"{HIGH}", f"{LOW}b"], f"a\ufffd{BOTH}b"),
    "in the middle": ([f"a{HIGH}b{LOW}c", "d"], "a\ufffdb\ufffdcd"),
    "at the end": (["a", f"b{HIGH}"], "ab\ufffd"),
    "whole, then half": ([f"a{BOTH}{HIGH}", f"{LOW}b"], f"a{BOTH}{BOTH}b"),
}


def quoted(kind: str, pieces: list[str]) -> list[str]:
    """The pieces as pieces of a JSON text, if they are arguments."""
    return [*('{"x": "',), *pieces, '"}'] if kind == "arguments" else pieces


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("pieces", "right"), CASES.values(), ids=CASES)
def test_halves_in_two_deltas(protocol: str, kind: str, pieces: list[str], right: str) -> None:
    right = "".join(quoted(kind, [right]))
    body = sse(answer(protocol, kind, quoted(kind, pieces)))
    events, message, failure = read(protocol, body)
    assert not failure
    assert value_of(message, kind) == right
    deltas = [event for event in events if isinstance(event, PartDelta)]
    assert "".join(event.chunk for event in deltas) == right
    assert all(event.chunk.encode() for event in deltas)
    repr(events).encode()
    message_to_json(message).encode()
    if kind == "arguments":
        assert message.tool_calls[0].args == json.loads(right)
    same_however_cut(protocol_named(protocol).decoder, body)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_half_at_the_cut_is_told_once(protocol: str) -> None:
    rows = answer(protocol, "text", ["hi", HIGH])
    last = max(at for at, row in enumerate(rows) if r"\ud83d" in json.dumps(row))
    _, message, failure = read(protocol, rows[: last + 1])
    assert (message.text, failure) == ("hi\ufffd", "IncompleteResponseError")


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_before_a_half_arrives_at_once(protocol: str, kind: str) -> None:
    rows = answer(protocol, kind, [f"before{HIGH}", "after"])
    at = next(at for at, row in enumerate(rows) if "before" in json.dumps(row))
    log, decoder = Log(), protocol_named(protocol).decoder()
    log.extend(decoder.feed(sse(rows[: at + 1])))
    assert value_of(log.message(), kind) == "before"


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_halves_as_bytes(protocol: str) -> None:
    """Some servers encode each half of its own, which is no UTF-8."""
    body = sse(answer(protocol, "text", [f"hi {HIGH}", f"{LOW} bye"]))
    raw = body.replace(rb"\ud83d", HIGH.encode("utf-8", "surrogatepass"))
    raw = raw.replace(rb"\ude00", LOW.encode("utf-8", "surrogatepass"))
    assert raw != body
    assert read(protocol, raw)[1].text == f"hi {BOTH} bye"


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_halves_in_metadata_harm_nothing(protocol: str) -> None:
    rows: list[Any] = answer(protocol, "text", [f"hi {HIGH}", f"{LOW} bye"])
    rows = [{**row, "x_new": {"a": [f"b{HIGH}"]}, f"k{LOW}": 1} for row in rows]
    _, message, failure = read(protocol, rows)
    assert (message.text, failure) == (f"hi {BOTH} bye", "")
    message_to_json(message).encode()
    str(message).encode()


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(
    ("pieces", "right"),
    [
        ([r'{"x": "\ud83d', r'\ude00"}'], BOTH),
        ([r'{"x": "\ud8', r"3d\ude", r'00"}'], BOTH),
        ([r'{"x": "\ud83d', r' and"}'], "\ufffd and"),
        ([r'{"x": "\ude00', r'\\ud83d"}'], "\ufffd\\ud83d"),
    ],
)
def test_escapes_within_the_arguments(protocol: str, pieces: list[str], right: str) -> None:
    events, message, _ = read(protocol, answer(protocol, "arguments", pieces))
    (call,) = message.tool_calls
    assert call.args == call.input == {"x": right}
    assert [event for event in events if isinstance(event, PartDelta)][-1].args == {"x": right}  # type: ignore[attr-defined]


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("pieces", [[HIGH, LOW], [r"\ud83d", r"\ude00"]])
def test_typed_output(protocol: str, pieces: list[str]) -> None:
    body = sse(answer(protocol, "text", ['{"x": "a', *pieces, '"}']))
    stream = nbstream.replay(body, protocol, output_type=dict[str, str])
    assert list(stream.stream_output())[-1] == stream.get_output() == {"x": f"a{BOTH}"}


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("half", [HIGH, r"\ud83d"])
def test_typed_output_with_a_single_half(protocol: str, half: str) -> None:
    body = sse(answer(protocol, "text", ['{"x": "a', half, 'b"}']))
    stream = nbstream.replay(body, protocol, output_type=dict[str, str])
    assert list(stream.stream_output())[-1] == stream.get_output() == {"x": "a\ufffdb"}


def test_citations_and_signatures_of_gemini_keep_their_places() -> None:
    def part(text: str, **more: Any) -> Any:
        return {"candidates": [{"content": {"parts": [{"text": text, **more}]}}]}

    rows = [part(f"a{HIGH}"), part(f"{LOW}b"), part("cd", thoughtSignature="s")]
    _, message, _ = read("gemini", [*rows, {"candidates": [{"finishReason": "STOP"}]}])
    (text,) = message.parts
    assert text.provider_metadata["gemini"]["signed"] == [[3, 5, {"thoughtSignature": "s"}]]
