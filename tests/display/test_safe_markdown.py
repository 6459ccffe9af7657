"""The Markdown of a saved answer, read by another renderer: nothing is requested, nothing runs."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from nbstream import replay_message
from nbstream.core.message import RefusalPart, TextPart, ThinkingPart, assistant_message
from nbstream.display import bundle
from nbstream.display.safe_markdown import safe_markdown

RENDERER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
RENDERER.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005

PIECES = [
    *("a", "b c", "\n", "\n\n", "- ", "> ", "    ", "  ", "`", "``", "```\n", "~~~\n", "$", "$$"),
    *("<br>", "<sub>", "</sub>", "<sub>\n", "<details>", "<details open>\n", "</details>"),
    *("<summary>", "</summary>", "<img src=http://e.example>", "<script>", "<!--", "-->", "<?"),
    *("![a](http://e.example/x.png)", "![", "](", "[", "]", ")", "[x](javascript:alert)"),
    *("[x](&#106;avascript:a)", "<javascript:a>", "\n[r]: javascript:a\n", "[r]", "![r]", "\\"),
    *("\\begin{align}\n", "\n| a |\n|---|\n| ", "<a href=", '"', ">", "<", "&lt;", "1. "),
]


class Read(HTMLParser):
    """The tags and the addresses of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        assert not any(name.startswith("on") for name, _ in attrs)


def check(markdown: str) -> None:
    read = Read(RENDERER.render(markdown))
    assert not read.tags & {"img", "script", "style", "iframe", "link", "video", "base", "form"}
    for link in read.links:
        assert re.match("https?:|mailto:|#", link)


@given(st.lists(st.sampled_from(PIECES), max_size=16).map("".join))
def test_no_text_requests_or_runs_anything(text: str) -> None:
    check(safe_markdown(text))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("**a**, $5 and `<b>`", "**a**, $5 and `<b>`"),
        ("H<sub>2</sub>O<br>b", "H<sub>2</sub>O<br>b"),
        (
            "<https://a.example> [b](https://b.example)",
            "<https://a.example> [b](https://b.example)",
        ),
        ("```\n<img src=x> ![a](b)\n```", "```\n<img src=x> ![a](b)\n```"),
        ("<details>\n<summary>S</summary>\n\na", "<details>\n<summary>S</summary>\n\na"),
        ("![a](https://a.example/x.png)", "[a](https://a.example/x.png)"),
        ("[a](javascript:b)", "[a]\\(javascript:b)"),
        ("<u>a</u>", "&lt;u>a&lt;/u>"),
    ],
)
def test_a_text_keeps_what_is_harmless(text: str, shown: str) -> None:
    assert safe_markdown(text) == shown


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_the_html_in_a_markdown_file_is_not_read_as_markdown(text: str) -> None:
    stream = replay_message(assistant_message(ThinkingPart(text), TextPart(text)))
    stream.wait()
    page = bundle(stream)["text/html"]
    assert not re.search(r"\n[ \t]*(\n|$)", page)
    # nbconvert writes the HTML as it is: one block of it, and no Markdown.
    tokens = RENDERER.parse(f"# Title\n\n{page}\n\nAfter")
    assert len(tokens) == 7
    assert tokens[3].type == "html_block"
    assert tokens[3].content.strip() == page.strip()


def test_plain_text_holds_no_control_characters_and_no_long_data() -> None:
    image = "data:image/png;base64," + "A" * 4000
    stream = replay_message(assistant_message(TextPart(f"\x1b[2J\x07a\x9b ![p]({image})\tb\n")))
    stream.wait()
    shown = bundle(stream)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", shown["text/plain"])
    assert len(shown["text/plain"]) < 200
    assert len(shown["text/markdown"]) < 200
    assert "A" * 4000 in shown["text/html"]


@pytest.mark.parametrize("piece", ["![", "[a][", "<![CDATA[", ">", "[](", "- "])
def test_a_text_that_is_nested_too_deep_for_the_check_is_shown_as_code(piece: str) -> None:
    text = piece * 3_000 + "![a](http://e.example/x.png)"
    check(safe_markdown(text))


def test_code_shows_what_nobody_sees() -> None:
    text = "a\u200bb `c\u200bd`\n\n```\ne\u200bf\n```\n"
    shown = "a\u200bb `c⟨U+200B⟩d`\n\n```\ne⟨U+200B⟩f\n```\n"
    assert safe_markdown(text) == shown


def test_what_the_model_refused_is_told() -> None:
    stream = replay_message(assistant_message(RefusalPart("I cannot\nhelp <b>you</b>.")))
    stream.wait()
    said = bundle(stream)["text/markdown"]
    assert said == "> *The model refused:* I cannot help \\<b\\>you\\</b\\>."
