"""The static HTML of a Markdown text without decoration: what a reader gets of it.

``js/render/tests/canonical.ts`` writes the live view's page in the same form.
"""

import re
from html import escape
from html.parser import HTMLParser

from nbstream.display.html.styles import PALE

BLOCKS = "p|h[1-6]|ul|ol|li|blockquote|pre|hr|table|thead|tbody|tr|th|td|details|summary|section"
KEPT_TAGS = re.compile(rf"(?:{BLOCKS}|a|em|strong|del|code|br|sub|sup|kbd|mark)\Z")
KEPT = ("href", "title", "start", "dir")


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found = ""
        self.open: list[tuple[str, str]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        style, around = values.get("style", ""), self.open[-1][0] if self.open else ""
        before, after = "", ""
        if "tex2jax_process" in values.get("class", ""):
            before, after = "⟦", "⟧"
        elif tag == "div" and style.startswith(PALE):
            before, after = "[", "]"
        elif tag == "p" and around == "li":
            before, after = "\n", "\n"
        elif tag == "img":
            words = [values[name] for name in ("alt", "title", "src") if name in values]
            self.found += escape(f"[picture {' '.join(words)}]", quote=False)
        elif KEPT_TAGS.match(tag) and (tag != "a" or "href" in values):
            kept = "".join(
                f' {name}="{escape(values[name], quote=False)}"'
                for name in KEPT
                if values.get(name)
            )
            aligned = re.search("text-align:(center|right)(?!;text-align)", style)
            side = tag in ("th", "td") and aligned
            before = f"<{tag}{kept}" + (f' align="{side[1]}">' if side else ">")
            after = f"</{tag}>"
        self.found += before
        if tag not in ("br", "hr", "img"):
            self.open.append((tag, after))

    def handle_endtag(self, tag: str) -> None:
        while self.open:
            name, after = self.open.pop()
            self.found += after
            if name == tag:
                break

    def handle_data(self, data: str) -> None:
        self.found += escape(data, quote=False)


def _decoded(value: str) -> str:
    """An address without what a browser's URL parser changes."""
    text = re.sub("%[0-9a-fA-F]{2}|[^ -~]", "%", value)
    return re.sub(r"^(https?://[^/]*)/$", r"\1", re.sub("%+", "%", text))


def canonical(page: str) -> str:
    """The elements, texts and links of a page."""
    parser = _Page()
    parser.feed(re.sub(r" <bdi>\([^()]*\)</bdi>", "", page))  # hosts: test_policy.py
    parser.close()
    text = re.sub(r"⟦(\$\$?)(.*?)\1⟧", _formula, parser.found, flags=re.DOTALL)
    text = text.replace("☐ ", "[ ]\n").replace("☑ ", "[x]\n")
    text = re.sub(r"\[image: (.*?) \([^()]*\)\]", r"[image \1]", text)
    text = re.sub(rf"[ \t\n]*(</?(?:{BLOCKS})(?: [^>]*)?>|<br>)[ \t\n]*", r"\1", text)
    text = re.sub(r"[ \t\n]*(⟦⟦[^⟧]*⟧⟧)[ \t\n]*", r"\1", text)
    return re.sub(r"[ \t\n]*\n[ \t\n]*", "\n", text).strip(" \t\n")


def _formula(found: re.Match[str]) -> str:
    return f"⟦⟦{found[2]}⟧⟧" if found[1] == "$$" else f"⟦{found[2]}⟧"
