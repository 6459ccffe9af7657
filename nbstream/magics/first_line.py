"""Splits the first line of a ``%%llm`` cell into words, and marks a wrong word in an error.

Quotes group words. A backslash is an ordinary character, so that Windows paths and regular
expressions need no escaping; only at the end of a line, after a blank, it continues the options
on the next line.
"""

from __future__ import annotations

from nbstream.errors import UsageError

_BLANKS = " \t\r\n"


class Word(str):
    """A word of the first line, without its quotes; ``start`` and ``end`` are its place there.

    ``quoted`` is whether it begins with a quote: it is then a value, also if a dash follows.
    """

    __slots__ = ("end", "quoted", "start")
    start: int
    end: int
    quoted: bool


def joined(line: str, cell: str) -> tuple[str, str]:
    """The options and the prompt, where the options go on over lines that end in a backslash."""
    while line.rstrip(_BLANKS).endswith("\\") and line.rstrip(_BLANKS)[:-1][-1:] in (" ", "\t", ""):
        following, _, cell = cell.partition("\n")
        line = f"{line.rstrip(_BLANKS)[:-1]}{following.strip()}"
    return line, cell


def words(line: str, name: str) -> list[Word]:
    """The words of a line.

    Raises:
        UsageError: a quote is not closed.
    """
    found = []
    at = 0
    while (word := word_at(line, at, name)) is not None:
        found.append(word)
        at = word.end
    return found


def word_at(line: str, at: int, name: str) -> Word | None:
    """The first word at or after a place in the line; None if there is no other.

    Raises:
        UsageError: a quote in it is not closed.
    """
    while at < len(line) and line[at] in _BLANKS:
        at += 1
    if at == len(line):
        return None
    start, text = at, []
    while at < len(line) and line[at] not in _BLANKS:
        quote = line[at]
        if quote not in "\"'":
            text.append(quote)
            at += 1
            continue
        end = line.find(quote, at + 1)
        if end < 0:
            problem = marked(f"{name}: a quote is not closed", line, at, len(line))
            raise UsageError(problem, remedy=f"Write {quote} at the end of the text.")
        text.append(line[at + 1 : end])
        at = end + 1
    word = Word("".join(text))
    word.start, word.end, word.quoted = start, at, line[start] in "\"'"
    return word


def marked(problem: str, line: str, start: int, end: int) -> str:
    """The problem, and below it the line with a mark under the wrong word."""
    if not line.strip():
        return f"{problem}."
    return f"{problem}:\n  {line.rstrip()}\n  {' ' * start}{'^' * max(1, end - start)}"
