"""The bytes of a response decide what it is: any label, any compression, any size."""

import asyncio
import base64
import gzip
import json
import threading
import time
import zlib
from collections.abc import Callable
from typing import Any

import pytest

import nbstream
from nbstream import errors
from nbstream.streams.loop import private_loop
from nbstream.transport.failures import Limit
from tests.harness.patience import HANG
from tests.harness.raw_server import STALL, RawServer, Steps, head
from tests.transport.test_clocks import AT, BEGUN, ITEM, RESPONSE, ask, chat, events, gemini

LABELS = [None, "application/json", "text/plain", "application/octet-stream", "text/html"]

DONE = {"type": "output_text", "text": "Hello", "annotations": []}
MESSAGE = {**ITEM, "status": "completed", "content": [DONE]}
WHOLE: dict[str, Any] = {
    "openai-chat": {"id": "c", "choices": [{"message": {"content": "Hello"}}]},
    "anthropic": {
        "type": "message",
        "role": "assistant",
        "content": [{"type": "text", "text": "Hello"}],
        "stop_reason": "end_turn",
    },
    "openai": {**RESPONSE, "status": "completed", "output": [MESSAGE]},
    "google": gemini("Hello"),
}
WHOLE["openai-chat"]["choices"][0]["finish_reason"] = "stop"
WHOLE["google"]["candidates"][0]["finishReason"] = "STOP"
ENDS = {
    "openai-chat": events(chat("lo", "stop")),
    "anthropic": events(
        {
            "type": "content_block_delta",
            "index": 0,
            "delta": {"type": "text_delta", "text": "lo"},
        },
        {"type": "message_stop"},
    ),
    "openai": events(
        {"type": "response.output_text.delta", **AT, "delta": "lo"},
        {"type": "response.completed", "response": WHOLE["openai"]},
    ),
    "google": events({"candidates": [{**gemini("lo")["candidates"][0], "finishReason": "STOP"}]}),
}
PROVIDERS = list(WHOLE)


def serve(*steps: object) -> RawServer:
    """A server that answers each request with these steps."""
    return RawServer(lambda _: steps)


def is_live(provider: str, label: str | None, first: bytes, rest: bytes) -> bool:
    """Whether the text of `first` is read before `rest` is sent, which then ends the answer."""
    seen = threading.Event()

    def script(_: int) -> Steps:
        yield head(label) + first
        seen.wait(HANG)
        yield rest

    with RawServer(script) as server:
        stream = ask(server, provider)
        texts = stream.text_stream
        was_live = next(texts) == "Hel" and not stream.is_complete
        seen.set()
        return was_live and stream.get_final_text() == "Hello"


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("provider", PROVIDERS)
def test_events_are_live_whatever_the_label(provider: str, label: str | None) -> None:
    assert is_live(provider, label, BEGUN[provider], ENDS[provider])


@pytest.mark.parametrize("label", [*LABELS, "text/event-stream"])
def test_geminis_array_is_live_whatever_the_label(label: str | None) -> None:
    first, last = (json.loads(one["google"][6:]) for one in (BEGUN, ENDS))
    array = json.dumps([first, last], indent=2).encode()
    at = array.index(b"lo") - 60
    assert is_live("google", label, array[:at], array[at:])


def test_objects_in_lines_are_live() -> None:
    first, last = (json.dumps(row).encode() + b"\n" for row in (chat("Hel"), chat("lo", "stop")))
    assert is_live("openai-chat", "application/x-ndjson", first, last)


@pytest.mark.parametrize("label", [*LABELS, "text/event-stream"])
@pytest.mark.parametrize("provider", PROVIDERS)
def test_json_is_a_whole_message_whatever_the_label(provider: str, label: str | None) -> None:
    for body in (WHOLE[provider], [WHOLE[provider]]):
        text = b"\xef\xbb\xbf\r\n " + json.dumps(body, indent=1).encode()
        with serve(head(label), text) as server:
            stream = ask(server, provider)
            assert stream.get_final_text() == "Hello"
            assert stream.finish_reason == "stop"


@pytest.mark.parametrize("label", ["text/event-stream", "application/json", None])
@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_json_error_with_status_200(provider: str, label: str | None) -> None:
    row = {"error": {"message": "no such model", "code": 404, "type": "not_found_error"}}
    for body in (row, [row]):
        text = json.dumps(body).encode()
        with (
            serve(head(label), text) as server,
            pytest.raises(errors.NotFoundError, match="no such model"),
        ):
            ask(server, provider).get_final_text()


PAGE = b"<!DOCTYPE html>\n<html><head><title>Sign in to\n Caf&eacute; WiFi</title></head>..."


@pytest.mark.parametrize("label", [*LABELS, "text/event-stream"])
@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_web_page_is_named_whatever_the_label(provider: str, label: str | None) -> None:
    with RawServer(lambda _: [head(label), PAGE[:1], 0.05, PAGE[1:]]) as server:
        with pytest.raises(errors.ProtocolError, match=r"web page.*Sign in to Café WiFi") as caught:
            ask(server, provider, retries=2).get_final_text()
        assert "sign in" in str(caught.value.remedy)
        assert len(server.requests) == 1


@pytest.mark.parametrize("rest", [[STALL], [b"<p>" * 1_000_000, STALL]], ids=["stalls", "endless"])
def test_a_web_page_without_end_is_named_too(rest: Steps) -> None:
    with (
        RawServer(lambda _: [head("text/html"), PAGE, *rest]) as server,
        pytest.raises(errors.ProtocolError, match="web page"),
    ):
        ask(server).get_final_text()


@pytest.mark.parametrize("provider", PROVIDERS)
def test_anything_else_is_shown(provider: str) -> None:
    with (
        RawServer(lambda _: [head("text/plain"), b"upstream is down\n"]) as server,
        pytest.raises(errors.ProtocolError, match="upstream is down"),
    ):
        ask(server, provider).get_final_text()


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("body", [b"", b"\n\n", b"da", b'{"id": "c", "cho', b": ping\n\n"])
def test_a_body_that_broke_off_is_incomplete(provider: str, body: bytes) -> None:
    with (
        RawServer(lambda _: [head("application/json"), body]) as server,
        pytest.raises(errors.IncompleteResponseError),
    ):
        ask(server, provider).get_final_text()


NO_LIMITS = dict.fromkeys(("first_byte", "between", "first_event", "between_events", "total"), None)


@pytest.mark.parametrize("rest", [STALL, b": ping\n\n"], ids=["silent", "kept open"])
@pytest.mark.parametrize("provider", ["openai-chat", "anthropic", "openai"])
def test_a_whole_answer_does_not_wait_for_the_end_of_its_body(
    provider: str, rest: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nbstream.transport.clocks._LINGER", 0.2)

    def script(_: int) -> Steps:
        yield head() + BEGUN[provider] + ENDS[provider] + b"data: [DONE]\n\n"
        while True:
            yield rest
            yield 0.02

    with RawServer(script) as server:
        stream = ask(server, provider, timeout=nbstream.Timeouts(**NO_LIMITS))
        assert stream.wait(HANG)
        assert stream.get_final_text() == "Hello"
        assert server.gone.wait(HANG)


# Errors.


@pytest.mark.parametrize(
    "rest",
    [[STALL], [b" " * 3_000_000, STALL], [b"x"]],
    ids=["stalls", "endless", "not JSON"],
)
def test_an_error_is_told_though_its_body_does_not_end(
    rest: Steps, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nbstream.transport.streamed.ERROR_BODY", Limit(1 << 20, 0.3))
    body = b'{"error": {"message": "Too many requests"}}'
    with (
        RawServer(lambda _: [head("application/json", 429), body, *rest]) as server,
        pytest.raises(errors.RateLimitError),
    ):
        ask(server).get_final_text()


# Compression.

COMPRESSED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "raw deflate": lambda data: zlib.compress(data, wbits=-15),
    "two members": lambda data: gzip.compress(data[:30]) + gzip.compress(data[30:]),
    "plain": lambda data: data,
}


@pytest.mark.parametrize(
    ("how", "label"),
    [
        ("gzip", "gzip"),
        ("gzip", "GZIP"),
        ("gzip", None),
        ("gzip", "deflate"),
        ("gzip", "br"),
        ("two members", "gzip"),
        ("deflate", "deflate"),
        ("raw deflate", "deflate"),
        ("plain", "gzip"),
        ("plain", "deflate"),
        ("plain", "br"),
        ("plain", "identity"),
        ("plain", "utf-8"),
    ],
)
@pytest.mark.parametrize("provider", PROVIDERS)
def test_compression_is_told_by_the_bytes(provider: str, how: str, label: str | None) -> None:
    body = COMPRESSED[how](BEGUN[provider] + ENDS[provider])
    start = head() if label is None else head(content_encoding=label)
    with RawServer(lambda _: [start, body[:1], 0.02, body[1:]]) as server:
        assert ask(server, provider).get_final_text() == "Hello"


def test_a_compressed_stream_is_live() -> None:
    packer = zlib.compressobj(wbits=31)
    first = packer.compress(BEGUN["openai-chat"]) + packer.flush(zlib.Z_SYNC_FLUSH)
    rest = packer.compress(ENDS["openai-chat"]) + packer.flush()
    start = b"Content-Encoding: gzip\r\n\r\n"
    assert is_live("openai-chat", "text/event-stream\r\n" + start.decode()[:-4], first, rest)


def test_an_encoding_that_was_not_asked_for_is_named() -> None:
    body = b"\x8b\x10\x00\x80\x03"
    with RawServer(lambda _: [head(content_encoding="br"), body]) as server:
        with pytest.raises(errors.ProtocolError, match="compressed its answer as br"):
            ask(server).get_final_text()
        assert b"accept-encoding: gzip, deflate\r\n" in server.requests[0].lower()


def test_damaged_compression_is_named() -> None:
    body = gzip.compress(BEGUN["openai-chat"] * 100)[:50] + bytes(100)
    with (
        RawServer(lambda _: [head(content_encoding="gzip"), body]) as server,
        pytest.raises(errors.ProtocolError, match="damaged"),
    ):
        ask(server).get_final_text()


def test_a_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nbstream.request.reading.MAX_BYTES", 32 << 20)
    bomb = gzip.compress(b'{"a": "' + bytes(64 << 20))
    assert len(bomb) < 100_000
    start = head("application/json", content_encoding="gzip")
    with (
        RawServer(lambda _: [start, bomb, STALL]) as server,
        pytest.raises(errors.ProviderError, match="32 MB"),
    ):
        ask(server).get_final_text()


# Size.


class Beats:
    """Counts how often the loop of all streams runs, and the longest time that it did not."""

    def __init__(self) -> None:
        self.longest, self._on = 0.0, True
        asyncio.run_coroutine_threadsafe(self._beat(), private_loop())

    async def _beat(self) -> None:
        while self._on:
            began = time.perf_counter()
            await asyncio.sleep(0.001)
            self.longest = max(self.longest, time.perf_counter() - began)

    def stop(self) -> float:
        self._on = False
        return self.longest


def image(size: int) -> dict[str, Any]:
    data = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(size)).decode()
    part = {"inlineData": {"mimeType": "image/png", "data": data}}
    return {"candidates": [{"content": {"parts": [part]}, "finishReason": "STOP"}]}


@pytest.mark.parametrize("label", ["text/event-stream", "application/json"])
@pytest.mark.parametrize("form", ["events", "array", "object"])
def test_a_large_image_comes_whole_and_in_linear_time(form: str, label: str) -> None:
    size = 15_000_000
    row = image(size)
    forms = {"events": events(row), "array": json.dumps([row]).encode()}
    body = forms.get(form, json.dumps(row).encode())
    with RawServer(lambda _: [head(label), body]) as server:
        beats = Beats()
        stream = ask(server, "google")
        stream.until_done()
        longest = beats.stop()
        assert len(stream.files[0].data or b"") == size + 8
        # Before, the loop stood still for seconds; a busy machine makes tenths.
        assert longest < 2.5
