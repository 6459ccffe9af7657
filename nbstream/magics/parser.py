"""Parses the options in the first line of a ``%%llm`` cell, and lists them for the manual."""

from __future__ import annotations

import argparse
import json
from typing import Any, NoReturn

from nbstream.errors import UsageError
from nbstream.magics.first_line import word_at, words
from nbstream.magics.keys_in_cells import refuse_keys_in_options
from nbstream.magics.option_errors import check_name, unknown, wrong_value
from nbstream.magics.options import NAME, OPTIONS, Options


class _Wrong(Exception):  # noqa: N818 - not an error that a user sees
    """What argparse found; ``option`` names the option that it concerns."""

    def __init__(self, problem: str, option: str | None) -> None:
        super().__init__(problem)
        self.problem, self.option = problem, option


class _Format(argparse.HelpFormatter):
    """A manual of the same width everywhere."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, indent_increment=4, max_help_position=34, width=100)


class _Parser(argparse.ArgumentParser):
    """An argument parser that raises instead of exiting."""

    def error(self, message: str) -> NoReturn:
        raise _Wrong(message, None)

    def _parse_optional(self, arg_string: str) -> Any:
        """What option a word is; a word in quotes is none."""
        return None if getattr(arg_string, "quoted", False) else super()._parse_optional(arg_string)


def _parser() -> _Parser:
    parser = _Parser(
        prog=NAME,
        add_help=False,
        allow_abbrev=False,
        exit_on_error=False,
        formatter_class=_Format,
    )
    vars(parser)["color"] = False  # Python 3.14 would colour the manual
    for option in OPTIONS:
        if option.value.startswith("["):
            name = option.value.strip("[]")
            parser.add_argument(*option.names, nargs="?", const="", metavar=name, help=option.help)
        elif option.value:
            several = option.words > 1
            parser.add_argument(
                *option.names,
                nargs=option.words if several else None,
                metavar=tuple(option.value.split()) if several else option.value,
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
            variable cannot have: the error shows the line with a mark under the wrong word. Or it
            has an API key.
    """
    try:
        found = words(line, NAME)
    except UsageError:
        refuse_keys_in_options(line.split())  # the error shows the line
        raise
    refuse_keys_in_options(found)
    try:
        values, left = _parser().parse_known_args(found)
    except argparse.ArgumentError as error:
        raise wrong_value(line, found, error.message, error.argument_name, usage()) from None
    except _Wrong as error:
        raise wrong_value(line, found, error.problem, error.option, usage()) from None
    if left:
        raise unknown(line, left[0])
    given = vars(values)
    if given["out"] is not None:
        check_name(line, given["out"])
    return Options(
        model=given["model"],
        name=given["out"],
        schema=given["schema"],
        chat=given["chat"],
        attachments=given["attach"] or [],
        tools=given["tool"] or [],
        agent=given["agent"],
        background=given["bg"],
        raw=given["raw"],
        no_widget=given["no_widget"],
        cache=given["cache"],
        parameters=_parameters(given),
    )


def prompt_at(line: str) -> int:
    """Where the prompt begins in a line that has options first: at the first word of no option.

    Raises:
        UsageError: a quote is not closed.
    """
    takes = {name: option.words for option in OPTIONS for name in option.names}
    values = at = 0  # how many values are still to come
    while values or line[at:].lstrip().startswith("-"):
        try:
            word = word_at(line, at, "%llm")
        except UsageError:
            refuse_keys_in_options(line.split())
            raise
        if word is None:
            return len(line)
        values = values - 1 if values else 0 if "=" in word else takes.get(word, 0)
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
