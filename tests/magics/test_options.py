"""The first line of a cell: what the options become, and the mark under a wrong word."""

from typing import Any

import pytest

from nbstream.errors import UsageError
from nbstream.magics.first_line import joined
from nbstream.magics.options import Options, manual, parse


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
        ("-m local gpt-5", "Write the prompt below the first line", "gpt-5"),
        ("-s a --timeout soon", "invalid float value: 'soon'", "soon"),
        ("--seed=1.5", "invalid int value: '1.5'", "--seed=1.5"),
        ("-s a -m", "expected one argument", "-m"),
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


def test_the_manual_has_every_option() -> None:
    for option in ("--model", "--schema", "--attach", "--thinking", "--param", "--bg", "--raw"):
        assert option in manual()
