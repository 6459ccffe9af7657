"""A run of several messages as HTML, Markdown and text, and in a terminal."""

from typing import Any

import pytest

import nbstream
from nbstream import events as ev
from nbstream.core.message import (
    FilePart,
    Message,
    TextPart,
    ToolCallPart,
    tool_message,
    user_message,
)
from nbstream.display import html, markdown, plain
from nbstream.display.terminal import TerminalDrawing
from nbstream.streams import Stream
from nbstream.testing import events_of, stream_from_events, stream_from_messages

CALL = ToolCallPart("1", "weather", '{"city": "Rome"}')
RUN: list[Message | ev.Event | BaseException] = [
    nbstream.assistant_message("Let me *look*.", CALL),
    tool_message(CALL, "sunny <b>& dry</b>"),
    *events_of(nbstream.assistant_message("It rains."), message_index=2)[:4],
    ev.Retry(2, "Overloaded.", message_index=2),
    nbstream.assistant_message("It is sunny."),
    user_message("And in *Oslo*?"),
    nbstream.assistant_message("Snow."),
]


@pytest.fixture
def run() -> Stream[Any]:
    stream = stream_from_messages(RUN)
    stream.until_done()
    return stream


def in_order(text: str, *words: str) -> bool:
    places = [text.find(word) for word in words]
    return -1 not in places and places == sorted(places)


def test_every_rendering_has_all_messages_in_order(run: Stream[Any]) -> None:
    common = ("look", "weather", "sunny", "It is sunny.", "Oslo", "Snow.")
    for text in (html(run), markdown(run), plain(run)):
        assert in_order(text, *common)
        assert "It rains" not in text
    assert "sunny &lt;b&gt;&amp; dry&lt;/b&gt;" in html(run)
    assert "<em>look</em>" in html(run)
    assert "And in *Oslo*?" in html(run), "a user's message is not the model's Markdown"
    assert "> And in \\*Oslo\\*?" in markdown(run)
    assert plain(run) == (
        "Let me *look*.\n\n"
        '[tool call: weather({"city": "Rome"})]\n\n'
        "[result: weather: sunny <b>& dry</b>]\n\n"
        "It is sunny.\n\n> And in *Oslo*?\n\nSnow."
    )


def test_a_terminal_prints_the_run_as_it_arrives(capsys: pytest.CaptureFixture[str]) -> None:
    TerminalDrawing(stream_from_messages(RUN)).finish()
    printed = capsys.readouterr().out
    assert in_order(
        printed,
        "Let me *look*.\n\n[tool call: weather",
        "[result: weather: sunny <b>& dry</b>]\n\nIt rains.\n\n[Overloaded.",
        "It is sunny.\n\n> And in *Oslo*?\n\nSnow.\n",
    )


def test_a_model_that_is_named_late_begins_no_paragraph(
    capsys: pytest.CaptureFixture[str],
) -> None:
    events = events_of(nbstream.assistant_message("Let me look."))
    events.insert(3, ev.StreamStart(model="late"))
    TerminalDrawing(stream_from_events(events)).finish()
    assert capsys.readouterr().out.startswith("Let me look.")


def test_files_and_errors_of_a_tool() -> None:
    picture = FilePart("image/png", b"\x89PNG")
    results = [
        nbstream.assistant_message(CALL),
        tool_message(CALL, [TextPart("a map"), picture]),
        tool_message(CALL, "no network", is_error=True),
        nbstream.assistant_message("Hm."),
    ]
    stream = stream_from_messages(results)
    stream.until_done()
    assert '<img src="data:image/png;base64,iVBORw==' in html(stream)
    assert "failed" in html(stream)
    assert html(stream).count("weather") == 1, "the results are in the card of their call"
    assert "a map" in plain(stream)
    assert "[failed: weather: no network]" in plain(stream)


def test_why_a_message_was_asked_for_again_is_kept() -> None:
    stream = stream_from_messages(RUN)
    stream.until_done()
    page = html(stream)
    assert page.index("sunny") < page.index("Asked again: Overloaded.") < page.index("It is sunny.")
