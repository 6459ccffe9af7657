"""How long and how much the model thought, as the browser gets it and in Python's words."""

from typing import Any

import pytest

import nbstream
from nbstream.core import events as ev
from nbstream.core.message import Usage
from nbstream.display import thinking
from nbstream.streams import Stream
from nbstream.testing import stream_from_events
from nbstream.widget import wire, wire_thinking
from tests.recordings import MISSING, recordings

COUNTED = ev.StreamEnd("stop", Usage(output_tokens=90, reasoning_tokens=1200))
WITHHELD = [ev.ThinkingStart(0), ev.ThinkingEnd(0, None, "sealed", {})]
SHOWN = [ev.ThinkingStart(0), ev.ThinkingDelta(0, "Hm."), ev.ThinkingEnd(0)]


def ends_of(stream: Stream) -> list[dict[str, Any]]:
    """The ops that end thinking, and their labels."""
    reader = stream.reader()
    stream.wait()
    rows = wire_thinking.with_thoughts(wire.ops(reader.take()), stream)
    return [row for row in rows if row["kind"] == "thinking_end"]


def test_withheld_thinking_gets_its_tokens_when_the_message_ends() -> None:
    stream = stream_from_events([*WITHHELD, COUNTED])
    first, counted = ends_of(stream)
    assert first["label"]["done"] == counted["label"]["done"] == "Thought"
    assert counted["label"]["amount"] == "1,200 tokens"
    (shown,) = wire.state(stream, stream.messages)["messages"]
    assert shown["parts"][0]["label"] == counted["label"]


def test_thinking_that_is_shown_has_only_its_time() -> None:
    (end,) = ends_of(stream_from_events([*SHOWN, COUNTED]))
    assert end["label"] == {"done": "Thought"}


def test_tokens_of_several_pieces_are_not_told_as_of_one() -> None:
    text = [ev.TextStart(1), ev.TextDelta(1, "So."), ev.TextEnd(1)]
    again = [ev.ThinkingStart(2), ev.ThinkingEnd(2, None, "sealed", {})]
    stream = stream_from_events([*WITHHELD, *text, *again, COUNTED])
    assert all("amount" not in end["label"] for end in ends_of(stream))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "Thought"),
        (0.2, "Thought"),
        (0.7, "Thought for 1 s"),
        (12.4, "Thought for 12 s"),
        (125, "Thought for 2 min 05 s"),
    ],
)
def test_the_time_in_words(seconds: float | None, words: str) -> None:
    assert thinking.of_time(seconds) == words


def test_redacted_blocks_side_by_side_are_one_piece_of_thinking() -> None:
    found = [one for one in recordings("anthropic") if "redacted-thinking-streaming" in one.name]
    if not found:
        pytest.skip(MISSING)
    stream = nbstream.replay(found[0].body, "anthropic")
    rows = ends_of(stream)
    assert thinking.ends(stream.messages[0].parts) == [1]
    assert rows[-1]["index"] == 1
    assert rows[-1]["label"]["amount"] == "7 tokens"
