"""An answer as plain text: each kind of part, and how it ended."""

import pytest

from nbstream import replay_message
from nbstream.core import events as ev
from nbstream.core.message import (
    BuiltinToolCallPart,
    BuiltinToolResultPart,
    Citation,
    FilePart,
    FinishReason,
    Part,
    RefusalPart,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    assistant_message,
)
from nbstream.display import bundle, html, markdown, plain
from nbstream.display.terminal import TerminalDrawing
from nbstream.errors import RateLimitError
from nbstream.testing import stream_from_events
from tests.harness.patience import until

CALL = ToolCallPart("c", "weather", '{"city": "Bern"}')


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([TextPart("# Sky\n\nblue")], "# Sky\n\nblue"),
        ([TextPart("one "), TextPart("two")], "one two"),
        ([CALL], '[tool call: weather({"city": "Bern"})]'),
        ([ThinkingPart("Hm."), TextPart("Yes.")], "Yes."),
        ([ThinkingPart("Hm.")], "[thinking]\nHm."),
        ([RefusalPart("I will not.")], "I will not."),
        ([FilePart("image/png", b"12345")], "[image/png, 5 B]"),
        (
            [
                BuiltinToolCallPart("s", "web_search", '{"query": "sky"}'),
                BuiltinToolResultPart("s", "web_search", [{"url": "https://a.org", "title": "A"}]),
                TextPart("Blue.", (Citation("https://a.org", "A"),)),
            ],
            (
                "[Searched the web: sky]\n\n[Searched the web: 1 source]\n1. A <https://a.org>\n\n"
                "Blue.\n\nSources:\n1. A <https://a.org>"
            ),
        ),
        ([], "[empty answer]"),
    ],
)
def test_each_part_as_text(parts: list[Part], expected: str) -> None:
    stream = replay_message(assistant_message(*parts))
    stream.wait()
    assert plain(stream) == expected
    assert bundle(stream)["text/plain"] == expected


def test_an_error_follows_the_partial_answer() -> None:
    begun = [ev.TextStart(0), ev.TextDelta(0, "so far")]
    stream = stream_from_events(begun, error=RateLimitError("Too much.", remedy="Wait."))
    stream.wait()
    assert plain(stream).startswith("so far\n\nRateLimitError: Too much.")
    assert "Wait." in plain(stream)


@pytest.mark.parametrize(
    ("reason", "says"),
    [
        ("length", "[cut off at the token limit; max_tokens allows more]"),
        ("cancelled", "[stopped]"),
    ],
)
def test_a_truncated_answer_says_so(reason: FinishReason, says: str) -> None:
    stream = stream_from_events(
        [ev.TextStart(0), ev.TextDelta(0, "so far"), ev.TextEnd(0), ev.StreamEnd(reason)]
    )
    stream.wait()
    assert plain(stream) == f"so far\n\n{says}"


def test_an_unfinished_answer_says_so() -> None:
    stream = stream_from_events([ev.TextStart(0), ev.TextDelta(0, "so far")], delay=0.01)
    assert plain(stream) == "[not finished when this was written]"
    stream.start()
    until(lambda: stream.text)
    if not stream.is_complete:
        assert plain(stream) == "so far\n\n[not finished when this was written]"
    stream.close()


def test_an_unpaired_surrogate_can_be_stored() -> None:
    stream = replay_message(
        assistant_message("a\ud83db", RefusalPart("\udc00"), ToolCallPart("c", "t\ud800", "{}"))
    )
    stream.wait()
    for text in bundle(stream).values():
        text.encode()
        assert "a\ufffdb" in text
    assert html(stream)
    assert markdown(stream)


def test_a_terminal_says_about_how_long_hidden_thinking_was(
    capsys: pytest.CaptureFixture[str],
) -> None:
    events = [
        ev.StreamStart(),
        ev.ThinkingStart(0),
        ev.Progress("thinking, about 600 tokens"),
        ev.Progress("thinking, about 1,250 tokens"),
        ev.ThinkingEnd(0, "sealed"),
        ev.TextStart(1),
        ev.TextDelta(1, "Yes."),
        ev.TextEnd(1),
        ev.StreamEnd("stop"),
    ]
    TerminalDrawing(stream_from_events(events)).finish()
    assert capsys.readouterr().out.startswith("[thinking, about 1,250 tokens]\n\nYes.")
