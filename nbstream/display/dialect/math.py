r"""Recognizes formulas: ``$x$``, ``$$x$$``, ``\(x\)``, ``\[x\]`` and ``\begin{align}``.

The same signs are prices, shell variables and escaped brackets: ``$5 and $10``,
``$HOME/bin:$PATH``, ``\[Note\]``. The rules are those of ``js/render/markdown/inline/math.ts``.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from nbstream.display.dialect.chars import before, is_spaced_word

if TYPE_CHECKING:
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline

MAX_SPAN = 8_000
"""Characters of a formula."""

_NAMES = (
    r"(?:(?:fl)?align|alignat|gather|multline|equation|eqnarray|[pbBvV]?matrix)\*?"
    r"|aligned(?:at)?|gathered|split|[dr]?cases|(?:sub)?array|smallmatrix|CD"
)
_ENVIRONMENT = re.compile(rf"\\begin\{{({_NAMES})\}}")
_TEX = re.compile(r"\\[a-zA-Z]|[\^={}<>+|&]|(?<!\\)_")
_CJK_WORD = re.compile("[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_AMOUNT = re.compile(r"\d[\d.,]*[kmb%]?\s+\(?[a-z]{2}", re.IGNORECASE | re.ASCII)
_OPENERS = {"$$": "$$\n", "\\]": "\\[\n"}
_LETTER = r"[^\W\d_]"
_WORDS = re.compile(rf"{_LETTER}{{3}}\s+{_LETTER}{{3}}")
_NO_FORMULA = re.compile(r"[)\],;]|.*[\s/:]\Z", re.DOTALL)
_SUFFIX = re.compile(r"(?:th|st|nd|rd|s)(?![^\W_])")


class Formula(NamedTuple):
    """A formula: its source, whether it has a line of its own, and where it ends."""

    source: str
    display: bool
    end: int


def inline(state: StateInline, silent: bool) -> bool:
    """Read the formula at the position, or dollar signs that begin none."""
    char = state.src[state.pos]
    if char not in "$\\":
        return False
    found = _at(state.src[: state.posMax], state.pos)
    if found is None:
        if char == "\\":
            return _backslash(state, silent)
        end = _run(state.src, state.pos)
        if not silent:
            state.append_pending("$" * (end - state.pos))
        state.pos = end
        return True
    if not silent:
        token = state.push("math", "", 0)
        token.content = found.source
        token.meta = {"display": found.display}
    state.pos = found.end
    return True


def _backslash(state: StateInline, silent: bool) -> bool:
    """Read a backslash that escapes nothing. markdown-it reads one more character with it."""
    following = state.src[state.pos + 1 : state.pos + 2]
    if following == "\n" or (
        following.isascii() and following and not following.isalnum() and not following.isspace()
    ):
        return False
    if not silent:
        state.append_pending("\\")
    state.pos += 1
    return True


def _at(text: str, at: int) -> Formula | None:
    if text[at] == "$":
        count = _run(text, at) - at
        if count > 2:
            return None
        if count == 1:
            return _dollar(text, at)
        found = _between(text, at, "$$", display=True)
        if found is None or text[found.end : found.end + 1] == "$":
            return None
        return None if _is_prose(found.source, 3) else found
    after = text[at + 1 : at + 2]
    if after == "b":
        return _environment(text, at)
    if not after or after not in "([":
        return None
    display = after == "["
    found = _between(text, at, "\\]" if display else "\\)", display=display)
    if found is None or _is_escaped(text[at + 2 : found.end - 2], display=display):
        return None
    return found


def _run(text: str, at: int) -> int:
    """Where the dollar signs at a position end."""
    while text[at : at + 1] == "$":
        at += 1
    return at


def _closer(text: str, at: int) -> str:
    """The marker that closes the environment which begins at a position; "" if none does."""
    found = _ENVIRONMENT.match(text, at)
    return f"\\end{{{found[1]}}}" if found else ""


def _environment(text: str, at: int) -> Formula | None:
    closer = _closer(text, at)
    found = text.find(closer, at + 2, at + MAX_SPAN) if closer else -1
    end = found + len(closer)
    return None if found < 0 else Formula(text[at:end], True, end)  # noqa: FBT003


def _between(text: str, at: int, closer: str, *, display: bool) -> Formula | None:
    end = text.find(closer, at + 2, at + MAX_SPAN)
    source = text[at + 2 : end].strip() if end >= 0 else ""
    return Formula(source, display, end + 2) if source else None


def _dollar(text: str, at: int) -> Formula | None:
    """A formula in single dollars, on one line: a dollar on another line is likely a price."""
    following = text[at + 1 : at + 2]
    if following.isspace() or is_spaced_word(before(text, at)):
        return None
    position = at + 1
    while position < min(len(text), at + MAX_SPAN):
        char = text[position]
        if char in "\n`":
            return None
        if char == "$":
            break
        position += 2 if char == "\\" else 1
    else:
        return None
    source, after = text[at + 1 : position], text[position + 1 : position + 5]
    if _NO_FORMULA.match(source) or _AMOUNT.match(source):
        return None
    if _WORDS.search(source) and not _TEX.search(source):
        return None
    if not _SUFFIX.match(after) and (re.match(r"[0-9$_{]", after) or is_spaced_word(after)):
        return None
    return Formula(source, False, position + 1)  # noqa: FBT003


def _is_escaped(inner: str, *, display: bool) -> bool:
    r"""Whether the text between escaped brackets is no formula: ``\[Note\]``, ``\[1\]``."""
    if not any(char == "\\" or unicodedata.category(char)[0] in "LN" for char in inner):
        return True
    # A number in a formula of its own has spaces around it.
    if display and re.fullmatch(r"[0-9][0-9, \u2013-]*", inner) and inner == inner.strip():
        return True
    return _is_prose(inner, 3 if display else 4)


def _is_prose(text: str, length: int) -> bool:
    """Whether a text has a word of this length, or one in Chinese, and no sign of TeX."""
    if _TEX.search(text):
        return False
    return bool(_CJK_WORD.search(text) or re.search(f"{_LETTER}{{{length}}}", text))


def block(state: StateBlock, begin: int, end: int, silent: bool) -> bool:
    """Read a formula that stands alone on its lines."""
    if state.is_code_block(begin):
        return False
    opened = _opened(_line(state, begin).strip())
    if opened is None:
        return False
    if silent:
        return True
    source, closer = opened
    line, complete = begin + 1, not closer
    lines = [source] if source else []
    # TeX allows no blank line in a display formula.
    while not complete and line < end and not state.isEmpty(line):
        if state.sCount[line] < state.blkIndent:
            break
        text = state.getLines(line, line + 1, state.blkIndent, False)  # noqa: FBT003
        last = _last(text.strip(), closer)
        complete = last is not None
        lines.append(text if last is None else last)
        line += 1
    token = state.push("math_block", "", 0)
    text = "\n".join(lines).strip()
    # One that never ends is text, with its opener.
    token.content = text if complete else _OPENERS.get(closer, "") + text
    token.meta = {"display": True, "complete": complete}
    token.map = [begin, line]
    state.line = line
    return True


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _opened(body: str) -> tuple[str, str] | None:
    """The formula's source on its first line, and its closer; "" if that line has it already."""
    environment = _closer(body, 0)
    opener = "" if environment else body[:2]
    if opener not in ("", "$$", "\\[") or body.startswith("$$$") or not body:
        return None
    if len(body) > MAX_SPAN:
        return None
    closer = environment or ("$$" if opener == "$$" else "\\]")
    inner = body[len(opener) :]
    whole = _last(inner, closer) if len(inner) > len(closer) else None
    found = inner.find(closer)
    if found >= 0 and (whole is None or found < len(inner) - len(closer) - 1):
        return None
    if opener == "$$" and body.endswith("$$$"):  # `$$ to $$$` are price ranges
        return None
    if opener == "$$" and _is_prose(inner if whole is None else whole, 3):
        return None
    # Within a line it is an escaped bracket; as an opener it stands alone on its line.
    if opener == "\\[" and (inner if whole is None else _is_escaped(whole, display=True)):
        return None
    return (inner, closer) if whole is None else (whole.strip(), "")


def _last(line: str, closer: str) -> str | None:
    """What the last line of a formula adds to it; None if the line does not close it.

    A punctuation mark after the closer is part of the formula, as authors of TeX have it.
    """
    text = line.rstrip()
    mark = text[-1:] if text[-1:] in (".", ",", ";", ":") else ""
    inner = text[: len(text) - len(mark)]
    if not inner.endswith(closer):
        return None
    return (inner if closer.startswith("\\end") else inner[: -len(closer)]) + mark
