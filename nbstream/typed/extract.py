"""The JSON in a model's text.

Knows what models write around it: a code fence, a sentence before, a sentence
after. Refuses to know JSON beyond its first characters; where it ends, the
reader says. What was left out is told in ``repairs``, in words for a user.
"""

from __future__ import annotations

import re

from nbstream.core.text_buffer import TextBuffer

_FENCE = re.compile(r"```[ \t]*(?:json\w*)?\s*\Z", re.IGNORECASE)
_SPACE = " \t\r\n\ufeff"
# In prose a bracket alone is no JSON: "{x}" and "[1]" are common there.
_OBJECT = re.compile(r'\{\s*["}]')
_OBJECT_OR_ARRAY = re.compile(r'\{\s*["}]|\[\s*["{\[]')
_MAYBE = re.compile(r"[{\[]\s*\Z")


class Extract:
    """Passes on the text from where JSON begins.

    ``arrays``: an array may be what is looked for, not only an object.
    """

    def __init__(self, *, arrays: bool) -> None:
        self._starts = "{[" if arrays else "{"
        self._pattern = _OBJECT_OR_ARRAY if arrays else _OBJECT
        self._before = TextBuffer()
        self._tail = ""  # the end of that, if JSON may begin there
        self._blank = True
        self._after = TextBuffer()
        self._fenced = False
        self.found = False
        self.start = 0  # where in the text the JSON begins
        self._left_out: list[str] = []

    def feed(self, chunk: str) -> str:
        """The part of ``chunk``, and of what was held back, that is JSON."""
        if self.found:
            return chunk
        tail = self._tail + chunk
        length = self._before.append(chunk)
        at = self._find(tail)
        if at is None:
            maybe = _MAYBE.search(tail)
            self._tail = maybe[0] if maybe else ""
            return ""
        self.found = True
        self.start = length - len(tail) + at
        self._look_before(self._before.upto(self.start))
        self._before = TextBuffer()
        return tail[at:]

    def _find(self, text: str) -> int | None:
        if self._blank:
            plain = text.lstrip(_SPACE)
            self._blank = not plain
            if plain and plain[0] in self._starts:
                return len(text) - len(plain)
        found = self._pattern.search(text)
        return found.start() if found else None

    def _look_before(self, before: str) -> None:
        prose = _FENCE.sub("", before)
        self._fenced = prose != before
        if self._fenced:
            self._left_out.append("took the JSON out of a code fence")
        if left_out := len(prose.strip(_SPACE)):
            self._left_out.append(f"left out {left_out} characters before the JSON")

    def after(self, text: str) -> None:
        """Take in what follows the JSON."""
        self._after.append(text)

    @property
    def repairs(self) -> list[str]:
        """What was left out so far, in words for a user."""
        after = len(self._rest())
        told = [f"left out {after} characters after the JSON"] if after else []
        return [*self._left_out, *told]

    @property
    def has_more(self) -> bool:
        """Whether more JSON seems to follow."""
        return self._pattern.search(self._rest()) is not None

    def _rest(self) -> str:
        rest = str(self._after).strip(_SPACE)
        return rest.removeprefix("```").strip(_SPACE) if self._fenced else rest
