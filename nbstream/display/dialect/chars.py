"""Character classes of Markdown: punctuation, spaces, Chinese, Japanese and Korean.

``js/render/markdown/chars.ts`` has the same classes.
"""

from __future__ import annotations

import re
import unicodedata

# Code points of the East Asian widths W, F and H (Unicode annex 11), and Hangul.
_CJK = re.compile(
    "[\u1100-\u11ff\u20a9\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7ff"
    "\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uffee\U00016fe0-\U00018d7f"
    "\U0001aff0-\U0001b2fb\U0001f200-\U0001f265\U00020000-\U0003fffd]"
)
# In these ranges, the characters that are emoji by default.
_EMOJI = re.compile(
    "[\U0001f201\U0001f21a\U0001f22f\U0001f232-\U0001f236\U0001f238-\U0001f23a\U0001f250\U0001f251]"
)
_WIDE_QUOTE = re.compile("[\u2018\u2019\u201c\u201d]\ufe01")
_IDEOGRAPHIC = re.compile("[\U000e0100-\U000e01ef]")
_VARIATION = re.compile("[\ufe00-\ufe0e\U000e0100-\U000e01ef]")


def is_punctuation(char: str) -> bool:
    """Whether a text begins with Unicode punctuation: general categories P and S."""
    return bool(char) and unicodedata.category(char[0])[0] in "PS"


def is_space(char: str) -> bool:
    """Whether a text begins with Unicode white space; so does "", the start or end of a text."""
    return not char or char[0] in "\t\n\f\r" or unicodedata.category(char[0]) == "Zs"


def is_cjk(text: str) -> bool:
    """Whether a text begins with a Chinese, Japanese or Korean letter or punctuation."""
    if _CJK.match(text):
        return not _EMOJI.match(text)
    return bool(_WIDE_QUOTE.match(text) or _IDEOGRAPHIC.match(text))


def is_spaced_word(text: str) -> bool:
    """Whether it begins with a letter or a digit of a script that separates words by spaces."""
    return bool(text) and unicodedata.category(text[0])[0] in "LN" and not is_cjk(text)


def before(text: str, at: int) -> str:
    """The character before a position, with its variation selectors; "" at the start."""
    begin = at - 1
    while begin > 0 and _VARIATION.match(text[begin]):
        begin -= 1
    return text[max(0, begin) : at]
