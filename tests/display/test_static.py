"""The static renderers: built-in tools, sources and images."""

import base64
import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import nbstream
from nbstream import replay_message
from nbstream.core.message import (
    BuiltinToolCallPart,
    BuiltinToolResultPart,
    Citation,
    FilePart,
    Part,
    TextPart,
    ThinkingPart,
    assistant_message,
)
from nbstream.display import html, markdown
from tests.files import samples
from tests.recordings import recordings

SEARCHED: list[Part] = [
    BuiltinToolCallPart("c", "web_search", '{"query": "sky <b>colour</b>"}'),
    BuiltinToolResultPart(
        "c",
        "web_search",
        [
            {"url": "https://a.org/?x=1&y=2", "title": "Why [blue]?", "encrypted_content": "E"},
            {"url": "javascript:alert(1)", "title": "trap"},
        ],
    ),
]


def shown(*parts: Part) -> tuple[str, str]:
    """The answer as HTML and as Markdown."""
    stream = replay_message(assistant_message(*parts))
    stream.wait()
    return html(stream), markdown(stream)


def test_the_end_of_a_huge_text_is_folded_and_not_lost() -> None:
    """JupyterLab would take seconds to read a megabyte of elements."""
    text = "\n\n".join(f"**{n}** {'word ' * 50}" for n in range(1_000))
    cited = Citation("https://b.org/", title="B", start=0, end=len(text))
    page, source = shown(TextPart(text, (cited,)))
    drawn, _, folded = page.partition("<details")
    assert "characters, as the model wrote them" in folded
    numbers = [int(number) for number in re.findall(r"<strong>(\d+)<", drawn)]
    numbers += [int(number) for number in re.findall(r"\*\*(\d+)\*\*", folded)]
    assert numbers == list(range(1_000))
    assert "b.org" in folded
    assert source.count("**") == 2 * 1_000


def test_thinking_of_which_nothing_is_known_leaves_no_line() -> None:
    page, _ = shown(ThinkingPart("", "sealed"), TextPart("Yes."))
    assert Page(page).words.split()[0] == "Yes."
    page, _ = shown(ThinkingPart("Hm.", "sealed"), TextPart("Yes."))
    assert Page(page).words.split()[:2] == ["ThoughtHm.", "Yes."]


class Page(HTMLParser):
    """The visible text and the links of a page."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tags: list[str] = []
        self.words = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not any(name.startswith("on") for name, _ in attrs)
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.words += data


def test_a_search() -> None:
    page, text = shown(*SEARCHED)
    read = Page(page)
    line = "Searched the web sky <b>colour</b> 2 sources"
    assert line in " ".join(read.words.split()), "the call and its result are one line"
    assert "Why [blue]? (a.org)" in read.words
    assert read.links == ["https://a.org/?x=1&y=2"], "the javascript: address is not a link"
    assert "trap" in read.words
    assert "b" not in read.tags
    rendered = Page(MarkdownIt().render(text))
    assert rendered.links == ["https://a.org/?x=1&y=2"]
    assert "Why [blue]?" in rendered.words
    assert "trap" in rendered.words
    assert "encrypted" not in page + text


def test_code_and_its_output() -> None:
    code = "print('<i>1</i>')\n```"
    page, text = shown(
        BuiltinToolCallPart("c", "code_execution", json.dumps({"code": code})),
        BuiltinToolResultPart("c", "code_execution", {"stdout": "<i>1</i>\n", "return_code": 1}),
    )
    read = Page(page)
    assert "code" in read.tags
    assert "i" not in read.tags
    assert code in read.words
    assert "<i>1</i>\nexit code 1" in read.words
    rendered = Page(MarkdownIt().render(text))
    assert code in rendered.words
    assert "<i>1</i>\nexit code 1" in rendered.words
    assert rendered.tags.count("pre") == 2


def test_the_line_of_a_call_says_what_it_is_about() -> None:
    """As in the live view."""
    edit = json.dumps({"command": "str_replace", "path": "/srv/a.py", "old_str": "1"})
    page, source = shown(
        BuiltinToolCallPart("a", "text_editor_code_execution", edit),
        BuiltinToolCallPart("b", "bash_code_execution", '{"command": "ls -R\\npwd"}'),
        BuiltinToolCallPart("c", "computer", '{"action": "click", "at": [1, 2]}'),
    )
    words = ["/srv/a.py", "ls -R", "action: click, at: [1, 2]"]
    assert re.findall(r"&nbsp;(.*?)<", page) == words
    titles = [line.replace("\\", "") for line in source.splitlines() if line.startswith("*")]
    assert all(word in line for word, line in zip(words, titles, strict=True))


def test_a_failure_says_so() -> None:
    failed = BuiltinToolResultPart("c", "web_search", {"error_code": "max_uses_exceeded"}, True)  # noqa: FBT003
    page, text = shown(failed)
    assert "Searched the web failed" in " ".join(Page(page).words.split())
    assert "max_uses_exceeded" in Page(page).words
    assert "max_uses_exceeded" in Page(MarkdownIt().render(text)).words


def test_sources_are_numbered_under_the_text() -> None:
    a, b = Citation("https://a.org", "A"), Citation("https://b.org", "*B*")
    evil = Citation("https://c.org/>)](https://evil.example", "C](https://evil.example)")
    page, text = shown(
        TextPart("The sky is "),
        TextPart("**blue", (a,)),
        TextPart("** and", ()),
        TextPart(" wide.", (b, a, evil)),
    )
    read = Page(page)
    assert read.words.count("The sky is blue and wide.") == 1, "one sentence, one paragraph"
    assert read.tags.count("li") == 3, "each source is listed once"
    trap = "https://c.org/%3E)](https://evil.example"
    assert read.links == ["https://a.org", "https://b.org", trap]
    assert text.startswith("The sky is **blue** and wide.\n\nSources:\n\n1. [A](<https://a.org>)")
    rendered = Page(MarkdownIt().render(text))
    assert [link.partition("%")[0] for link in rendered.links] == [
        "https://a.org",
        "https://b.org",
        "https://c.org/",
    ]
    assert "*B*" in rendered.words


def test_a_source_without_an_address() -> None:
    page, text = shown(TextPart("x", (Citation(None, "report.pdf", "as it says"),)))
    assert "report.pdf" in Page(page).words
    assert "1. report.pdf" in text


@pytest.mark.parametrize(
    "url",
    [
        "http://[",
        "https://",
        "javascript:alert(1)",
        " jAvascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "https://a.org/\n<script>",
        "/lab/tree/secret",
        "//evil.example/x",
        "file:///etc/passwd",
        "vbscript:x",
    ],
)
def test_only_web_addresses_become_links(url: str) -> None:
    page, text = shown(TextPart("x", (Citation(url, "title"),)))
    assert Page(page).links == []
    assert Page(MarkdownIt().render(text)).links == []
    assert "title" in Page(page).words
    assert "<script" not in page


def test_an_address_cannot_leave_its_attribute() -> None:
    page, _ = shown(TextPart("x", (Citation('https://a.org/"onclick="alert(1)', '"><b>'),)))
    assert Page(page).links == ["https://a.org/%22onclick=%22alert(1)"]
    assert "b" not in Page(page).tags


def test_two_text_parts_without_sources_stay_separate() -> None:
    page, text = shown(TextPart("one"), TextPart("two"))
    assert "onetwo" not in Page(page).words
    assert text == "onetwo"


def test_only_an_image_with_its_bytes_is_shown() -> None:
    page, text = shown(
        FilePart("image/png", samples.PNG, filename="x.png"),
        FilePart("image/svg+xml", samples.SVG),
        FilePart("image/png", url="https://tracker.example/x.png"),
    )
    assert f"data:image/png;base64,{base64.b64encode(samples.PNG).decode()}" in page
    assert Page(page).tags.count("img") == 1
    assert "x.png: image/png" in Page(MarkdownIt().render(text)).words


NAMES = [
    ("anthropic", "chatlas--test-echo-display-providers--test-anthropic-search-panel"),
    (
        "openai-responses",
        "chatlas--test-echo-display-providers--test-openai-citations-become-the-source-list",
    ),
    (
        "openai-responses",
        "pydantic-ai--models--test-openai-responses--test-openai-responses-code-execution-return-image-stream",
    ),
    ("gemini", "chatlas--test-provider-google--test-google-web-search"),
    ("openai-chat", "ai--perplexity--perplexity-text"),
]


@pytest.mark.parametrize(("protocol", "name"), NAMES, ids=[name for _, name in NAMES])
def test_recordings_with_sources_name_them(protocol: str, name: str) -> None:
    found = next((one for one in recordings(protocol) if one.name == name), None)
    if found is None:
        pytest.skip("this recording is not beside the checkout")
    stream = nbstream.replay(found.body, protocol)
    stream.wait()
    read, text = Page(html(stream)), markdown(stream)
    sources = {one.url for one in stream.citations if one.url}
    assert sources <= set(read.links)
    assert all(f"<{url}>" in text for url in sources)
    assert read.tags.count("img") == len(stream.message.images)
    assert sources or stream.message.images
    for words in (read.words, text):
        assert '"type"' not in words


FIELDS = st.sampled_from(
    [
        *("url", "uri", "title", "filename", "query", "queries", "code", "command", "path", "text"),
        *("stdout", "output", "content", "name", "description", "return_code", "tool_name", "type"),
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELDS, inner, max_size=4),
    max_leaves=8,
)


@given(VALUES, VALUES)
def test_any_value_from_a_provider_is_rendered(args: Any, result: Any) -> None:
    page, text = shown(
        BuiltinToolCallPart("c", "t", json.dumps(args)), BuiltinToolResultPart("c", "t", result)
    )
    assert "script" not in Page(page).tags
    assert "Called t" in page
    assert re.search("Called t: (?:result|1 source|\\d+ sources)", text)


def test_blocks_of_claude_that_are_no_tools_are_shown() -> None:
    moved = {"from": "claude-a", "to": "claude-b"}
    listed = [{"name": "read", "description": "Reads a file."}]
    page, text = shown(
        BuiltinToolCallPart("1", "compaction"),
        BuiltinToolResultPart("1", "compaction", "So far: **hi**."),
        BuiltinToolCallPart("2", "fallback", json.dumps(moved)),
        BuiltinToolCallPart("3", "mcp_list_tools", '{"mcp_server_name": "files"}'),
        BuiltinToolResultPart("3", "mcp_list_tools", listed),
    )
    for words in ("So far: **hi**.", "to: claude-b", "read: Reads a file."):
        assert words in Page(page).words
        assert words in text


def test_text_from_right_to_left_is_on_its_side() -> None:
    """JupyterLab's own style aligns each paragraph to the left."""
    page, _ = shown(TextPart("שלום\n\n> עולם\n\n| א |\n|---|\n| ב |\n\nHello"))
    assert re.search(r'<p dir="rtl" style="text-align:right">שלום', page)
    assert re.search(
        r'<blockquote dir="rtl" style="border-left:0;border-right:[^"]*">\s*'
        '<p style="text-align:right">עולם',
        page,
    )
    assert re.search(r'<div style="overflow-x[^"]*" dir="rtl"><table dir="rtl"', page)
    assert "<p>Hello" in page
