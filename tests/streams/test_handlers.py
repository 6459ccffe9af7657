"""Handlers that misbehave: they exit, interrupt, fail, or wait for their own stream."""

import asyncio
import logging
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest

import nbstream
from nbstream.core.events import Event, StreamEnd, StreamStart, TextDelta
from nbstream.errors import UsageError
from nbstream.streams.loop import private_loop
from nbstream.testing import ScriptedModel, stream_from_events
from tests.harness.patience import HANG, until


def within(call: Callable[[], object]) -> object:
    """The result of `call`, which must not hang."""
    found: list[object] = []
    thread = threading.Thread(target=lambda: found.append(call()), daemon=True)
    thread.start()
    thread.join(HANG)
    assert not thread.is_alive(), "it hangs"
    return found[0]


def loop_threads() -> list[int | None]:
    private_loop()
    return [thread.ident for thread in threading.enumerate() if thread.name == "nbstream"]


def ask(text: str = "all of the answer") -> nbstream.Stream:
    return nbstream.stream(ScriptedModel(text), "hi")


class Whatever(BaseException):
    """An exception that is none of Python's own."""


@pytest.mark.parametrize(
    "error",
    [SystemExit(3), KeyboardInterrupt(), GeneratorExit(), asyncio.CancelledError(), Whatever()],
)
def test_system_exit_in_a_handler_ends_no_stream(
    error: BaseException, caplog: pytest.LogCaptureFixture
) -> None:
    def exits(_: Event) -> None:
        raise error

    stream = ask()
    stream.on(TextDelta, exits)
    with caplog.at_level(logging.ERROR, "nbstream"):
        assert within(stream.get_final_text) == "all of the answer"
    assert any("TextDelta" in record.getMessage() for record in caplog.records)
    assert within(ask("and later").get_final_text) == "and later"


@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt])
def test_the_private_loop_survives_any_base_exception(error: type[BaseException]) -> None:
    def exits() -> None:
        raise error

    before = loop_threads()
    private_loop().call_soon_threadsafe(exits)
    assert within(ask("and later").get_final_text) == "and later"
    assert loop_threads() == before


def test_system_exit_in_a_source_is_raised_to_its_reader_only() -> None:
    stream = stream_from_events([StreamStart()], error=SystemExit(3))
    assert within(lambda: stream.wait(HANG)) is True
    with pytest.raises(SystemExit):
        stream.until_done()
    assert stream.finish_reason == "error"
    assert within(ask("and later").get_final_text) == "and later"


def test_an_error_in_a_listener_does_not_affect_the_stream() -> None:
    def fails() -> None:
        raise ZeroDivisionError

    for end in (nbstream.Stream.get_final_text, nbstream.Stream.cancel):
        stream = ask()
        stream.listen(fails)
        within(lambda end=end, stream=stream: end(stream))  # type: ignore[misc]
        assert within(lambda stream=stream: stream.wait(HANG)) is True  # type: ignore[misc]
        assert stream.error is None


def test_an_end_handler_may_cancel_a_stream_that_never_started() -> None:
    stream = ask()
    seen: list[Event] = []
    stream.on(StreamEnd, lambda _: stream.cancel())
    stream.on(StreamEnd, seen.append)
    within(stream.cancel)
    assert stream.finish_reason == "cancelled"
    assert len(seen) == 1


@pytest.mark.parametrize("started", [True, False])
@pytest.mark.parametrize(
    "wait",
    [
        nbstream.Stream.wait,
        nbstream.Stream.until_done,
        nbstream.Stream.get_final_text,
        lambda stream: list(stream.text_stream),
    ],
)
def test_waiting_for_its_own_stream_in_a_handler_is_an_error(
    wait: Callable[[nbstream.Stream], object], started: bool, caplog: pytest.LogCaptureFixture
) -> None:
    stream = ask()
    errors: list[Exception] = []

    def waits(_: Event) -> None:
        try:
            wait(stream)
        except nbstream.errors.UsageError as error:
            errors.append(error)

    stream.on(StreamEnd, waits)
    within(stream.until_done if started else stream.cancel)
    assert stream.is_complete
    assert "handler" in str(errors[0])


def test_a_handler_may_close_its_stream_without_waiting() -> None:
    """Here closing may take as long as `HANG` (see `conftest`), so a wait would be noticed."""
    stream = nbstream.stream(ScriptedModel("all of the answer", delay=0.001), "hi")
    stream.on(TextDelta, lambda _: stream.close())
    within(stream.until_done)
    assert stream.finish_reason == "cancelled"
    idle = ask()
    idle.on(StreamEnd, lambda _: idle.close())
    within(idle.cancel)
    assert idle.finish_reason == "cancelled"


def test_a_handler_of_a_finished_stream_may_wait_for_it() -> None:
    stream = ask()
    stream.until_done()
    texts: list[str] = []
    stream.on(StreamEnd, lambda _: texts.append(stream.get_final_text()))
    assert texts == ["all of the answer"]


def test_system_exit_on_the_callers_thread_is_raised() -> None:
    stream = ask()
    stream.on(StreamEnd, lambda _: sys.exit(3))
    with pytest.raises(SystemExit):
        stream.cancel()
    assert stream.finish_reason == "cancelled"
    assert within(lambda: stream.wait(HANG)) is True


@pytest.mark.parametrize(
    ("kind", "callback", "says"),
    [
        ("text", print, "a class of nbstream.events, not 'text'"),
        (int, print, "a class of nbstream.events"),
        (TextDelta, 3, "a function with each event"),
    ],
)
def test_an_invalid_handler_is_refused(kind: Any, callback: Any, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        nbstream.stream(ScriptedModel("x"), "hi").on(kind, callback)


def test_a_handler_that_removes_itself_gets_nothing_more_of_the_same_batch() -> None:
    stream = nbstream.stream(ScriptedModel("Blue, mostly.", delay=0.02), "hi")
    stream.start()
    until(lambda: stream.text != "")
    seen: list[Event] = []

    def once(event: Event) -> None:
        remove()
        seen.append(event)

    with stream._run.log.locked():  # nothing is delivered before `remove` is there
        remove = stream.on(Event, once)
    stream.until_done()
    assert [event.kind for event in seen] == ["stream_start"]
