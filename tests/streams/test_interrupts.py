"""An interrupt, or Ctrl-C, while the main thread waits for a stream."""

import signal
import threading
import time
from collections.abc import Callable, Iterator

import pytest

import nbstream
from nbstream.core.events import TextDelta
from tests.harness.llm_server import LLMServer
from tests.harness.patience import HANG, until

SCRIPT = "hang-5"
SAID = 25  # characters


@pytest.fixture(autouse=True)
def _provider(llm_server: LLMServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in llm_server.env.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(autouse=True)
def _sigint_enabled() -> Iterator[None]:
    """SIGINT raises KeyboardInterrupt even if a shell started the tests with it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def stream() -> Iterator[nbstream.Stream]:
    """A stream that sends a few words and then nothing, without an end."""
    one = nbstream.stream(f"openai-chat/{SCRIPT}", "hi")
    yield one
    one.close()


def interrupted(stream: nbstream.Stream, wait: Callable[[nbstream.Stream], object]) -> None:
    """Interrupt `wait` while it waits; KeyboardInterrupt must be raised."""
    waiting = threading.get_ident()

    def interrupt() -> None:
        until(lambda: len(stream.text) == SAID)
        time.sleep(0.1)  # so that the events have been read
        signal.pthread_kill(waiting, signal.SIGINT)

    other = threading.Thread(target=interrupt)
    other.start()
    with pytest.raises(KeyboardInterrupt):
        wait(stream)
    other.join(HANG)


def in_with(stream: nbstream.Stream) -> None:
    with stream as entered:
        entered.wait()


def looping_in_with(stream: nbstream.Stream) -> None:
    with stream as entered:
        for _ in entered.text_stream:
            pass


def doing_else_in_with(stream: nbstream.Stream) -> None:
    with stream:
        time.sleep(HANG)


def after_start(stream: nbstream.Stream) -> None:
    stream.start()
    stream.wait()


@pytest.mark.parametrize(
    "wait",
    [
        nbstream.Stream.wait,
        lambda stream: stream.wait(HANG),
        nbstream.Stream.until_done,
        nbstream.Stream.get_final_text,
        nbstream.Stream.get_final_message,
        nbstream.Stream.get_output,
        list,
        lambda stream: list(stream.text_stream),
        lambda stream: list(stream.stream_text(debounce_by=HANG)),
        lambda stream: list(stream.stream_responses()),
        in_with,
        looping_in_with,
        doing_else_in_with,
        after_start,
    ],
)
def test_an_interrupt_stops_the_model_and_keeps_the_partial_answer(
    wait: Callable[[nbstream.Stream], object], stream: nbstream.Stream, llm_server: LLMServer
) -> None:
    interrupted(stream, wait)
    until(lambda: stream.is_complete)
    assert stream.finish_reason == "cancelled"
    assert stream.is_interrupted
    assert len(stream.text) == SAID
    assert llm_server.of(SCRIPT)[-1].wait().disconnected is not None


def reads(stream: nbstream.Stream) -> None:
    for _ in stream.text_stream:
        pass


@pytest.mark.parametrize("other", [reads, nbstream.Stream.wait])
@pytest.mark.parametrize("wait", [nbstream.Stream.wait, nbstream.Stream.until_done])
def test_a_stream_continues_for_its_other_readers(
    wait: Callable[[nbstream.Stream], object],
    other: Callable[[nbstream.Stream], object],
    stream: nbstream.Stream,
) -> None:
    thread = threading.Thread(target=other, args=(stream,))
    thread.start()
    until(lambda: len(stream.text) == SAID)
    interrupted(stream, wait)
    assert not stream.is_complete
    assert thread.is_alive()
    stream.cancel()
    thread.join(HANG)
    assert not thread.is_alive()
    assert not stream.is_interrupted


def test_a_handler_does_not_keep_a_stream_running(stream: nbstream.Stream) -> None:
    stream.on(TextDelta, lambda _: None)
    interrupted(stream, nbstream.Stream.wait)
    until(lambda: stream.is_complete)
    assert stream.is_interrupted
