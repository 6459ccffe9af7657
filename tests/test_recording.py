"""``nbstream.replay``: a recorded body as a stream."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

import nbstream
from nbstream import errors
from nbstream.core.events import TextDelta
from tests.harness.patience import HANG
from tests.recordings import FOLDER, recordings


def piece(text: str) -> bytes:
    row = {"choices": [{"index": 0, "delta": {"content": text}}]}
    return b"data: " + json.dumps(row).encode() + b"\n\n"


CHAT = b"".join(piece(text) for text in "abcdefghij")
END = b'data: {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}\n\ndata: [DONE]\n\n'


@pytest.mark.parametrize("protocol", ["openai_chat", "openai-chat", None])
def test_a_body_is_replayed_at_once(protocol: str | None) -> None:
    stream = nbstream.replay(CHAT + END, protocol)
    assert stream.get_final_text() == "abcdefghij"
    assert stream.finish_reason == "stop"


def test_a_file_is_replayed(tmp_path: Path) -> None:
    path = tmp_path / "answer.sse"
    path.write_bytes(CHAT + END)
    assert nbstream.replay(path).get_final_text() == "abcdefghij"
    assert nbstream.replay(str(path)).get_final_text() == "abcdefghij"
    assert nbstream.replay(path).model == "replay/answer.sse"


def test_speed_is_in_events_per_second() -> None:
    begun = time.monotonic()
    events = [*nbstream.replay(CHAT + END, speed=50)]
    assert (len(events) - 1) / 50 <= time.monotonic() - begun


def test_a_paced_replay_can_be_stopped() -> None:
    with nbstream.replay(CHAT + END, speed=4) as stream:
        assert next(stream.text_stream) == "a"
    assert stream.finish_reason == "cancelled"


@pytest.mark.parametrize("speed", [None, 1000])
def test_an_incomplete_body_raises_as_a_live_stream_does(speed: float | None) -> None:
    stream = nbstream.replay(CHAT, speed=speed)
    with pytest.raises(errors.IncompleteResponseError):
        stream.until_done()
    assert stream.text == "abcdefghij"


def test_an_invalid_recording_is_refused_with_a_reason(tmp_path: Path) -> None:
    with pytest.raises(errors.UsageError, match="cannot be read"):
        nbstream.replay(tmp_path / "none.sse")
    with pytest.raises(errors.UsageError, match="no protocol called 'cohere'"):
        nbstream.replay(CHAT, "cohere")
    with pytest.raises(errors.UsageError, match="does not show which"):
        nbstream.replay(b'data: {"a": 1}\n\n')
    with pytest.raises(errors.UsageError, match="events per second, above 0"):
        nbstream.replay(CHAT, speed=0)


@pytest.mark.parametrize("protocol", ["anthropic", "openai-responses", "openai-chat", "gemini"])
def test_a_recordings_protocol_is_guessed(protocol: str) -> None:
    found = recordings(protocol)
    if not found:
        pytest.skip("no recordings")
    wrong = []
    for recording in found[::10]:
        path = FOLDER / protocol / f"{recording.name}.sse"
        guessed, named = nbstream.replay(path), nbstream.replay(path, protocol)
        for stream in (guessed, named):
            stream.wait(HANG)
        if guessed.message != named.message:
            wrong.append(recording.name)
    assert wrong == []


def test_deltas_keep_their_length() -> None:
    stream = nbstream.replay(CHAT + END)
    assert [event.chunk for event in stream if isinstance(event, TextDelta)] == list("abcdefghij")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"speed": "fast"}, "events per second, above 0, not 'fast'"),
        ({"speed": 0}, "events per second, above 0, not 0"),
        ({"protocol": 3}, "no protocol called '3'"),
        ({"recording": None}, "bytes or the path of a file, not a NoneType"),
    ],
)
def test_invalid_arguments_are_refused(wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(errors.UsageError, match=says):
        nbstream.replay(**{"recording": b"data: {}", **wrong})
