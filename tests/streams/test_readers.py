"""Readers: how often they get values, what keeps a stream running, and the cost."""

import asyncio
import gc
import threading
import time
import tracemalloc
from collections.abc import AsyncIterator
from typing import TypeVar

import pytest

import nbstream
from nbstream.core.events import (
    Event,
    PartDelta,
    StreamEnd,
    StreamStart,
    TextDelta,
    ThinkingDelta,
    ToolDelta,
    ToolStart,
)
from nbstream.core.transcript import Transcript
from tests.harness.background import run_async
from tests.harness.llm_scripts import text_of
from tests.harness.llm_server import LLMServer
from tests.harness.patience import HANG, until

T = TypeVar("T")


@pytest.fixture(autouse=True)
def _provider(llm_server: LLMServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in llm_server.env.items():
        monkeypatch.setenv(name, value)


async def _all(values: AsyncIterator[T]) -> list[T]:
    return [value async for value in values]


def ask(script: str) -> nbstream.Stream[str]:
    return nbstream.stream(f"openai-chat/{script}", "hi")


# How often


def most(began: float) -> int:
    """The most pieces that are possible since then, with one every tenth of a second."""
    return int((time.monotonic() - began) / 0.1) + 1


def test_debounced_text_is_complete_in_few_pieces() -> None:
    whole = text_of("paced-100-100")
    every = list(ask("paced-100-1000").stream_text(delta=True))
    assert len(every) == 100
    began = time.monotonic()
    few = list(ask("paced-100-100").stream_text(delta=True, debounce_by=0.1))
    assert 2 <= len(few) <= most(began)
    assert "".join(few) == "".join(every) == whole
    began = time.monotonic()
    texts = list(ask("paced-100-100").stream_text(debounce_by=0.1))
    assert 2 <= len(texts) <= most(began)
    assert texts[-1] == whole


def test_debounced_with_async_code() -> None:
    async def main() -> tuple[list[str], list[nbstream.Message], list[str]]:
        async with ask("paced-100-100") as stream:
            return await asyncio.gather(
                _all(stream.stream_text(delta=True, debounce_by=0.1)),
                _all(stream.stream_responses(debounce_by=0.1)),
                _all(stream.stream_output()),
            )

    began = time.monotonic()
    texts, messages, outputs = run_async(main())
    assert 2 <= len(texts) <= most(began)
    assert "".join(texts) == messages[-1].text == outputs[-1] == text_of("paced-100-100")
    assert 2 <= len(messages) <= most(began)
    assert messages[-1].finish_reason == "stop"


def test_debouncing_does_not_delay_the_end() -> None:
    stream = ask("paced-3-500")
    began = time.monotonic()
    assert list(stream.stream_text(debounce_by=30))[-1] == stream.text
    assert time.monotonic() - began < 15


def test_responses_are_growing_messages() -> None:
    messages = list(ask("think-100").stream_responses(debounce_by=0.02))
    sizes = [len(message.text) + len(message.thinking) for message in messages]
    assert sizes == sorted(sizes)
    assert messages[0].finish_reason is None
    assert messages[-1].finish_reason == "stop"
    assert messages[-1].usage is not None


# Events


def test_an_event_has_a_snapshot_of_its_part() -> None:
    text = ""
    for event in ask("paced-30-1000"):
        if isinstance(event, TextDelta):
            text += event.chunk
            assert event.snapshot == text
    assert text == text_of("paced-30-1000")


def test_the_first_match_argument_is_the_payload() -> None:
    thought, said = "", ""
    for event in ask("think-5"):
        match event:
            case ThinkingDelta(chunk):
                thought += chunk
            case PartDelta(chunk):
                said += chunk
    assert thought
    assert said == text_of("think-5")


def test_tool_arguments_can_be_read_while_they_arrive() -> None:
    transcript, seen = Transcript(), []
    transcript.apply(ToolStart(0, "call_1", "weather"))
    for chunk in ["", '{"ci', 'ty": "Par', 'is", "da', 'ys": 3}']:
        transcript.apply(event := ToolDelta(0, chunk))
        seen.append(event.args)
    assert seen == [{}, {}, {"city": "Par"}, {"city": "Paris"}, {"city": "Paris", "days": 3}]


def test_handlers_have_been_called_when_the_stream_is_done() -> None:
    stream = ask("think-10")
    kinds: list[type[Event]] = []
    texts: list[str] = []
    stream.on(Event, lambda event: kinds.append(type(event)))
    stream.on(TextDelta, lambda event: texts.append(event.chunk))
    stream.on(StreamStart, lambda _: 1 / 0)  # has no effect
    stop = stream.on(TextDelta, lambda _: texts.append("never"))
    stop()
    stream.until_done()
    assert "".join(texts) == stream.text
    assert kinds[0] is StreamStart
    assert kinds[-1] is StreamEnd
    late: list[str] = []
    stream.on(TextDelta, lambda event: late.append(event.chunk))
    assert late == [stream.text]


# What keeps a stream running


def test_leaving_a_bare_loop_early_stops_the_model(llm_server: LLMServer) -> None:
    stream = ask("paced-5000-110")
    for _ in stream.text_stream:
        break
    assert stream.wait(HANG)
    assert stream.finish_reason == "cancelled"
    assert llm_server.of("paced-5000-110")[-1].wait().disconnected is not None


def test_leaving_a_bare_async_loop_early_stops_the_model(llm_server: LLMServer) -> None:
    async def main() -> None:
        stream = ask("paced-5000-111")
        async for _ in stream:
            break
        await asyncio.to_thread(until, lambda: stream.finish_reason)
        assert stream.finish_reason == "cancelled"

    run_async(main())
    assert llm_server.of("paced-5000-111")[-1].wait().disconnected is not None


def test_a_cancelled_task_stops_the_model() -> None:
    async def read() -> None:
        async for _ in stream:
            pass

    async def main() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(read(), 0.3)

    stream = ask("hang-3")
    run_async(main())
    assert stream.wait(HANG)
    assert stream.finish_reason == "cancelled"


def test_leaving_a_loop_does_not_stop_other_readers() -> None:
    stream = ask("paced-200-200")
    texts: list[str] = []
    reads = threading.Event()

    def read() -> None:
        for piece in stream.text_stream:
            texts.append(piece)
            reads.set()

    other = threading.Thread(target=read)
    other.start()
    assert reads.wait(HANG)
    for _ in stream.text_stream:
        break
    other.join(HANG)
    assert "".join(texts) == text_of("paced-200-200")
    assert stream.finish_reason == "stop"


def test_leaving_a_loop_inside_with_does_not_stop_the_stream() -> None:
    with ask("paced-30-500") as stream:
        for _ in stream.text_stream:
            break
        assert stream.get_final_text() == text_of("paced-30-500")


def test_a_started_stream_continues_until_closed() -> None:
    stream = ask("paced-5000-112")
    stream.start()
    for _ in stream.text_stream:
        break
    time.sleep(0.2)
    assert not stream.is_complete
    stream.close()
    assert stream.finish_reason == "cancelled"


# The cost


def test_two_hundred_streams_at_once_each_with_a_reader(llm_server: LLMServer) -> None:
    async def main() -> list[str]:
        streams = [ask("paced-40-200") for _ in range(200)]
        return await asyncio.gather(*(_text(stream) for stream in streams))

    async def _text(stream: nbstream.Stream) -> str:
        async with stream as reading:
            return "".join([piece async for piece in reading.text_stream])

    assert run_async(main()) == [text_of("paced-40-200")] * 200


def chunks_of(events: list[Event]) -> str:
    return "".join(event.chunk for event in events if isinstance(event, PartDelta))


def test_ten_readers_see_the_same_events() -> None:
    stream = ask("think-200")
    seen: list[list[Event]] = []

    with stream:
        iterators = [iter(stream) for _ in range(10)]
        seen.extend([next(one)] for one in iterators)
        threads = [
            threading.Thread(target=events.extend, args=(one,))
            for one, events in zip(iterators, seen, strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(HANG)
    assert len(seen[0]) > 400
    # A late reader gets the first deltas as one.
    assert {chunks_of(events) for events in seen} == {chunks_of(seen[0])}
    assert all(events[-100:] == seen[0][-100:] for events in seen if len(events) > 200)


@pytest.mark.parametrize("read", [True, False], ids=["read", "unread"])
def test_a_finished_stream_uses_little_more_memory_than_its_text(*, read: bool) -> None:
    ask("paced-5-1000").until_done()  # imports and connections that are made once
    gc.collect()
    tracemalloc.start()

    def is_little() -> bool:
        gc.collect()
        return tracemalloc.get_traced_memory()[0] < 3 * len(stream.text)

    try:
        stream = ask("paced-20000-100000")
        if read:
            assert sum(map(len, stream.text_stream)) == 120_000
        assert stream.wait(2 * HANG)
        assert len(stream.text) == 120_000
        until(is_little)  # the server is in this process and may free its part later
    finally:
        tracemalloc.stop()
