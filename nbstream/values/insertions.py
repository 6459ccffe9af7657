"""Finds ``{{ expression }}`` in a prompt, and puts the values of the user's variables there.

With a blank inside both pairs of braces anything is an expression. Without them only the name of
a variable that exists is one, and only as a word of its own. So JSON, LaTeX, f-strings and
templates are sent unchanged. ``{{{{ x }}}}`` is sent as ``{{ x }}``.
"""

from __future__ import annotations

import builtins
import re
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from nbstream.core.message import FilePart, TextPart
from nbstream.errors import NBStreamError, UsageError
from nbstream.streams import Stream
from nbstream.values.description import AWAIT, describe

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_EXPRESSION = 2_000  # characters
_MOST_ENDS = 20  # `}}` that are tried for one `{{`

_NAME = r"[^\W\d]\w*(?:\.[^\W\d]\w*)*"
_OPENING = re.compile(
    r"(?P<escape>(?<!\{)\{\{\{\{(?=\s))"
    r"|(?P<spaced>(?<!\{)\{\{(?=\s))"
    rf"|(?<![^\s(\[:,;>*_\u2013\u2014-])(?:\{{\{{\{{\{{(?P<escaped>{_NAME})\}}\}}\}}\}}|\{{\{{(?P<tight>{_NAME})\}}\}})"
    r"(?![\w{}])"
)
_ESCAPED_END = re.compile(r"(?<=\s)\}\}\}\}(?!\})")
_END = re.compile(r"(?<=\s)\}\}(?!\})")

_RAW = "To send the braces as they are, write {{{{ and }}}}, or use --raw."


class Insertion(NamedTuple):
    """An expression in a prompt, and where it stands."""

    expression: str
    start: int
    end: int


def fill(prompt: str, names: Mapping[str, Any]) -> str | list[TextPart | FilePart]:
    """The prompt with the values of its expressions; a list of parts if one of them is a file.

    Raises:
        UsageError: an expression is no Python, has a name that does not exist, or failed.
    """
    parts: list[TextPart | FilePart] = []
    text: list[str] = []
    for piece in _pieces(prompt, names):
        if isinstance(piece, str):
            text.append(piece)
            continue
        for part in _value(piece, names):
            if isinstance(part, TextPart):
                text.append(part.text)
            else:
                _flush(text, parts)
                parts.append(part)
    if not parts:
        return "".join(text)
    _flush(text, parts)
    return parts


def _flush(text: list[str], parts: list[TextPart | FilePart]) -> None:
    """Move the text so far to the parts."""
    if whole := "".join(text):
        parts.append(TextPart(whole))
    text.clear()


def _pieces(prompt: str, names: Mapping[str, Any]) -> Iterator[str | Insertion]:
    """The prompt as texts to be sent and expressions, in order."""
    at = 0
    while found := _OPENING.search(prompt, at):
        start = found.start()
        yield prompt[at:start]
        at = found.end()
        if found["escaped"]:
            yield f"{{{{{found['escaped']}}}}}"
        elif found["tight"]:
            root = found["tight"].partition(".")[0]
            known = root in names and not hasattr(builtins, root)
            yield Insertion(found["tight"], start, at) if known else found[0]
        elif found["escape"]:
            end = _ESCAPED_END.search(prompt, at)
            stop = end.end() if end else at
            yield "{{" + (f"{prompt[at : end.start()]}}}}}" if end else "")
            at = stop
        else:
            insertion = _spaced(prompt, start, at)
            yield insertion or found[0]
            at = insertion.end if insertion else at
    yield prompt[at:]


def _spaced(prompt: str, start: int, begin: int) -> Insertion | None:
    """The expression that begins at ``begin``; it ends at the first ``}}`` that makes it whole.

    None without an end. An expression that is no Python ends at the first.
    """
    ends = list(islice(_END.finditer(prompt, begin, begin + MAX_EXPRESSION), _MOST_ENDS))
    for end in ends:
        expression = prompt[begin : end.start()].strip()
        if _is_expression(expression):
            return Insertion(expression, start, end.end())
    if not ends or "\n" in prompt[begin : ends[0].start()]:
        return None  # braces of another language: an expression that fails stands on one line
    return Insertion(prompt[begin : ends[0].start()].strip(), start, ends[0].end())


def _is_expression(text: str) -> bool:
    try:
        compile(f"({text}\n)", "<prompt>", "eval")
    except (SyntaxError, ValueError):
        return False
    return bool(text)


def _value(insertion: Insertion, names: Mapping[str, Any]) -> list[TextPart | FilePart]:
    """Evaluate an expression in the user's namespace and describe its value."""
    expression = insertion.expression
    where = f"{{{{ {expression} }}}}"
    if re.match(r"await\s", expression) and _is_expression(expression[len("await") :]):
        raise UsageError(f"{where}: a prompt cannot await.", remedy=AWAIT)
    if not _is_expression(expression):
        raise UsageError(f"{where} in the prompt is not a Python expression.", remedy=_RAW)
    try:
        value = eval(f"({expression}\n)", dict(names))  # noqa: S307 - the user's own code
    except NameError as error:
        raise UsageError(f"{where} in the prompt: {error}.", remedy=_RAW) from None
    except Exception as error:
        text = f"{where} in the prompt failed with {type(error).__name__}: {error}"
        raise UsageError(text, remedy=_RAW) from error
    try:
        return describe(value)
    except NBStreamError as error:
        remedy = error.remedy
        if isinstance(value, Stream):
            remedy = "It has no text: run its cell again."
            if value.text:
                remedy = f"To go on with what had arrived, write {{{{ {expression}.text }}}}."
        raise UsageError(f"{where} in the prompt: {error.text}", remedy=remedy) from error
