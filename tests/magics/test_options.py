"""The first line of a cell: what the options become, and the mark under a wrong word."""

import argparse
from typing import Any

import pytest

from nbstream.errors import UnknownModelError, UsageError
from nbstream.magics.commands import command
from nbstream.magics.first_line import joined
from nbstream.magics.manual import CELL, LINE
from nbstream.magics.option_errors import with_mark
from nbstream.magics.options import Options
from nbstream.magics.parser import manual, parse, usage


@pytest.mark.parametrize(
    ("line", "keywords"),
    [
        ("--temperature 0.5", {"temperature": 0.5}),
        ("--max-tokens 50", {"max_tokens": 50}),
        ("--thinking high", {"reasoning": "high"}),
        ("--thinking 2000", {"reasoning": 2000}),
        ("--thinking off", {"reasoning": 0}),
        ("--top-p 0.9 --seed 7", {"top_p": 0.9, "seed": 7}),
        ("--stop END --stop '\"'", {"stop": ["END", '"']}),
        ("-s 'You are brief.'", {"system": "You are brief."}),
        ("-s '- Be brief.' --stop '--bg'", {"system": "- Be brief.", "stop": ["--bg"]}),
        ("-p user '-x'", {"user": "-x"}),
        ("--timeout=9", {"timeout": 9.0}),
        (
            "-p cache true -p extra_body '{\"x\": [1]}' -p user Ada",
            {"cache": True, "extra_body": {"x": [1]}, "user": "Ada"},
        ),
    ],
)
def test_parameters_are_keywords_of_stream(line: str, keywords: dict[str, Any]) -> None:
    assert parse(line) == Options(parameters=keywords)


def test_options_of_the_cell() -> None:
    line = r"-m local -o mine --schema 'list[int]' -a C:\data\a.png -a fig --bg --raw --no-widget"
    assert parse(line) == Options(
        model="local",
        name="mine",
        schema="list[int]",
        attachments=[r"C:\data\a.png", "fig"],
        background=True,
        raw=True,
        no_widget=True,
    )


@pytest.mark.parametrize(
    ("line", "cell", "options", "prompt"),
    [
        ("-m x \\", "-s y\nhi\nthere", "-m x -s y", "hi\nthere"),
        ("\\", "  -m x \\\n  -s y\nhi", "-m x -s y", "hi"),
        (r"-a C:\dir\ ".strip(), "hi", r"-a C:\dir" + "\\", "hi"),
        ("-m x", "hi \\\nthere", "-m x", "hi \\\nthere"),
    ],
)
def test_a_backslash_continues_the_options(line: str, cell: str, options: str, prompt: str) -> None:
    assert joined(line, cell) == (options, prompt)


@pytest.mark.parametrize(
    ("line", "says", "marked"),
    [
        ("-m local --nonsense", "%%llm has no option --nonsense", "--nonsense"),
        ("--temprature 1", "Did you mean --temperature?", "--temprature"),
        ("--temp 1", "Did you mean --temperature?", "--temp"),
        ("--t 1", "--temperature or --thinking or --top-p or --timeout?", "--t"),
        ("-m local gpt-5", "Write the prompt below this line", "gpt-5"),
        ("-s a --timeout soon", "invalid float value: 'soon'", "soon"),
        ("-s a --thinking very", "takes low, medium, high, a number", "very"),
        ("--seed=1.5", "invalid int value: '1.5'", "--seed=1.5"),
        ("-s a -m", "expected one argument", "-m"),
        ("-s a -s b --seed 1 -s", "expected one argument", "-s"),
        ("--seed 1 --seed x", "invalid int value: 'x'", "x"),
        ("-m x -p top_k", "expected 2 arguments", "-p"),
        ("-m x -s 'open", "a quote is not closed", "'open"),
        ("-o class", "-o class is a Python keyword", "class"),
        ("-o 1st", "not a valid variable name", "1st"),
        ("-o _", "Without -o the answer is in _.", "_"),
    ],
)
def test_the_wrong_word_is_marked(line: str, says: str, marked: str) -> None:
    with pytest.raises(UsageError) as error:
        parse(line)
    text = str(error.value)
    assert says in text
    at, mark = next(
        (row, after)
        for row, after in zip(text.splitlines(), text.splitlines()[1:], strict=False)
        if set(after.strip()) == {"^"}
    )
    assert at[mark.index("^") : len(mark)] == marked


def test_what_the_request_refuses_is_said_in_the_words_of_the_option() -> None:
    error = UsageError("top_p= takes a number from 0 to 1, not 3.0.")
    marked = str(with_mark("--seed 1 --top-p 3", error)).splitlines()
    assert marked[0] == "--top-p takes a number from 0 to 1, not 3.0:"
    assert marked[2].index("^") == len("  --seed 1 --top-p ")


def test_the_manual_has_every_option() -> None:
    for option in ("--model", "--schema", "--attach", "--thinking", "--param", "--bg", "--raw"):
        assert option in manual()


def test_the_examples_of_the_manual_are_right() -> None:
    lines = [line.strip() for line in CELL.splitlines()]
    examples = [line.removeprefix("%%llm") for line in lines if line.startswith("%%llm ")]
    assert len([parse(line) for line in examples if line != " [options]"]) > 4
    words = [line.strip().split()[1:] for line in LINE.splitlines() if line.startswith("    %llm ")]
    named = {found.help for one in words if (found := command(one))}
    assert len(named) >= 7


def test_of_an_option_that_is_there_twice_the_wrong_one_is_marked() -> None:
    with pytest.raises(UsageError) as error:
        parse("-m local -s a -m")
    assert str(error.value).splitlines()[2].index("^") == len("  -m local -s a ")
    line = "-m openai/gpt-5 -m nobody"
    marked = with_mark(line, UnknownModelError("There is no provider called 'nobody'."))
    assert str(marked).splitlines()[2] == "  " + " " * line.index("nobody") + "^" * len("nobody")


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("-p api_key sk-live-4242", "-p api_key"),
        ("-m vllm/x --nonsense -p api_key sk-live-4242", "-p api_key"),
        ("-p api_key 'sk-live-4242", "-p api_key"),
        ("--param token sk-live-4242 -o class", "--param token"),
        ('-p extra_headers \'{"Authorization": "Bearer sk-live-4242"}\'', "Authorization"),
        ('-p extra_headers \'{"X-Api-Key": "sk-live-4242"}\'', "X-Api-Key"),
        ('-p extra_body \'{"a": [{"secret": "sk-live-4242"}]}\'', "secret"),
        ("-p base_url http://me:sk-live-4242@host/v1", "-p base_url"),
        ("-p user sk-live-4242-4242-4242-4242", "-p user"),
        ("--api-key sk-live-4242", "--api-key"),
        ("--token=sk-live-4242", "--token"),
    ],
)
def test_a_key_in_a_cell_is_refused_and_not_shown(line: str, named: str) -> None:
    with pytest.raises(UsageError) as error:
        parse(line)
    text = str(with_mark(line, error.value))
    assert named in text
    assert "%llm key PROVIDER" in text
    assert "4242" not in text


@pytest.mark.parametrize(
    "line",
    [
        '-p extra_body \'{"prompt_cache_key": "notes", "max_tokens": 5}\'',
        "-p thinking_tags true -p base_url http://localhost/v1 --max-tokens 5",
        "-s '--api-key is an option'",
    ],
)
def test_what_is_no_key_is_taken(line: str) -> None:
    parse(line)


def test_the_manual_has_no_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = argparse.ArgumentParser.format_help

    def as_in_python_3_14(self: argparse.ArgumentParser) -> str:
        coloured = plain(self).replace("options:", "\x1b[1;34moptions:\x1b[0m")
        return coloured if getattr(self, "color", True) else plain(self)

    monkeypatch.setattr(argparse.ArgumentParser, "format_help", as_in_python_3_14)
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert manual().lstrip().startswith("-m")
    assert "\x1b" not in manual() + usage()
