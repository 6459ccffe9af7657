"""``%llm``: a prompt in one line, or a sub-command."""

from __future__ import annotations

from contextlib import suppress
from itertools import takewhile
from typing import TYPE_CHECKING

from IPython.core.error import UsageError as ShellUsageError
from IPython.core.magic import no_var_expand

from nbstream.display.interrupts import without_traceback
from nbstream.errors import NBStreamError, UsageError
from nbstream.magics.commands import command, misspelt, misused
from nbstream.magics.first_line import words as split_line
from nbstream.magics.keys_in_cells import refuse_key_in_prompt
from nbstream.magics.llm import llm
from nbstream.magics.parser import prompt_at

if TYPE_CHECKING:
    from nbstream.streams import Stream


_FILES = ("record", "replay")
"""The sub-commands with a file, whose name may have blanks and stand in quotes."""


def _words(line: str) -> list[str]:
    """The words of the line. An apostrophe of a prompt is no quote."""
    found = line.split()
    if found and found[0] in _FILES and any(quote in line for quote in "\"'"):
        with suppress(UsageError):
            return [str(word) for word in split_line(line, "%llm")]
    return found


def _without_comment(words: list[str]) -> list[str]:
    """The words before one that begins with ``#``. IPython leaves it there for a magic."""
    return list(takewhile(lambda word: not word.startswith("#"), words))


@no_var_expand
def llm_line(line: str) -> Stream | None:
    """Ask a model in one line, or use a sub-command."""
    words = _words(line)
    if not words or words == ["help"]:
        print(llm_line.__doc__)  # noqa: T201 - what it can do
        return None
    plain = _without_comment(words)
    if (found := command(plain)) is not None:
        words = plain
    else:
        refuse_key_in_prompt(words)
        if meant := misspelt(words):
            raise ShellUsageError(
                f"%llm has no command {words[0]}.\nDid you mean %llm {meant}?"
                " A prompt this short goes below %%llm."
            )
        if wrong := misused(words):
            problem, usage = wrong
            raise ShellUsageError(
                f"{problem}.\nWrite {usage}. A prompt this short goes below %%llm."
            )
        at = prompt_at(line)
        return llm(line[:at], line[at:].strip())
    try:
        result: Stream | None = found.run(*words[1:])
    except UsageError as error:
        raise ShellUsageError(str(error)) from None
    except NBStreamError as error:
        raise without_traceback(error, f"{error.title}: {error}") from None
    return result
