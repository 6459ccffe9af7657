"""The name of a programming language, by the word after a code fence.

An unknown word is not shown, since it is text from the model. The table is that of
``js/render/markdown/dom/language.ts``.
"""

from __future__ import annotations

import re

# A line: the name, and the words for it besides the name in small letters.
_TABLE = """\
Shell=bash sh zsh console
C h
C++=cpp
C#=csharp cs
CSS
Diff patch
Go
HTML
Java
JavaScript js jsx mjs
JSON jsonl
Julia
LaTeX tex
Markdown md
Python py ipython
R
Ruby rb
Rust rs
SQL
TOML
TypeScript ts tsx
XML svg
YAML yml"""


def _known() -> dict[str, str]:
    found: dict[str, str] = {}
    for line in _TABLE.splitlines():
        head, *words = line.split(" ")
        name, _, other = head.partition("=")
        found |= dict.fromkeys((name.lower(), other or name.lower(), *words), name)
    return found


_NAMES = _known()


def language(info: str) -> str:
    """The name of the language; "" if it is not known.

    >>> language("py title=x")
    'Python'
    """
    return _NAMES.get(re.split(r"[\s{,:]", info.strip(), maxsplit=1)[0].lower(), "")
