"""Reads plain text, and the URLs and mail addresses in it, which become links (GFM 6.9).

An address ends before full-width punctuation, and ``next@15.0.0-rc`` is no mail address.
``js/render/markdown/inline/autolink.ts`` has the same rules.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from nbstream.display.dialect.chars import before

if TYPE_CHECKING:
    from markdown_it.rules_inline import StateInline

_MAX_URL, _MAX_DOMAIN, _MAX_EMAIL = 2_000, 253, 320

_URL = r"[hH][tT][tT][pP][sS]?://|[fF][tT][pP]://|[wW][wW][wW]\."
_MAIL = re.compile(r"[\w.+-]{1,320}@", re.ASCII)
_STOP = re.compile(rf"(?P<special>[\n\\`*_~\[\]!<&$])|{_URL}|@")
_BEGINNING = re.compile(_URL)
_LOCAL = re.compile(r"[\w.+-]*\Z", re.ASCII)
_MAIL_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)+", re.ASCII)
_MAIL_END = re.compile(r"\.(?:[a-z]+|xn--[a-z\d-]*[a-z\d])\Z", re.IGNORECASE | re.ASCII)
# White space, and the dashes, quotation marks and punctuation of Chinese and Japanese.
_URL_END = re.compile(
    "[\\s<\u2014\u2015\u2018-\u201f\u2026\u3000-\u3004\u3008-\u3020\u3030\u303d\ufe10-\ufe19"
    "\ufe30-\ufe6b\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]"
)
_REFERENCE = re.compile(r"&[a-z\d]+;\Z", re.IGNORECASE | re.ASCII)
_BRACKETS = "nbstream_brackets"
"""In the environment: the tokens of a text, how many were looked at, and the open brackets."""
_ADDRESS = "address"
_BRACKET = re.compile(r"[\[\]]")


class _Address(NamedTuple):
    begin: int
    end: int
    href: str


def address(state: StateInline, silent: bool) -> bool:
    """Make a link of the address that begins at the position."""
    found = None
    if state.src[state.pos] == "_":  # it may open emphasis
        return False
    for pattern in () if silent else (_BEGINNING, _MAIL):
        marker = pattern.match(state.src, state.pos, state.posMax)
        found = found or (_address(state, marker, state.pos) if marker else None)
    if found is None or found.begin != state.pos or _is_in_link(state):
        return False
    opened = state.push("link_open", "a", 1)
    opened.attrs = {"href": found.href}
    shown = state.push("text", "", 0)
    shown.content = state.src[found.begin : found.end]
    state.push("link_close", "a", -1).info = shown.info = opened.info = _ADDRESS
    state.pos = found.end
    return True


def text(state: StateInline, silent: bool) -> bool:
    """Read plain text up to a special character or an address."""
    begin, end = state.pos, end_of_text(state, addresses=not silent)
    if end == begin:
        return False
    if not silent:
        state.append_pending(state.src[begin:end])
    state.pos = end
    return True


def end_of_text(state: StateInline, *, addresses: bool = True) -> int:
    """Where the plain text at the position ends."""
    begin = position = state.pos
    while found := _STOP.search(state.src, position, state.posMax):
        end, position = found.start(), found.end()
        # A mail address may go on behind an underscore.
        marker = _MAIL.match(state.src, end, state.posMax) if found[0] == "_" else found
        is_special = bool(found["special"])
        known = None
        if addresses and marker and (marker is not found or not is_special):
            known = _address(state, marker, begin)
        if known and known.begin > begin and not _is_in_link(state):
            return known.begin
        if is_special:
            return end
    return state.posMax


def _is_in_link(state: StateInline) -> bool:
    """Whether the position is in a link, or behind an open bracket that could begin one."""
    if state.linkLevel:
        return True
    known = state.env.get(_BRACKETS)
    if not known or known[0] is not state.tokens:
        known = state.env[_BRACKETS] = [state.tokens, 0, 0]
    _, done, depth = known
    for token in state.tokens[done:]:
        if token.type == "text" and token.info != _ADDRESS:
            depth = _depth(token.content, depth)
        elif token.type == "link_close" and token.info != _ADDRESS:
            depth = 0  # a link holds no links
    known[1:] = [len(state.tokens), depth]
    return _depth(state.pending, depth) > 0


def _depth(text: str, depth: int) -> int:
    """The number of open brackets after a text."""
    for char in _BRACKET.findall(text):
        depth = depth + 1 if char == "[" else max(0, depth - 1)
    return depth


def _address(state: StateInline, marker: re.Match[str], least: int) -> _Address | None:
    """The address with a marker such as ``https://``, or with an ``@`` at the marker's end."""
    at = marker.end() - 1
    if state.src[at] == "@":
        local = _LOCAL.search(state.src, max(least, at - _MAX_EMAIL), at)
        found = _mail(state.src, local.start() if local else at, at)
    else:
        found = _url(state.src, marker.start(), marker[0])
    return found if found and found.end <= state.posMax else None


def _mail(text: str, start: int, at: int) -> _Address | None:
    domain = _MAIL_DOMAIN.match(text, at + 1)
    if start == at or not domain or domain.end() - start > _MAX_EMAIL:
        return None
    address = text[start : domain.end()]
    if not _MAIL_END.search(address):
        return None
    return _Address(start, domain.end(), f"mailto:{address}")


def _url(text: str, at: int, marker: str) -> _Address | None:
    is_www = marker[0] in "wW"
    char = before(text, at)
    if is_www:
        if char and not re.match(r"[\s*_~(]", char):
            return None
    elif re.match("[a-zA-Z0-9]", char):
        return None
    limit = found.start() if (found := _URL_END.search(text, at)) else len(text)
    start = at if is_www else at + len(marker)
    domain = _domain(text, start, limit)
    if limit - at > _MAX_URL or not domain or len(domain) > _MAX_DOMAIN:
        return None
    parts = domain.rstrip(".").split(".")
    if (is_www and len(parts) < 2) or any("_" in part for part in parts[-2:]):
        return None
    end = _trimmed(text, start, limit)
    url = text[at:end]
    return _Address(at, end, f"http://{url}" if is_www else url)


def _domain(text: str, start: int, limit: int) -> str:
    """ASCII letters, digits and ``_.-``, and other characters that are not punctuation."""
    if text[start : start + 1] in ("_", ".", "-"):
        return ""
    end = start
    while end < limit and end - start <= _MAX_DOMAIN:
        char = text[end]
        if char.isascii() and not (char.isalnum() or char in "_.-"):
            break
        if not char.isascii() and unicodedata.category(char)[0] in "PZC":
            break
        end += 1
    return text[start:end]


def _trimmed(text: str, start: int, end: int) -> int:
    """The end without punctuation or an unbalanced ``)``, which belong to the sentence."""
    surplus = text.count(")", start, end) - text.count("(", start, end)
    while end > start:
        char = text[end - 1]
        if char in "?!.,:*_~'\"":
            end -= 1
        elif char == ")" and surplus > 0:
            surplus -= 1
            end -= 1
        elif char == ";":
            found = _REFERENCE.search(text[max(start, end - 40) : end])
            end -= len(found[0]) if found else 1
        else:
            break
    return end
