r"""Unpaired halves of surrogate pairs: a str can contain them, but UTF-8 cannot encode them.

Servers that cut text by UTF-16 code units send the halves of a character in two pieces.
"""

from __future__ import annotations

import re

_ESCAPES = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"  # a pair
    r"|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})"  # half of a pair
    r"|\\.",  # another escape
    re.DOTALL,
)


def has_half(text: str) -> bool:
    """Whether ``text`` contains a surrogate, paired or not."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def paired(text: str) -> str:
    r"""``text`` with each two halves as one character, and U+FFFD for each unpaired one.

    >>> paired("\ud83d" + "\ude00") == "\U0001f600", paired("a\ud83d") == "a\ufffd"
    (True, True)
    """
    if text.isascii() or not has_half(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def ends_in_high_half(text: str) -> bool:
    """Whether the last character is the first half of a pair."""
    return "\ud800" <= text[-1:] <= "\udbff"


def pair_escapes(json_text: str) -> str:
    r"""JSON text in which U+FFFD replaces each escape of an unpaired half.

    >>> pair_escapes(r'["\ud83d\ude00 \ud83d"]')
    '["\\ud83d\\ude00 \\ufffd"]'
    """
    if "\\u" not in json_text:
        return json_text
    return _ESCAPES.sub(lambda match: r"\ufffd" if match[1] else match[0], json_text)
