"""Errors about the first line of a ``%%llm`` cell: they mark the wrong word of it."""

from __future__ import annotations

import difflib
import keyword

from nbstream.errors import LocalModelError, UnknownModelError, UsageError
from nbstream.magics.first_line import Word, marked, words
from nbstream.magics.options import NAME, OPTIONS, Option


def wrong_value(
    line: str, found: list[Word], problem: str, option: str | None, usage: str
) -> UsageError:
    """The error for an option's missing or wrong value, which argparse found."""
    names = (option or "").split("/")
    at = None
    for i in (i for i, word in enumerate(found) if word.partition("=")[0] in names):
        after = "".join(found[i + 1 : i + 2])
        if at is None or not after or after.startswith("-") or repr(after) in problem:
            at = i  # an option may be there twice
    if at is None:
        return UsageError(f"{NAME}: {problem}.", remedy=f"Usage: {usage}")
    word = found[at]
    if word in names and at + 1 < len(found) and repr(str(found[at + 1])) in problem:
        word = found[at + 1]
    text = marked(f"{NAME}: {found[at].partition('=')[0]}: {problem}", line, word.start, word.end)
    return UsageError(text, remedy="%%llm? shows the options.")


def with_mark(line: str, error: UsageError) -> UsageError:
    """An error that the request found, with a mark under the word of the first line that it is of.

    Unchanged if that is not known, or is not in the line.
    """
    option = None if "\n" in error.text else _option_of(error)  # of more lines: marked already
    if option is None:
        return error
    found = words(line, NAME)
    for at, word in reversed(list(enumerate(found))):  # the last of an option counts
        name, _, value = word.partition("=")
        if name not in option.names:
            continue
        shown = word if value or at + 1 == len(found) else found[at + 1]
        if option.repeated and not _is_of(error, option, shown):
            continue  # another of them
        text = error.text.rstrip(".")
        if text.startswith(f"{option.parameter}="):  # in the words of stream()
            text = name + text.removeprefix(f"{option.parameter}=")
        return UsageError(marked(text, line, shown.start, shown.end), remedy=error.remedy)
    return error


def _is_of(error: UsageError, option: Option, value: str) -> bool:
    """Whether an error is of that value of an option; True if it names the option's keyword."""
    given = next((one for one in option.names if error.text.startswith(f"{one} ")), None)
    return given is None or f"{given} {value}" in error.text


def _option_of(error: UsageError) -> Option | None:
    """The option that an error is of; None if it does not say."""
    first = error.text.partition(" ")[0]
    if isinstance(error, (UnknownModelError, LocalModelError)):
        first = "--model"
    parameter = first.removesuffix("=")
    for option in OPTIONS:
        if first in option.names or (first != parameter and parameter == option.parameter):
            return option
    return None


def unknown(line: str, word: str) -> UsageError:
    """The error for a word that is no option."""
    start = getattr(word, "start", 0)
    names = [name for option in OPTIONS for name in option.names]
    begun = [name for name in names if len(word) > len("-t") and name.startswith(word)]
    near = begun or difflib.get_close_matches(word, names, n=1, cutoff=0.8)
    if word.startswith("-"):
        problem = f"{NAME} has no option {word}"
        meant = f"Did you mean {' or '.join(near)}? " if near else ""
        remedy = f"{meant}%%llm? shows the options."
    else:
        problem = f"{NAME}: {word} belongs to no option"
        remedy = "Write the prompt below this line, or after %llm; a value with blanks in quotes."
    return UsageError(marked(problem, line, start, getattr(word, "end", start)), remedy=remedy)


def check_name(line: str, name: str) -> None:
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
