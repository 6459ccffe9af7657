"""The options of ``%%llm``: one table, for the parser, the manual and the completion."""

from __future__ import annotations

import argparse
import json
import keyword
from dataclasses import dataclass, field
from typing import Any, NoReturn

from nbstream.errors import UsageError
from nbstream.magics.first_line import Word, marked, word_at, words

NAME = "%%llm"


@dataclass(frozen=True, slots=True)
class Options:
    """The parsed options of one cell."""

    model: str | None = None
    name: str | None = None
    schema: str | None = None
    chat: str | None = None
    """The chat's name; an empty one is the notebook's own chat."""
    attachments: list[str] = field(default_factory=list)
    background: bool = False
    raw: bool = False
    no_widget: bool = False
    parameters: dict[str, Any] = field(default_factory=dict)
    """Keywords of ``nbstream.stream()``."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option: its names, what follows it, and what the manual says."""

    names: tuple[str, ...]
    help: str
    value: str = ""
    """The name of the value in the manual; empty for a flag."""
    type: Any = None  # a text, which then still knows its place (`Word`)
    repeated: bool = False
    parameter: str = ""
    """The keyword of ``stream()`` that the value is for."""

    @property
    def key(self) -> str:
        """The name of the value among the parsed ones."""
        return self.names[-1].lstrip("-").replace("-", "_")


def reasoning(text: str) -> str | int:
    """An effort, or a number of tokens; ``off`` is 0."""
    if text == "off":
        return 0
    return int(text) if text.isascii() and text.isdigit() else text


OPTIONS = (
    Option(("-m", "--model"), "provider/model; default: the session's model", "MODEL"),
    Option(("-s", "--system"), "instructions for the model", "TEXT", parameter="system"),
    Option(("-o", "--out"), "bind the answer to this name too", "NAME"),
    Option(("--schema",), "a typed answer: a type, or fields as in 'name: str, age: int'", "TYPE"),
    Option(
        ("-a", "--attach"),
        "a file: its path, its address, or a variable; may be repeated",
        "FILE",
        repeated=True,
    ),
    Option(("-c", "--chat"), "go on with a chat; without NAME the notebook's own", "[NAME]"),
    Option(
        ("--temperature",), "0 is steady, 1 is lively", "NUMBER", float, parameter="temperature"
    ),
    Option(
        ("--max-tokens",), "the longest answer, in tokens", "NUMBER", int, parameter="max_tokens"
    ),
    Option(
        ("--thinking",),
        "low, medium, high, a number of tokens, or off",
        "LEVEL",
        reasoning,
        parameter="reasoning",
    ),
    Option(("--top-p",), "the share of likely words, up to 1", "NUMBER", float, parameter="top_p"),
    Option(("--seed",), "the same seed gives similar answers", "NUMBER", int, parameter="seed"),
    Option(
        ("--stop",),
        "end the answer before this text; may be repeated",
        "TEXT",
        repeated=True,
        parameter="stop",
    ),
    Option(("--timeout",), "the longest silence", "SECONDS", float, parameter="timeout"),
    Option(("-p", "--param"), "any other keyword of nbstream.stream(); VALUE is JSON or a text"),
    Option(("--bg",), "return at once; the answer streams in the background"),
    Option(("--raw",), "send {{ }} as it is"),
    Option(("--no-widget",), "show the answer only when it is whole, without a widget"),
)
_PARAM = "--param"


class _Wrong(Exception):  # noqa: N818 - not an error that a user sees
    """What argparse found; ``option`` names the option that it concerns."""

    def __init__(self, problem: str, option: str | None) -> None:
        super().__init__(problem)
        self.problem, self.option = problem, option


class _Parser(argparse.ArgumentParser):
    """An argument parser that raises instead of exiting."""

    def error(self, message: str) -> NoReturn:
        raise _Wrong(message, None)


def _parser() -> _Parser:
    parser = _Parser(prog=NAME, add_help=False, allow_abbrev=False, exit_on_error=False)
    for option in OPTIONS:
        if _PARAM in option.names:
            parser.add_argument(
                *option.names, nargs=2, action="append", metavar=("KEY", "VALUE"), help=option.help
            )
        elif option.value.startswith("["):
            name = option.value.strip("[]")
            parser.add_argument(*option.names, nargs="?", const="", metavar=name, help=option.help)
        elif option.value:
            parser.add_argument(
                *option.names,
                metavar=option.value,
                type=option.type,
                action="append" if option.repeated else "store",
                help=option.help,
            )
        else:
            parser.add_argument(*option.names, action="store_true", help=option.help)
    return parser


def usage() -> str:
    """The usage in one line."""
    return " ".join(_parser().format_usage().removeprefix("usage: ").split())


def manual() -> str:
    """A list of the options, a line or two each."""
    return _parser().format_help().partition("options:\n")[2].rstrip()


def parse(line: str) -> Options:
    """Parse the first line of a cell.

    Raises:
        UsageError: an unknown option, a missing or wrong value, an unclosed quote, a name that a
            variable cannot have. The error shows the line with a mark under the wrong word.
    """
    found = words(line, NAME)
    try:
        values, left = _parser().parse_known_args(found)
    except argparse.ArgumentError as error:
        raise _error(line, found, error.message, error.argument_name) from None
    except _Wrong as error:
        raise _error(line, found, error.problem, error.option) from None
    if left:
        raise _unknown(line, left[0])
    given = vars(values)
    if given["out"] is not None:
        _check_name(line, given["out"])
    return Options(
        model=given["model"],
        name=given["out"],
        schema=given["schema"],
        chat=given["chat"],
        attachments=given["attach"] or [],
        background=given["bg"],
        raw=given["raw"],
        no_widget=given["no_widget"],
        parameters=_parameters(given),
    )


def prompt_at(line: str) -> int:
    """Where the prompt begins in a line that has options first: at the first word of no option.

    Raises:
        UsageError: a quote is not closed.
    """
    takes = {
        name: 2 if _PARAM in option.names else bool(option.value)
        for option in OPTIONS
        for name in option.names
    }
    values = at = 0  # how many values are still to come
    while values or line[at:].lstrip().startswith("-"):
        word = word_at(line, at, "%llm")
        if word is None:
            return len(line)
        values = values - 1 if values else 0 if "=" in word else int(takes.get(word, 0))
        at = word.end
    return at


def _parameters(given: dict[str, Any]) -> dict[str, Any]:
    """The keywords of ``stream()``."""
    found = {
        option.parameter: given[option.key]
        for option in OPTIONS
        if option.parameter and given[option.key] is not None
    }
    return found | {name: _json(value) for name, value in given["param"] or ()}


def _json(text: str) -> Any:
    """The JSON value that a text is; the text itself if it is none."""
    try:
        return json.loads(text)
    except ValueError:
        return str(text)


def _error(line: str, found: list[Word], problem: str, option: str | None) -> UsageError:
    """The error for an option's missing or wrong value."""
    names = (option or "").split("/")
    at = next((i for i, word in enumerate(found) if word.partition("=")[0] in names), None)
    if at is None:
        return UsageError(f"{NAME}: {problem}.", remedy=f"Usage: {usage()}")
    word = found[at]
    if "invalid" in problem and word in names and at + 1 < len(found):
        word = found[at + 1]
    text = marked(f"{NAME}: {found[at].partition('=')[0]}: {problem}", line, word.start, word.end)
    return UsageError(text, remedy="%%llm? shows the options.")


def _unknown(line: str, word: str) -> UsageError:
    """The error for a word that is no option."""
    import difflib

    start = getattr(word, "start", 0)
    names = [name for option in OPTIONS for name in option.names]
    near = difflib.get_close_matches(word, names, n=1)
    if word.startswith("-"):
        problem = f"{NAME} has no option {word}"
        remedy = f"Did you mean {near[0]}?" if near else "%%llm? shows the options."
    else:
        problem = f"{NAME}: {word} belongs to no option"
        remedy = "Write the prompt below the first line. %%llm? shows the options."
    return UsageError(marked(problem, line, start, getattr(word, "end", start)), remedy=remedy)


def _check_name(line: str, name: str) -> None:
    """Raise UsageError unless ``name`` can be a variable that a later cell reads."""
    remedy = "For example: -o answer."
    if not name.isidentifier():
        problem = f"-o {name} is not a valid variable name"
    elif keyword.iskeyword(name):
        problem = f"-o {name} is a Python keyword"
    elif name in ("_", "__", "___", "_llm"):
        # IPython stores the last three results there until user code assigns one of them.
        problem = f"-o {name} would stop IPython from updating {name}"
        remedy = f"{remedy} Without -o the answer is in _."
    else:
        return
    start, end = (name.start, name.end) if isinstance(name, Word) else (0, 0)
    raise UsageError(marked(f"{NAME}: {problem}", line, start, end), remedy=remedy)
