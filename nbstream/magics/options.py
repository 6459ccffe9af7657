"""Parses the options on the first line of a ``%%llm`` cell, such as ``-m MODEL``."""

from __future__ import annotations

import argparse
import keyword
import shlex
from dataclasses import dataclass
from typing import NoReturn

from nbstream.errors import UsageError


@dataclass(frozen=True, slots=True)
class Options:
    """The parsed options of one cell; None for each that the line does not set."""

    model: str | None
    system: str | None
    name: str | None
    temperature: float | None
    timeout: float | None


class _Parser(argparse.ArgumentParser):
    """An argument parser that raises an error on bad options instead of exiting."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"%%llm: {message}.", remedy=f"Usage: {usage()}")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="%%llm", add_help=False, allow_abbrev=False)
    parser.add_argument("-m", "--model", help="provider/model; $NBSTREAM_MODEL, else local")
    parser.add_argument("-s", "--system", help="instructions for the model")
    parser.add_argument("-o", "--output", metavar="NAME", help="bind the answer to this name too")
    parser.add_argument("-t", "--temperature", type=float, help="0 is steady, 1 is lively")
    parser.add_argument("--timeout", type=float, metavar="SECONDS", help="the longest silence")
    return parser


def usage() -> str:
    """The magic's usage text: all options in one line."""
    return " ".join(_parser().format_usage().removeprefix("usage: ").split())


def parse(line: str) -> Options:
    """Parse the first line of a ``%%llm`` cell to ``Options``.

    Quotes group words. A backslash is an ordinary character, so that Windows paths
    and regular expressions need no escaping.

    Raises:
        UsageError: an unknown option, a missing value, an unclosed quote, a
            name that a variable cannot have.
    """
    words = shlex.shlex(line, posix=True, punctuation_chars=False)
    words.whitespace_split, words.commenters, words.escape = True, "", ""
    try:
        found = _parser().parse_args(list(words))
    except ValueError as error:
        raise UsageError(
            f"%%llm: {str(error).lower()}: {line.strip()}", remedy=f"Usage: {usage()}"
        ) from None
    if found.output is not None:
        _check_name(found.output)
    return Options(found.model, found.system, found.output, found.temperature, found.timeout)


def _check_name(name: str) -> None:
    """Raise UsageError unless ``name`` can be a variable that a later cell reads."""
    if not name.isidentifier():
        raise UsageError(f"%%llm: -o {name} is not a valid variable name.", remedy=_NAME)
    if keyword.iskeyword(name):
        raise UsageError(f"%%llm: -o {name} is a Python keyword.", remedy=_NAME)
    if name in ("_", "__", "___"):
        # IPython stores the last three results there until user code assigns one of them.
        raise UsageError(
            f"%%llm: -o {name} would stop IPython from updating {name}.",
            remedy=f"{_NAME} Without -o the answer is in _.",
        )


_NAME = "For example: -o answer."
