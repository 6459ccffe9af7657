"""Which lines of ``%llm`` are commands, which are prompts, and which are told to be neither."""

from pathlib import Path

import pytest

from nbstream.cassette import set_session_cassette
from nbstream.magics.commands import command, misspelt, misused
from nbstream.magics.line import llm_line


@pytest.mark.parametrize(
    "line",
    [
        "Why?",
        "explain recursion",
        "fix typos",
        "stop using the passive voice",
        "model this as a graph",
        "budget travel",
        "cost of living",
    ],
)
def test_a_prompt_may_begin_with_the_name_of_a_command(line: str) -> None:
    words = line.split()
    assert command(words) is None
    assert misspelt(words) is None
    assert misused(words) is None


@pytest.mark.parametrize(
    ("line", "problem", "usage"),
    [
        ("chats trip", "%llm chats takes no trip", "%llm -c NAME PROMPT"),
        ("status now", "%llm status takes no now", "%llm status"),
        ("branch trip", "%llm branch trip is not a whole command", "%llm branch NAME NEW"),
        ("forget", "%llm forget is not a whole command", "%llm forget NAME"),
        ("budget 5", "%llm budget 5 is not a whole command", "%llm config budget 5"),
    ],
)
def test_a_short_line_that_means_a_command_is_not_sent(line: str, problem: str, usage: str) -> None:
    words = line.split()
    assert command(words) is None
    found = misused(words)
    assert found is not None
    assert found[0] == problem
    assert usage in found[1]


def test_the_name_of_a_cassette_may_have_blanks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    try:
        for quote in "\"'":
            llm_line(f"record {quote}my demo.nbstream{quote} new_episodes")
            assert capsys.readouterr().out.startswith("my demo.nbstream replays its answers")
        llm_line("record it's.nbstream")  # an apostrophe is no quote
        assert capsys.readouterr().out.startswith("it's.nbstream replays its answers")
        llm_line("record demo.nbstream  # later: %llm replay demo.nbstream")
        assert capsys.readouterr().out.startswith("demo.nbstream replays its answers")
    finally:
        set_session_cassette(None)
