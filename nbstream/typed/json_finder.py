"""Finds the JSON in a model's streamed text, which may have a code fence or prose around it.

It finds where the JSON begins; the scanner finds where it ends. ``repairs`` tells the user
what was left out.
"""

from __future__ import annotations

import re

from nbstream.core.text_buffer import TextBuffer

_FENCE = re.compile(r"```[ \t]*(?:json\w*|javascript|js|python|py)?\s*\Z", re.IGNORECASE)
_SPACE = " \t\r\n\ufeff"
# In prose a single bracket is not JSON: "{x}" and "[1]" are common there.
_OBJECT = re.compile(r'\{\s*["}]')
_OBJECT_OR_ARRAY = re.compile(r'\{\s*["}]|\[\s*["{\[]')
_MAY_BEGIN = re.compile(r"[{\[]\s*\Z")
# Leniently read, an object in prose may begin with a key in single or without quotes, and any
# bracket right after the first line of a code fence begins JSON.
_LENIENT_KEY = r"""[\"}'‘“]|[A-Za-z_$][\w$-]{0,60}\s*:|//|/\*"""  # noqa: RUF001
_AFTER_FENCE = (
    r"(?<=```)(?:[ \t]{0,4}(?:json\w{0,5}|javascript|js|python|py)?\s{0,20})(?P<at>[{\[])"
)
_LENIENT_OBJECT = re.compile(rf"\{{\s*(?:{_LENIENT_KEY})|{_AFTER_FENCE}", re.IGNORECASE)
_LENIENT_OBJECT_OR_ARRAY = re.compile(
    rf"\{{\s*(?:{_LENIENT_KEY})|\[\s*[\"{{\['‘“]|{_AFTER_FENCE}",  # noqa: RUF001
    re.IGNORECASE,
)
_LENIENT_MAY_BEGIN = re.compile(
    r"(?:[{\[]\s*(?:[A-Za-z_$][\w$-]{0,60}\s*|/)?|`{1,2}|```[ \t]{0,4}\w{0,10}\s{0,20})\Z"
)


class JSONFinder:
    """Skips the text before the JSON and passes on the rest.

    ``arrays``: also look for an array, not only an object. ``strict``: for JSON only, not for
    what a ``LenientScanner`` reads.
    """

    def __init__(self, *, arrays: bool, strict: bool) -> None:
        self._starts = "{[" if arrays else "{"
        self._json = _OBJECT_OR_ARRAY if arrays else _OBJECT
        lenient = _LENIENT_OBJECT_OR_ARRAY if arrays else _LENIENT_OBJECT
        self._pattern = self._json if strict else lenient
        self._may_begin = _MAY_BEGIN if strict else _LENIENT_MAY_BEGIN
        self._before = TextBuffer()
        self._tail = ""  # the end of the text before, if JSON may begin there
        self._blank = True  # only whitespace so far
        self._after = TextBuffer()
        self._fenced = False
        self.found = False
        self.unsure = False
        """Whether what was found in prose does not begin as JSON does."""
        self.in_prose = False
        """Whether text that is not a code fence came before what was found."""
        self.start = 0  # the index in the text where the JSON begins
        self._left_out: list[str] = []

    def feed(self, chunk: str) -> str:
        """The part of the text so far that belongs to the JSON and was not returned before."""
        if self.found:
            return chunk
        tail = self._tail + chunk
        length = self._before.append(chunk)
        at = self._find(tail)
        if at is None:
            begins = self._may_begin.search(tail)
            self._tail = begins[0] if begins else ""
            return ""
        self.found = True
        self.start = length - len(tail) + at
        self._note_text_before(self._before.upto(self.start))
        self._before = TextBuffer()
        return tail[at:]

    def _find(self, text: str) -> int | None:
        """The index in ``text`` where the JSON begins; None if it is not there."""
        if self._blank:
            plain = text.lstrip(_SPACE)
            self._blank = not plain
            if plain and plain[0] in self._starts:
                return len(text) - len(plain)
        match = self._pattern.search(text)
        if match is None:
            return None
        at = match.start("at") if match.groupdict().get("at") else match.start()
        self.unsure = self._pattern is not self._json and not self._json.match(text, at)
        return at

    def _note_text_before(self, before: str) -> None:
        """Record the prose and the code fence before the JSON in ``repairs``."""
        prose = _FENCE.sub("", before)
        self._fenced = prose != before
        if self._fenced:
            self._left_out.append("took the JSON out of a code fence")
        if left_out := len(prose.strip(_SPACE)):
            self.in_prose = True
            self._left_out.append(f"left out {_characters(left_out)} before the JSON")

    def after(self, text: str) -> None:
        """Record text that follows the JSON."""
        self._after.append(text)

    @property
    def repairs(self) -> list[str]:
        """What was left out around the JSON so far, in words for the user."""
        after = len(self._rest())
        text_after = [f"left out {_characters(after)} after the JSON"] if after else []
        return [*self._left_out, *text_after]

    @property
    def has_more(self) -> bool:
        """Whether another JSON value seems to follow the first one."""
        return self._json.search(self._rest()) is not None

    def _rest(self) -> str:
        """The text after the JSON, without the end of a code fence."""
        rest = str(self._after).strip(_SPACE)
        return rest.removeprefix("```").strip(_SPACE) if self._fenced else rest


def _characters(count: int) -> str:
    """A number of characters, in words."""
    return f"{count:,} character{'' if count == 1 else 's'}"
