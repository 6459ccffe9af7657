"""Entering a stream waits for the headers, and raises an error that comes before them."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from typing import Any

import pytest

import nbstream
from nbstream import errors
from nbstream.core.events import Event, Retry, StreamEnd, StreamStart
from nbstream.streams.loop import submit
from nbstream.streams.run import Run
from nbstream.testing import ScriptedModel
from tests.harness.background import run_async
from tests.harness.llm_server import LLMServer
from tests.harness.patience import HANG, until

SILENT = "slowstart-60"


@pytest.fixture(autouse=True)
def _provider(llm_server: LLMServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in llm_server.env.items():
        monkeypatch.setenv(name, value)


def ask(script: str, **settings: Any) -> nbstream.Stream[str]:
    return nbstream.stream(f"openai-chat/{script}", "hi", **settings)


def enter(stream: nbstream.Stream[Any]) -> nbstream.Stream[Any]:
    with stream as entered:
        assert entered is stream
        return stream


def enter_awaiting(stream: nbstream.Stream[Any]) -> nbstream.Stream[Any]:
    async def main() -> None:
        async with stream:
            pass

    run_async(main())
    return stream


both_ways = pytest.mark.parametrize("entered", [enter, enter_awaiting])
Enter = Callable[[nbstream.Stream[Any]], nbstream.Stream[Any]]


def test_the_response_is_available_after_entering() -> None:
    with ask("hang-0") as stream:
        assert stream.response is not None
        assert stream.response.headers["x-request-id"] == stream.request_id == "req_test"
        assert not stream.is_complete

    async def main() -> None:
        async with ask("hang-0") as stream:
            assert stream.response is not None
            assert stream.request_id == "req_test"

    run_async(main())


def test_start_does_not_wait() -> None:
    stream = ask(SILENT)
    stream.start()
    assert stream.response is None
    stream.close()
    assert stream.finish_reason == "cancelled"


@both_ways
@pytest.mark.parametrize("status", [401, 404, 500])
def test_entering_raises_an_error_before_the_headers(
    entered: Enter, status: int, llm_server: LLMServer
) -> None:
    stream = ask(f"status-{status}", retries=0)
    with pytest.raises(errors.ProviderError) as caught:
        entered(stream)
    assert caught.value is stream.error
    assert stream.is_complete
    assert llm_server.env["OPENAI_API_KEY"] not in repr(caught.value)
    with pytest.raises(errors.ProviderError):
        entered(stream)  # a second time: the same error


@both_ways
def test_no_server(entered: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    with pytest.raises(errors.ConnectionFailedError):
        entered(ask("paced-1-1", retries=0))


@both_ways
def test_entering_waits_for_a_retry(entered: Enter, llm_server: LLMServer) -> None:
    script = "status-429" if entered is enter else "status-503"
    before = len(llm_server.of(script))
    with pytest.raises(errors.ProviderError):
        entered(ask(script, retries=1))
    assert len(llm_server.of(script)) == before + 2


def test_entering_waits_for_a_retry_that_succeeds() -> None:
    async def source() -> AsyncGenerator[Iterable[Event], None]:
        yield [Retry(2, "It was busy.", 0.05)]
        await asyncio.sleep(0.05)
        yield [StreamStart(id="second")]
        await asyncio.sleep(HANG)

    with nbstream.Stream(Run(source)) as stream:
        assert stream.message.id == "second"


def test_without_http_entering_waits_for_the_first_event() -> None:
    with nbstream.stream(ScriptedModel("Hello.", delay=0.05), "hi", retries=0) as stream:
        assert stream.response is None
        first = next(iter(stream))
        assert isinstance(first, StreamStart), "and it can still be read"
    with (
        pytest.raises(ZeroDivisionError),
        nbstream.stream(ScriptedModel(ZeroDivisionError()), "hi"),
    ):
        pytest.fail("it was entered")


def test_a_later_error_is_raised_while_reading() -> None:
    with ask("cut-5") as stream:
        assert stream.wait(HANG)
        with pytest.raises(errors.IncompleteResponseError):
            stream.get_final_text()
    with stream:  # a failed answer can be entered, and read again
        assert len(stream.text) == 25


@both_ways
def test_a_cancelled_or_complete_stream_can_be_entered(entered: Enter) -> None:
    stream = ask("paced-3-500")
    stream.cancel()
    assert entered(stream).text == ""
    stream = ask("paced-3-500")
    stream.until_done()
    assert len(entered(stream).text) == 15


def test_a_stream_that_is_cancelled_while_entering_is_entered(llm_server: LLMServer) -> None:
    stream = ask(SILENT)

    def cancel() -> None:
        llm_server.wait_for(SILENT, before + 1)
        stream.cancel()

    before = len(llm_server.of(SILENT))
    threading.Thread(target=cancel).start()
    with stream:
        assert stream.wait(HANG)
        assert stream.finish_reason == "cancelled"
        assert list(stream.text_stream) == []
        with pytest.raises(errors.CancelledStreamError):
            stream.get_final_message()


# Interrupts


@pytest.fixture
def _interruptible() -> Iterator[None]:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_interruptible")
def test_an_interrupt_cancels_the_stream(llm_server: LLMServer) -> None:
    stream, thread = ask(SILENT), threading.get_ident()
    before = len(llm_server.of(SILENT))

    def interrupt() -> None:
        llm_server.wait_for(SILENT, before + 1)
        time.sleep(0.1)
        signal.pthread_kill(thread, signal.SIGINT)

    other = threading.Thread(target=interrupt)
    other.start()
    with pytest.raises(KeyboardInterrupt), stream:
        pytest.fail("it was entered")
    other.join(HANG)
    assert stream.wait(HANG)
    assert (stream.finish_reason, stream.is_interrupted) == ("cancelled", True)
    assert llm_server.of(SILENT)[-1].wait().disconnected is not None


def test_a_cancelled_task_cancels_the_stream(llm_server: LLMServer) -> None:
    stream = ask(SILENT)
    before = len(llm_server.of(SILENT))

    async def main() -> None:
        task = asyncio.create_task(stream.__aenter__())
        await asyncio.to_thread(llm_server.wait_for, SILENT, before + 1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run_async(main())
    assert stream.wait(HANG)
    assert stream.finish_reason == "cancelled"
    assert llm_server.of(SILENT)[-1].wait().disconnected is not None


def test_a_cancelled_task_does_not_cancel_a_stream_that_others_read(llm_server: LLMServer) -> None:
    stream = ask("slowstart-1")
    before = len(llm_server.of("slowstart-1"))
    thread = threading.Thread(target=stream.until_done)
    thread.start()

    async def main() -> None:
        task = asyncio.create_task(stream.__aenter__())
        await asyncio.to_thread(llm_server.wait_for, "slowstart-1", before + 1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run_async(main())
    thread.join(HANG)
    assert stream.finish_reason == "stop"


# Where blocking is not allowed


def test_entering_in_a_handler_or_on_the_private_loop_is_an_error() -> None:
    stream = nbstream.stream(ScriptedModel("Hello."), "hi")
    raised: list[Exception] = []

    def enters(_: Event) -> None:
        for one in (stream, nbstream.stream(ScriptedModel("Another."), "hi")):
            try:
                one.__enter__()
            except errors.UsageError as error:
                raised.append(error)

    stream.on(StreamEnd, enters)
    stream.until_done()
    assert len(raised) == 2
    assert "handler" in str(raised[0])

    async def on_the_loop() -> None:
        with (
            pytest.raises(errors.UsageError, match="event loop"),
            nbstream.stream(ScriptedModel(""), "hi"),
        ):
            pytest.fail("it was entered")
        async with nbstream.stream(ScriptedModel("Hello."), "hi") as entered:
            assert await entered.get_final_text() == "Hello.", "awaiting is allowed there"

    submit(on_the_loop()).result(HANG)


def test_a_with_statement_blocks_only_the_running_loop() -> None:
    async def main() -> str:
        with ask("paced-5-500") as stream:
            return stream.get_final_text()

    assert len(run_async(main())) == 25


def test_many_threads_may_enter_at_once() -> None:
    stream = ask("paced-100-400")
    texts: list[str] = []

    def read() -> None:
        with stream:
            texts.append("".join(stream.text_stream))

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(HANG)
    until(lambda: stream.is_complete)
    assert stream.text in texts


SCRIPT = """
import asyncio, os, signal, threading, time
import nbstream

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have had it ignored
stream = nbstream.stream("openai-chat/slowstart-60", "hi")

def interrupt():
    while not stream.is_started:
        time.sleep(0.01)
    time.sleep(0.3)
    os.kill(os.getpid(), signal.SIGINT)

async def main():
    async with stream:
        print("entered")

threading.Thread(target=interrupt).start()
try:
    {enter}
except KeyboardInterrupt:
    print("interrupted", stream.wait(20), stream.finish_reason)
"""


@pytest.mark.parametrize("way", ["asyncio.run(main())", "stream.__enter__()"])
def test_ctrl_c_in_a_script_that_enters(way: str, llm_server: LLMServer) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.replace("{enter}", way)],
        env={**os.environ, **llm_server.env},
        capture_output=True,
        text=True,
        timeout=2 * HANG,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("interrupted True cancelled\n", "")
