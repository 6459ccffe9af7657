"""Makes text safe in Markdown, so that no renderer of it requests, runs or hides anything.

A saved notebook keeps the text as Markdown for forges and converters, which read raw HTML and load
images. In a model's Markdown, outside code, a tag that the live view shows as text is escaped, an
image becomes a link, and a link that leads elsewhere than to the web or to mail becomes text. The
result is read by a CommonMark parser; if anything is left, the text is shown as code. Other text is
escaped or put into a code block.
"""

from __future__ import annotations

import re
from functools import cache
from html import unescape

from markdown_it import MarkdownIt

from nbstream.display import dialect
from nbstream.display.policy import visible

_SUSPECT = re.compile(r"<|!\[|\]\s*[(:\[]")
_CODE_SPAN = r"(?<!`)(?P<ticks>`+)(?!`)(?:(?!\n[ \t]*\n).)+?(?<!`)(?P=ticks)(?!`)"
_WEB = r"[hH][tT][tT][pP][sS]?://|[mM][aA][iI][lL][tT][oO]:"
_SIGN = re.compile(
    rf"(?P<escape>\\[!-/:-@\[-`{{-~])|(?P<code>{_CODE_SPAN})"
    rf"|(?P<autolink><(?:{_WEB})[^\s<>]*>)|(?P<fold></?(?:details|summary)(?:\s[^<>]*)?>)|(?P<tag><(?=[a-zA-Z/!?]))|(?P<image>!\[)"
    r"|(?P<link>\](?=\())|(?P<definition>\](?=:))",
    re.DOTALL,
)
_DATA_IMAGE = re.compile(r"!\[([^\]\n]*)\]\(data:[^\s()]*(?:\s+\"[^\"\n]*\")?\)")
# A tag alone on its line would begin HTML that lasts up to a blank line.
_INLINE = r"</?(?:br|sub|sup|kbd|mark)\s*/?>"
_TAG = re.compile(rf"{_INLINE}(?![ \t]*$)", re.IGNORECASE | re.MULTILINE)
_LAST_TAG = re.compile(rf"(?<=\w){_INLINE}", re.IGNORECASE)
_FOLD = re.compile("</?(?:details|summary)>", re.IGNORECASE)
_TARGET = re.compile(r"[(:]\s*<?([^\s<>()]*)")
_SAFE_TARGET = re.compile(rf"(?:{_WEB}|#)")


def safe_markdown(text: str) -> str:
    r"""The text with everything escaped that a renderer could load, run or take for a tag.

    >>> safe_markdown("Look: ![a cat](https://a.example/cat.png)")
    'Look: [a cat](https://a.example/cat.png)'
    >>> safe_markdown("**Bold**, `<b>` and <img src=x>")
    '**Bold**, `<b>` and &lt;img src=x>'
    """
    if not _SUSPECT.search(text) and visible(text, in_code=True) == text:
        return text
    text = _DATA_IMAGE.sub(lambda found: f"*\\[image: {found[1]}\\]*", text)
    changed = "\n".join(
        visible(piece, in_code=True) if is_code else _SIGN.sub(_safe, piece)
        for is_code, piece in _pieces(text)
    )
    return changed if _is_safe(changed) else fenced(text)


def escaped(text: str) -> str:
    r"""Put text on one line and escape the characters that have a meaning in Markdown.

    CommonMark 2.4: a backslash before ASCII punctuation makes it literal.

    >>> print(escaped("2 * 3 = [6]"))
    2 \* 3 = \[6\]
    """
    return re.sub(r"([\\`*_\[\]<>&#|~!$])", r"\\\1", " ".join(text.split()))


def fenced(text: str, language: str = "") -> str:
    """Put text into a fenced code block."""
    # The fence is longer than any run of backticks in the text, so none of them closes it.
    runs = re.findall(r"`+", text)
    fence = "`" * max(3, *(len(run) + 1 for run in ("", *runs)))
    return f"{fence}{language}\n{text}\n{fence}"


def _pieces(text: str) -> list[tuple[bool, str]]:
    """The lines of the text, joined as far as they are code blocks or not."""
    lines = text.split("\n")
    is_code = [False] * len(lines)
    for token in _parser().parse(text):
        if token.type in ("fence", "code_block") and token.map:
            is_code[slice(*token.map)] = [True] * (token.map[1] - token.map[0])
    found: list[tuple[bool, list[str]]] = []
    for code, line in zip(is_code, lines, strict=False):
        if not found or found[-1][0] != code:
            found.append((code, []))
        found[-1][1].append(line)
    return [(code, "\n".join(part)) for code, part in found]


def _safe(found: re.Match[str]) -> str:
    text, sign = found.string, found[0]
    if found["code"]:
        return visible(sign, in_code=True)
    if found["fold"]:
        begin = text[text.rfind("\n", 0, found.start()) + 1 : found.start()].lstrip(" ").lower()
        if not begin or begin.startswith(("<details", "<summary")):
            return re.sub(r"\s[^<>]*", "", sign)
        return "&lt;" + sign[1:]
    if found["tag"]:
        at = found.start()
        return "<" if _TAG.match(text, at) or _LAST_TAG.match(text, at) else "&lt;"
    if found["image"]:
        return "[" if re.match(r"[^\]\n]*\](?:\(|\[)", text[found.end() :]) else "\\!["
    if found["link"] or found["definition"]:
        target = _TARGET.match(text, found.end())
        if target and not _SAFE_TARGET.match(unescape(target[1])):
            return "]\\"
    return sign


def _is_safe(text: str) -> bool:
    """Whether a parser of CommonMark finds no image, no other HTML and no other link in it."""
    try:
        tokens = _commonmark().parse(text)
    except RecursionError:  # hundreds of brackets or quotations in each other
        return False
    for token in tokens:
        if token.type == "html_block":
            rest = re.sub(_INLINE, "", _FOLD.sub("", token.content), flags=re.IGNORECASE)
            if re.search(r"<[a-zA-Z/!?]", rest):
                return False
        for child in token.children or ():
            if child.type == "image":
                return False
            if child.type == "html_inline" and not re.fullmatch(
                rf"{_INLINE}|</?(?:details|summary)>", child.content, re.IGNORECASE
            ):
                return False
            if child.type == "link_open" and not _SAFE_TARGET.match(str(child.attrs["href"])):
                return False
    return True


@cache
def _parser() -> MarkdownIt:
    return dialect.parser()


@cache
def _commonmark() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": True, "maxNesting": 1000}).enable("table")
    made.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005
    return made
