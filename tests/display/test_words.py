"""The words that a saved answer and the live view both say. The live view has the same cases."""

import json
from pathlib import Path
from typing import Any

import pytest

from nbstream import events as ev
from nbstream.core.file_part import size
from nbstream.core.message import BuiltinToolCallPart, Citation, TextPart, Usage
from nbstream.display import builtin_tools, footer, run_words
from nbstream.display.status import status as status_of
from nbstream.display.text_runs import joined
from nbstream.progress import words as map_words
from nbstream.testing import stream_from_events
from nbstream.widget import wire_parts

CASES = json.loads(
    (Path(__file__).parent.parent / "samples" / "words.json").read_text(encoding="utf-8")
)


def rows(name: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("row", CASES[name], ids=str)


@rows("seconds")
def test_the_time_of_an_answer(row: tuple[float, str]) -> None:
    assert footer.seconds(row[0]) == row[1]


@rows("file_size")
def test_the_size_of_a_file(row: tuple[int, str]) -> None:
    assert size(row[0]) == row[1]


@rows("tokens")
def test_the_tokens_of_an_answer(row: tuple[dict[str, int], str]) -> None:
    assert run_words.tokens(Usage(**row[0])) == row[1]


@rows("ends")
def test_how_an_answer_ended(row: tuple[str, Any, str]) -> None:
    status, reason, said = row
    stream = stream_from_events([ev.TextStart(0), ev.TextEnd(0), ev.StreamEnd(reason)])
    assert footer.ending(stream) == CASES["unfinished"]
    stream.wait()
    assert status_of(stream) == status
    assert (footer.ending(stream) or "") == said


@rows("asked_again")
def test_why_it_was_asked_again(row: tuple[int, str, str]) -> None:
    assert footer.asked_again(ev.Retry(row[0], row[1])) == row[2]


@rows("map_seconds")
def test_the_times_of_a_map(row: tuple[float, str]) -> None:
    assert map_words.seconds(row[0]) == row[1]


@rows("map_batches")
def test_the_batches_of_a_map(row: tuple[int, bool, str]) -> None:
    assert map_words.batches(row[0], is_waiting=row[1]) == row[2]


@pytest.mark.parametrize("case", CASES["calls"], ids=lambda case: case["about"])
def test_what_a_call_asks_for(case: dict[str, Any]) -> None:
    part = BuiltinToolCallPart("c", case["tool"], json.dumps(case["args"]))
    assert wire_parts.whole_call(part) == case["call"]
    assert builtin_tools.asked(part, 60) == (case["line"], case["below"])


@rows("text_runs")
def test_which_texts_are_drawn_together(row: dict[str, list[int]]) -> None:
    cited = Citation(url="https://a.example", start=0, end=1)
    parts = [TextPart("x", (cited,) * count) for count in row["citations"]]
    assert [len(part.text) for part in joined(parts) if isinstance(part, TextPart)] == row["groups"]
