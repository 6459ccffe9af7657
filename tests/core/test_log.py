"""A log with many readers, each at its own pace."""

import threading
from collections.abc import Iterator

import pytest

from nbstream.core.events import (
    Event,
    PartDelta,
    PartEvent,
    StreamEnd,
    StreamStart,
    TextDelta,
    TextEnd,
    TextStart,
)
from nbstream.core.log import Log
from nbstream.core.transcript import Transcript
from tests.harness.patience import HANG


def answer(*chunks: str) -> list[Event]:
    """The events of an answer with one text part."""
    deltas = [TextDelta(0, chunk) for chunk in chunks]
    return [StreamStart(), TextStart(0), *deltas, TextEnd(0), StreamEnd("stop")]


def text_of(events: list[Event]) -> str:
    return "".join(event.chunk for event in events if isinstance(event, PartDelta))


def test_readers_get_the_same_events_each_at_its_own_pace() -> None:
    log, events = Log(), answer("a", "b", "c", "d")
    eager, lazy = log.reader(), log.reader()
    seen: list[Event] = []
    for event in events:
        log.extend([event])
        seen += eager.take()
    log.finish()
    assert seen == events
    assert lazy.take() == events
    assert eager.exhausted
    assert lazy.exhausted


def test_a_late_reader_gets_the_messages_so_far_then_the_rest() -> None:
    log, events = Log(), answer("one ", "two ", "three")
    log.extend(events[:4])
    late = log.reader()
    assert late.take() == [StreamStart(), TextStart(0), TextDelta(0, "one two ")]
    log.extend(events[4:])
    assert late.take() == events[4:]
    log.finish()
    after = log.reader().take()
    assert after == [
        StreamStart(),
        TextStart(0),
        TextDelta(0, "one two three"),
        TextEnd(0),
        StreamEnd("stop"),
    ]


def test_events_that_every_reader_has_are_dropped() -> None:
    log = Log()
    slow, quick = log.reader(), log.reader()
    log.extend([StreamStart(), TextStart(0)])
    for number in range(1000):
        log.extend([TextDelta(0, f"{number} ")])
        quick.take()
    assert len(log._events) == 1002, "the slow reader still needs them"
    slow.take()
    assert len(log._events) == 0
    slow.close()
    log.extend([TextDelta(0, "more")])
    quick.close()
    assert len(log._events) == 0, "no reader needs it any more"


def test_a_snapshot_keeps_the_state_at_its_event() -> None:
    log = Log()
    reader = log.reader()
    log.extend(answer("one ", "two ", "three"))
    snapshots = [event.snapshot for event in reader.take() if isinstance(event, PartEvent)]
    assert snapshots == ["", "one ", "one two ", "one two three", "one two three"]
    assert TextDelta(0, "never carried").snapshot == ""


def test_a_message_does_not_change_after_it_was_taken() -> None:
    log, events = Log(), answer("one ", "two")
    log.extend(events[:3])
    early = log.message()
    log.extend(events[3:])
    assert early.text == "one "
    assert log.message().text == "one two"


def test_events_before_a_failure_are_kept() -> None:
    def source() -> Iterator[Event]:
        yield from answer("kept")[:3]
        raise RuntimeError("broken")

    log = Log()
    with pytest.raises(RuntimeError):
        log.extend(source())
    assert log.message().text == "kept"
    log.finish(RuntimeError("broken"))
    assert log.message().finish_reason == "error"


def test_an_event_for_a_part_that_has_not_started_is_an_error() -> None:
    with pytest.raises(ValueError, match="not started"):
        Transcript().apply(TextDelta(0, "x"))
    with pytest.raises(ValueError, match="index 0"):
        Transcript().apply(TextStart(1))


def test_readers_on_many_threads_lose_nothing() -> None:
    log, count = Log(), 5000
    readers = [log.reader() for _ in range(8)]
    texts = [""] * len(readers)

    def read(number: int) -> None:
        pieces: list[str] = []
        while not readers[number].exhausted:
            readers[number].wait(5)
            pieces.append(text_of(readers[number].take()))
        texts[number] = "".join(pieces)

    threads = [threading.Thread(target=read, args=(n,)) for n in range(len(readers))]
    for thread in threads:
        thread.start()
    log.extend([StreamStart(), TextStart(0)])
    for number in range(count):
        log.extend([TextDelta(0, f"{number} ")])
        if number % 100 == 0:
            assert log.transcript.text.endswith(f"{number} ")  # compacts while others read
    log.finish()
    for thread in threads:
        thread.join(HANG)
    expected = "".join(f"{number} " for number in range(count))
    assert texts == [expected] * len(readers)


def test_waiting_ends_at_the_timeout_or_at_the_end_of_the_stream() -> None:
    log = Log()
    reader = log.reader()
    assert reader.wait(0.01) is False
    threading.Timer(0.05, log.finish).start()
    assert reader.wait(HANG) is True
    assert log.wait_finished(HANG) is True
