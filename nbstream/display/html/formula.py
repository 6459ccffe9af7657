"""Draws formulas for MathJax, which JupyterLab and nbconvert's pages run on static HTML.

Only TeX whose commands are all in ``COMMANDS`` is left for MathJax. The list has what MathJax 2
and later know without an extension, and no command that makes a link, loads something, defines a
name, moves or enlarges what is drawn, or hides it. Any other formula is shown as its source.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

from nbstream.display.html import styles
from nbstream.display.html.elements import escape

MAX_LENGTH = 5_000
"""Characters of a formula; a longer one is shown as source."""
_MAX_DEPTH = 30
_MAX_SPACES = 40

_TOKEN = re.compile(r"\\(?:[a-zA-Z]+|.)|[{}$%]|[^\\{}$%]+", re.DOTALL)
_NAMED = re.compile(r"\\(begin|end)\s*\{([a-zA-Z]+\*?)\}")
_COLUMNS = re.compile(r"\\begin\s*\{(?:sub)?array\}\s*(?:\[[tcb]\]\s*)?\{[lcr|: ]*\}")
_PAIRS = re.compile(r"\\begin\s*\{aligned?at\*?\}\s*\{\d\}")
_ROW_SPACE = re.compile(r"\\\\\s*\[(?!\s*-?(?:\d|1\d)?(?:\.\d+)?\s*(?:pt|em|ex|mm)\s*\])")
# Control and format characters, among them those that change the direction.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff0-\uffff\ud800-\udfff]"
)


def formula(source: str, *, display: bool) -> str:
    """Draw a formula, or its source if MathJax may not have it."""
    tex = re.sub(r"\\!", " ", source)  # space that moves what follows over what is before
    if not is_plain(tex):
        sign = "$$" if display else "$"
        shown = escape(f"{sign}{source}{sign}")
        return f'<code style="{styles.OF["code"]}">{shown}</code>'
    sign = "$$" if display else "$"
    style = f' style="{styles.DISPLAY}"' if display else ""
    text = tex.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f'<span class="{styles.FORMULA}"{style}>{sign}{text}{sign}</span>'


def is_plain(tex: str) -> bool:
    r"""Whether a formula has nothing but symbols and harmless commands.

    >>> is_plain(r"\frac{1}{2}"), is_plain(r"\href{https://a.example}{x}")
    (True, False)
    """
    if len(tex) > MAX_LENGTH or _HIDDEN.search(tex) or _ROW_SPACE.search(tex):
        return False
    commands, environments = allowed()
    names = {name for _, name in _NAMED.findall(tex)}
    if not names <= environments or not _is_nested(_NAMED.findall(tex)):
        return False
    depth = spaces = begins = 0
    for piece in _TOKEN.findall(tex):
        depth += (piece == "{") - (piece == "}")
        if depth < 0 or depth > _MAX_DEPTH or piece in ("$", "%"):
            return False
        if not piece.startswith("\\"):
            if "#" in piece:
                return False
            continue
        name = piece[1:]
        if name.isspace():
            continue
        begins += name == "begin"
        spaces += name in ("quad", "qquad")
        if name not in commands:
            return False
    arrays = len(re.findall(r"\\begin\s*\{(?:sub)?array\}", tex))
    pairs = len(re.findall(r"\\begin\s*\{aligned?at\*?\}", tex))
    return (
        depth == 0
        and spaces <= _MAX_SPACES
        and begins == sum(kind == "begin" for kind, _ in _NAMED.findall(tex))
        and arrays == len(_COLUMNS.findall(tex))
        and pairs == len(_PAIRS.findall(tex))
    )


def _is_nested(found: list[tuple[str, str]]) -> bool:
    """Whether each environment is closed within the one around it."""
    opened: list[str] = []
    for kind, name in found:
        if kind == "begin":
            opened.append(name)
        elif not opened or opened.pop() != name:
            return False
    return not opened and len(opened) <= _MAX_DEPTH


@cache
def allowed() -> tuple[frozenset[str], frozenset[str]]:
    """The commands and the environments that a formula may have."""
    text = resources.files(__package__).joinpath("formula.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("# ")]
    environments = next(line for line in lines if line.startswith("environments: "))
    commands = " ".join(line for line in lines if line != environments).split()
    return frozenset(commands), frozenset(environments.removeprefix("environments: ").split())
