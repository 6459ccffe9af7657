"""Shows control characters, and those that reorder the text around them, by their names.

It is applied to every text that is drawn, wherever that comes from.
"""

from __future__ import annotations

import re
from html import unescape

from nbstream.display.policy.rules import rule

_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[Xx][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def visible(text: str, *, in_code: bool = False) -> str:
    r"""Replace hidden characters by their names, and leave out most marks of a pile.

    Tab, line feed and carriage return stay. It may be applied again: names stay as they are.
    In code, characters that are invisible and of no use there are replaced, too.

    >>> visible("photo\u202egpj.exe"), visible("is_\u200badmin", in_code=True)
    ('photo⟨U+202E⟩gpj.exe', 'is_⟨U+200B⟩admin')
    """
    if text.isascii() and text.isprintable():  # nearly all text
        return text
    hidden = rule("code" if in_code else "hidden")
    named = hidden.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)
    return rule("stacked").sub(r"\1", named)


def visible_references(markdown: str) -> str:
    r"""Like ``visible``, also for characters that a Markdown text writes as references.

    >>> visible_references("a &amp; b&#8238;c")
    'a &amp; b⟨U+202E⟩c'
    """

    def shown(found: re.Match[str]) -> str:
        meant = _meant(found[0])
        return visible(meant) if rule("hidden").search(meant) else found[0]

    return _REFERENCE.sub(shown, visible(markdown))


def _meant(reference: str) -> str:
    """The character of a reference, also of one that HTML has no control character for."""
    digits = reference[2:-1].lower()
    if not reference.startswith("&#"):
        return unescape(reference)
    number = int(digits[1:], 16) if digits[0] == "x" else int(digits)
    return chr(number) if 0 < number < 0x110000 else "\ufffd"
