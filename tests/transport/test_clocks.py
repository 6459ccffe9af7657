"""Time limits against a real server: which one ends an answer, and what never does."""

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

import nbstream
from nbstream import errors
from nbstream.core.events import Retry, TextDelta
from nbstream.streams.loop import private_loop
from nbstream.transport.clocks import Clock
from tests.harness.background import run_async
from tests.harness.patience import HANG
from tests.harness.raw_server import STALL, RawServer, Steps, head


def events(*rows: dict[str, Any]) -> bytes:
    named = [(f"event: {row['type']}\n" if "type" in row else "") for row in rows]
    lines = [f"data: {json.dumps(row)}\n\n" for row in rows]
    return "".join(a + b for a, b in zip(named, lines, strict=True)).encode()


def chat(text: str, finish: str | None = None) -> dict[str, Any]:
    return {"id": "c", "choices": [{"delta": {"content": text}, "finish_reason": finish}]}


def block(**delta: Any) -> dict[str, Any]:
    return {"type": "content_block_delta", "index": 0, "delta": delta}


def gemini(text: str) -> dict[str, Any]:
    return {"candidates": [{"content": {"parts": [{"text": text}] if text else []}}]}


RESPONSE = {"id": "r", "object": "response", "status": "in_progress", "output": []}
ITEM = {"type": "message", "id": "m", "role": "assistant", "content": []}
START = {"type": "message_start", "message": {"id": "m", "role": "assistant", "content": []}}
OPEN = {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
AT = {"output_index": 0, "item_id": "m", "content_index": 0}
PART = {"type": "output_text", "text": "", "annotations": []}

# What begins an answer with the text "Hel", and what each protocol sends to keep it open.
BEGUN = {
    "openai-chat": events(chat("Hel")),
    "anthropic": events(START, OPEN, block(type="text_delta", text="Hel")),
    "openai": events(
        {"type": "response.created", "response": RESPONSE},
        {"type": "response.output_item.added", "output_index": 0, "item": ITEM},
        {"type": "response.content_part.added", **AT, "part": PART},
        {"type": "response.output_text.delta", **AT, "delta": "Hel"},
    ),
    "google": events(gemini("Hel")),
}
KEPT_OPEN = {
    "openai-chat": [b": ping\n\n", events(chat("")), events({"id": "c", "choices": []})],
    "anthropic": [
        b": ping\n\n",
        events({"type": "ping"}),
        events(block(type="text_delta", text="")),
    ],
    "openai": [
        b":\n\n",
        events({"type": "response.in_progress", "response": RESPONSE}),
        events({"type": "response.queued", "response": RESPONSE}),
        events({"type": "keepalive"}),
    ],
    "google": [b": ping\n\n", b"\r\n", events(gemini(""))],
}
CASES = [(name, number) for name, kept in KEPT_OPEN.items() for number in range(len(kept))]


def ask(server: RawServer, provider: str = "openai-chat", **settings: Any) -> nbstream.Stream:
    url = server.url if provider in ("anthropic", "google") else f"{server.url}/v1"
    settings = {"retries": 0, **settings}
    return nbstream.stream(f"{provider}/m", "hi", base_url=url, api_key="k", **settings)


def kept_open(start: bytes, piece: bytes) -> Iterator[bytes | float]:
    yield head() + start
    while True:
        yield piece
        yield 0.02


def expired(stream: nbstream.Stream) -> errors.ResponseTimeoutError:
    assert stream.wait(HANG), "no limit ended it"
    assert isinstance(stream.error, errors.ResponseTimeoutError), stream.error
    return stream.error


@pytest.mark.parametrize(("provider", "number"), CASES)
def test_keep_alives_do_not_begin_an_answer(provider: str, number: int) -> None:
    with RawServer(lambda _: kept_open(b"", KEPT_OPEN[provider][number])) as server:
        error = expired(ask(server, provider, timeout=nbstream.Timeouts(first_event=1)))
        assert error.limit == "first_event"
        assert "first_event=" in str(error)
        assert server.gone.wait(HANG), "the connection was not closed"


@pytest.mark.parametrize(("provider", "number"), CASES)
def test_keep_alives_do_not_continue_an_answer(provider: str, number: int) -> None:
    start, piece = BEGUN[provider], KEPT_OPEN[provider][number]
    with RawServer(lambda _: kept_open(start, piece)) as server:
        error = expired(
            stream := ask(server, provider, timeout=nbstream.Timeouts(between_events=0.3))
        )
        assert error.limit == "between_events"
        assert "0.3 s" in error.text
        assert stream.text == "Hel"
        assert error.message is not None
        assert error.message.text == "Hel"


@pytest.mark.parametrize("start", [b"", BEGUN["openai-chat"]], ids=["before", "within"])
def test_a_number_as_timeout_ends_keep_alives_too(start: bytes) -> None:
    with RawServer(lambda _: kept_open(start, b": ping\n\n")) as server:
        expired(ask(server, timeout=0.3))


@pytest.mark.parametrize(
    ("steps", "timeouts", "limit"),
    [
        ([STALL], {"first_byte": 0.2}, "first_byte"),
        ([head(), STALL], {"first_byte": 0.2}, "first_byte"),
        ([head(), b": ping\n\n", STALL], {"between": 0.2}, "between"),
        ([head() + BEGUN["openai-chat"], STALL], {"between": 0.2}, "between"),
        ([STALL], {"first_event": 0.2}, "first_event"),
        ([STALL], {"total": 0.2}, "total"),
        ([head("application/json"), b'{"id": "c", "ch', STALL], {"between": 0.2}, "between"),
        ([head("application/json"), b'{"id": "c", "ch', STALL], {"total": 0.2}, "total"),
        ([head("application/json"), b'{"id": ', STALL], {"between_events": 0.2}, "between_events"),
    ],
)
def test_silence_ends_with_the_limit_that_it_passed(
    steps: Steps, timeouts: dict[str, float], limit: str
) -> None:
    with RawServer(lambda _: steps) as server:
        error = expired(ask(server, timeout=nbstream.Timeouts(**timeouts), retries=2))
        assert error.limit == limit
        assert f"Timeouts({limit}=" in str(error)
        assert len(server.requests) < 2, "a model that thinks long is not asked twice"


def test_blanks_do_not_continue_a_json_body() -> None:
    start = head("application/json") + b'{"id": '
    with RawServer(lambda _: kept_open(b"", start + b" ")) as server:
        limits = nbstream.Timeouts(first_event=0.5, between_events=0.5)
        assert expired(ask(server, timeout=limits)).limit in ("first_event", "between_events")


def test_a_json_body_that_goes_on_is_waited_for() -> None:
    body = json.dumps({"id": "c", "choices": [{"message": {"content": "Hello"}}]}).encode()

    def script(_: int) -> Steps:
        yield head("application/json")
        for at in range(0, len(body), 8):
            yield body[at : at + 8]
            yield 0.05
        yield events(chat("", "stop"))[6:]

    with RawServer(script) as server:
        assert ask(server, timeout=5).get_final_text() == "Hello"


WHOLE = {"id": "c", "choices": [{"message": {"content": "Hello"}, "finish_reason": "stop"}]}


@pytest.mark.parametrize(
    ("body", "piece"),
    [
        (json.dumps(WHOLE).encode(), 8),
        (json.dumps([WHOLE]).encode(), 8),
        (events(chat("Hello" + " " * 9000, "stop")), 600),
    ],
    ids=["object", "array", "event"],
)
def test_an_answer_in_small_pieces_goes_on(body: bytes, piece: int) -> None:
    def script(_: int) -> Steps:
        yield head()
        for at in range(0, len(body), piece):
            yield body[at : at + piece]
            yield 0.2

    with RawServer(script) as server:
        assert ask(server, timeout=2).get_final_text().strip() == "Hello"


def test_objects_without_content_do_not_continue_an_answer() -> None:
    start, piece = (json.dumps(row).encode() + b"\n" for row in (chat("Hel"), chat("")))
    with RawServer(lambda _: kept_open(start, piece)) as server:
        error = expired(ask(server, timeout=nbstream.Timeouts(between_events=0.5)))
        assert error.limit == "between_events"
        assert error.message is not None
        assert error.message.text == "Hel"


def test_the_whole_is_limited_however_lively_it_is() -> None:
    with RawServer(lambda _: kept_open(b"", BEGUN["openai-chat"])) as server:
        error = expired(stream := ask(server, timeout=nbstream.Timeouts(total=2)))
        assert error.limit == "total"
        assert stream.text.startswith("HelHel")


def test_a_part_of_a_large_event_is_no_keep_alive() -> None:
    row = events(chat("x" * 60_000, "stop"))

    def script(_: int) -> Steps:
        yield head()
        for at in range(0, len(row), 5000):
            yield row[at : at + 5000]
            yield 0.25

    with RawServer(script) as server:
        limits = nbstream.Timeouts(first_event=2, between_events=2)
        assert len(ask(server, timeout=limits).get_final_text()) == 60_000


def failing(status: int, **headers: str) -> bytes:
    return head("application/json", status, 2, **headers) + b"{}"


def test_a_retry_that_the_whole_limit_does_not_allow_is_not_waited_for() -> None:
    with RawServer(lambda _: [failing(429, retry_after="20")]) as server:
        stream = ask(server, timeout=nbstream.Timeouts(total=10), retries=2)
        with pytest.raises(errors.RateLimitError) as caught:
            stream.get_final_text()
        assert caught.value.wait == 20
        assert len(server.requests) == 1


def test_the_whole_limit_spans_retries() -> None:
    def script(number: int) -> Steps:
        return [failing(503, retry_after="0")] if number < 2 else [STALL]

    with RawServer(script) as server:
        error = expired(ask(server, timeout=nbstream.Timeouts(total=5), retries=50))
        assert error.limit == "total"
        assert len(server.requests) == 3


def test_each_attempt_has_its_own_first_event() -> None:
    def script(number: int) -> Steps:
        if number == 0:
            return [1.2, failing(503, retry_after="0")]
        return [1.2, head() + BEGUN["openai-chat"] + events(chat("lo", "stop"))]

    with RawServer(script) as server:
        stream = ask(server, timeout=nbstream.Timeouts(first_event=2), retries=1)
        seen = list(stream)
        assert stream.text == "Hello"
        assert sum(isinstance(event, Retry) for event in seen) == 1


def test_a_slow_reader_is_not_the_providers_silence() -> None:
    body = BEGUN["openai-chat"] + events(chat("l"), chat("o", "stop"))
    with RawServer(lambda _: [head() + body]) as server:
        stream = ask(server, timeout=nbstream.Timeouts(between_events=1, total=2))
        pieces = []
        for piece in stream.text_stream:
            time.sleep(1.2)
            pieces.append(piece)
        assert "".join(pieces) == "Hello"


def test_a_slow_handler_is_not_the_providers_silence() -> None:
    sent = threading.Event()

    def script(_: int) -> Steps:
        yield head() + BEGUN["openai-chat"]
        sent.wait(HANG)
        yield events(chat("lo", "stop"))

    with RawServer(script) as server:
        limits = nbstream.Timeouts(between=2, between_events=2, total=3)
        stream = ask(server, timeout=limits)

        def slow(event: TextDelta) -> None:
            if event.chunk == "Hel":
                sent.set()
                time.sleep(4)

        stream.on(TextDelta, slow)
        assert stream.get_final_text() == "Hello"


@pytest.mark.parametrize("blocked_for", [1.2, 2.5])
def test_another_streams_slow_handler_does_not_end_an_answer(blocked_for: float) -> None:
    """Whoever blocks the loop, bytes that arrived meanwhile are read before a limit counts."""
    go, blocked = threading.Event(), threading.Event()

    def script(_: int) -> Steps:
        yield head() + BEGUN["openai-chat"]
        go.wait(HANG)
        yield events(chat("lo", "stop"))
        blocked.set()

    with RawServer(script) as server:
        stream = ask(server, timeout=nbstream.Timeouts(between=1, between_events=1, total=1.5))
        texts = stream.text_stream
        assert next(texts) == "Hel"

        def block() -> None:
            go.set()
            blocked.wait(HANG)
            time.sleep(blocked_for)

        private_loop().call_soon_threadsafe(block)
        assert stream.get_final_text() == "Hello"


def test_async_readers_get_the_same_error() -> None:
    async def read(server: RawServer) -> str:
        stream = ask(server, timeout=nbstream.Timeouts(between_events=0.3))
        with pytest.raises(errors.ResponseTimeoutError) as caught:
            async for _ in stream:
                pass
        assert caught.value.limit == "between_events"
        return stream.text

    with RawServer(lambda _: kept_open(BEGUN["openai-chat"], b": ping\n\n")) as server:
        assert run_async(read(server)) == "Hel"


def test_the_clients_own_limit_names_the_client() -> None:
    async def read(server: RawServer) -> None:
        async with httpx.AsyncClient(timeout=0.5) as client:
            with pytest.raises(errors.ResponseTimeoutError, match="client=") as caught:
                await ask(server, client=client)
            assert "timeout=" in str(caught.value.remedy)

    with RawServer(lambda _: [STALL]) as server:
        run_async(read(server))


def test_headless_runs_have_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NBSTREAM_DISPLAY", "live")
    limits = nbstream.Timeouts()
    assert (limits.first_event, limits.between_events, limits.total) == (None, None, None)
    monkeypatch.setenv("NBSTREAM_DISPLAY", "static")
    limits = nbstream.Timeouts()
    assert (limits.first_event, limits.between_events, limits.total) == (1800.0, 900.0, 7200.0)
    monkeypatch.delenv("NBSTREAM_DISPLAY")
    monkeypatch.setenv("CI", "true")
    assert nbstream.Timeouts().total == 7200.0
    assert nbstream.Timeouts(total=None).total is None


def test_a_clock_leaves_no_timer_behind() -> None:
    async def use() -> int:
        clock = Clock(nbstream.Timeouts(total=60))
        clock.begin("host", events=True)
        for _ in range(100):
            await clock.wait(asyncio.sleep(0))
            clock.bytes_came()
        clock.end()
        loop: Any = asyncio.get_running_loop()
        return sum(not timer.cancelled() for timer in loop._scheduled)

    assert run_async(use()) == 0
