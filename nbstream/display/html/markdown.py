"""Draws the model's Markdown as HTML that is safe, with inline styles.

Raw HTML is shown as text, and images are drawn only from bytes that are in the text. Elements are
made from tokens by ``_Page``; nh3 then removes whatever else a fault of the parser might let
through.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import nh3
from markdown_it.renderer import RendererHTML

from nbstream.display import dialect, marks, policy
from nbstream.display.dialect.language import language
from nbstream.display.html import styles
from nbstream.display.html.allowance import Allowance
from nbstream.display.html.elements import escape
from nbstream.display.html.formula import formula
from nbstream.display.sanitize import encodable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from markdown_it import MarkdownIt
    from markdown_it.token import Token
    from markdown_it.utils import EnvType, OptionsDict

_TAGS = {
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "blockquote", "pre", "code", "div"),
    *("ul", "ol", "li", "strong", "em", "del", "a", "span", "bdi", "img"),
    *("sub", "sup", "kbd", "mark"),
    *("table", "thead", "tbody", "tr", "th", "td", "details", "summary", "section"),
}
_ATTRIBUTES = {
    "a": {"href", "title"},
    "ol": {"start"},
    "img": {"src", "alt", "title"},
    "*": set[str](),
}
_VALUES = {
    tag: {"style": styles.KNOWN, "class": styles.CLASSES, "dir": {"ltr", "rtl"}} for tag in _TAGS
}
_DATA_IMAGE = re.compile(r"data:image/(?:png|jpeg|gif|webp|avif);base64,[A-Za-z0-9+/]+={0,2}")
_MAX_URL_SHOWN = 100  # characters
_ALLOWANCE = "nbstream_allowance"
_PLAIN = "nbstream_plain"
_NAME = len(' style=""')


def render(text: str, places: Iterable[marks.Mark] = (), allowance: Allowance | None = None) -> str:
    """Render the model's Markdown as HTML. ``places`` have their HTML already.

    Elements have no style once ``allowance`` is used up; by default it is one for this text.
    """
    # nh3 accepts only text that UTF-8 can encode
    shown = encodable(text).removeprefix("\ufeff")
    allowance = allowance or Allowance()
    allowance.add(text)
    env = {_ALLOWANCE: allowance}
    return policy.visible(marks.render(_parser(), shown, places, _sanitized, env))


def _sanitized(page: str) -> str:
    return nh3.clean(
        page,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_attribute,
        tag_attribute_values=_VALUES,
        url_schemes={"http", "https", "mailto", "data"},
        # A relative link would lead to the reader's own Jupyter server, with their cookies.
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
    )


def _attribute(_tag: str, name: str, value: str) -> str | None:
    """The value of an attribute that may stay: bytes of images only in images."""
    if name == "src":
        return value if _DATA_IMAGE.fullmatch(value) else None
    return None if name == "href" and value.lower().startswith("data:") else value


@cache
def _parser() -> MarkdownIt:
    parser = dialect.parser()
    parser.renderer = _Page()
    return policy.install(marks.install(parser))


def _style(style: str, env: EnvType) -> str:
    """The attribute of a style, or nothing if there are too many."""
    return f' style="{style}"' if env[_ALLOWANCE].take(len(style) + _NAME) else ""


def _is_rtl(token: Token) -> bool:
    return token.meta.get("direction") == "rtl"


class _Page(RendererHTML):
    """Makes HTML of the tokens of a text."""

    def renderToken(  # noqa: N802
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        token = tokens[idx]
        deep = styles.DEEP.get(token.tag) if token.level >= styles.DEEP_LEVEL else None
        rtl = styles.RTL.get(token.tag) if _is_rtl(token) else None
        if token.nesting > 0 and (style := deep or rtl or styles.OF.get(token.tag)):
            if token.meta.get(_PLAIN) or not env[_ALLOWANCE].take(len(style) + _NAME):
                token.attrs.pop("style", None)
                return super().renderToken(tokens, idx, options, env)
            if token.tag in ("th", "td"):
                side = re.search(r"text-align:(\w+)", str(token.attrs.get("style", "")))
                style = styles.cell(token.tag, side[1] if side else "", is_rtl=_is_rtl(token))
            token.attrs["style"] = style
        return super().renderToken(tokens, idx, options, env)

    def text(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:
        return escape(tokens[idx].content)

    def code_inline(self, tokens: Sequence[Token], idx: int, _: Any, env: EnvType) -> str:
        shown = policy.visible(tokens[idx].content, in_code=True)
        return f"<code{_style(styles.OF['code'], env)}>{escape(shown)}</code>"

    def code_block(self, tokens: Sequence[Token], idx: int, _: Any, env: EnvType) -> str:
        return _code(tokens[idx].content, "", env)

    def fence(self, tokens: Sequence[Token], idx: int, _: Any, env: EnvType) -> str:
        return _code(tokens[idx].content, language(tokens[idx].info), env)

    def math(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:
        return formula(tokens[idx].content, display=bool(tokens[idx].meta["display"]))

    def math_block(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:
        token = tokens[idx]
        drawn = formula if token.meta["complete"] else _source
        return f"<div>{drawn(token.content, display=True)}</div>\n"

    def table_open(self, tokens: Sequence[Token], idx: int, options: Any, env: EnvType) -> str:
        end = next(at for at in range(idx, len(tokens)) if tokens[at].type == "table_close")
        cells = [one for one in tokens[idx:end] if one.type in ("th_open", "td_open")]
        # All cells of a table have a style, or none has.
        if not env[_ALLOWANCE].has(len(cells) * (len(styles.OF["th"]) + _NAME)):
            for one in cells:
                one.meta[_PLAIN] = True
        side = ' dir="rtl"' if _is_rtl(tokens[idx]) else ""
        table = self.renderToken(tokens, idx, options, env)
        return f'<div style="{styles.SCROLLED}"{side}>{table}'

    def table_close(self, *arguments: Any) -> str:
        return f"{self.renderToken(*arguments)}</div>"

    def list_item_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        checked = tokens[idx].meta.get("checked")
        if checked is None:
            return self.renderToken(tokens, idx, options, env)
        # A form's element would be removed by most sanitizers.
        attributes = self.renderAttrs(tokens[idx])
        return f"<li{attributes}{_style(styles.TASK, env)}>{'☑' if checked else '☐'} "

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Draw the bytes in the text; an image's server would learn who reads the answer."""
        token = tokens[idx]
        source = str(token.attrs.get("src", ""))
        words = self.renderInlineAsText(token.children, options, env)
        title = str(token.attrs.get("title", ""))
        if _DATA_IMAGE.fullmatch(source):
            named = f' title="{escape(title, quote=True)}"' if title else ""
            alt = escape(words, quote=True)
            return f'<img src="{source}" alt="{alt}"{named} style="{styles.PICTURE}">'
        shown = source if len(source) <= _MAX_URL_SHOWN else source[:_MAX_URL_SHOWN] + "…"
        return f"<span>[image: {escape(words or 'image')} ({escape(shown)})]</span>"

    def footnote_ref(self, tokens: Sequence[Token], idx: int, _: Any, env: EnvType) -> str:
        number = tokens[idx].meta.get("number", "")
        return f"<sup{_style(styles.NOTE, env)}>{number}</sup>"

    def footnotes_open(self, *_: Any) -> str:
        return f'<section style="{styles.NOTES}"><ol>\n'

    def footnotes_close(self, *_: Any) -> str:
        return "</ol></section>\n"

    def footnote_open(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:
        return f"<li{self.renderAttrs(tokens[idx])}>"

    def footnote_close(self, *_: Any) -> str:
        return "</li>\n"


def _code(text: str, name: str, env: EnvType) -> str:
    label = f"<div{_style(styles.LABEL, env)}>{name}</div>" if name else ""
    text = policy.visible(text, in_code=True)
    text = text if text.endswith("\n") or not text else text + "\n"
    code = f"<code{_style(styles.PLAIN, env)}>{escape(text)}</code>"
    return f"{label}<pre{_style(styles.OF['pre'], env)}>{code}</pre>\n"


def _source(text: str, *, display: bool) -> str:  # noqa: ARG001
    return escape(text)
