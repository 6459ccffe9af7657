"""A saved answer of each part kind in nbconvert's HTML, its Markdown, and on paper."""

import json
import re
from pathlib import Path

import nbformat
from nbconvert.exporters import HTMLExporter, MarkdownExporter
from playwright.sync_api import Browser, Page

from nbstream import assistant_message, tool_message, user_message
from nbstream.core.message import (
    BuiltinToolCallPart,
    BuiltinToolResultPart,
    Citation,
    FilePart,
    Message,
    RefusalPart,
    TextPart,
    ThinkingPart,
    ToolCallPart,
)
from nbstream.display import bundle
from nbstream.testing import stream_from_messages
from tests.files import samples

HOSTILE = (
    "![x](http://evil.example/a.png)\n\n\n[y](javascript:alert(1)) <img src=http://evil.example/b>"
)
CALL = ToolCallPart("c", "get_weather", json.dumps({"city": "Oslo", "note": HOSTILE}))
PAGE = {"url": "https://a.example/sky", "title": "Sky " + HOSTILE}
RUN: list[Message] = [
    user_message("A question\n\n\n" + HOSTILE),
    assistant_message(ThinkingPart("A thought.\n\n\n" + HOSTILE), CALL),
    tool_message(CALL, "A result.\n\n\n" + HOSTILE),
    assistant_message(
        BuiltinToolCallPart("s", "web_search", json.dumps({"query": "A query " + HOSTILE})),
        BuiltinToolResultPart("s", "web_search", [PAGE]),
        BuiltinToolCallPart("p", "code_execution", json.dumps({"code": "a = 1\n\n\n" + HOSTILE})),
        BuiltinToolResultPart("p", "code_execution", {"stdout": "A line.\n\n\n" + HOSTILE}),
        TextPart(
            "A text, $5.\n\n```\nA\n\n\nprogram\n```\n", (Citation(PAGE["url"], PAGE["title"]),)
        ),
        TextPart(HOSTILE),
        FilePart("image/png", samples.PNG, filename="picture.png"),
        FilePart("application/pdf", url="http://evil.example/" + "long" * 200, filename="A file"),
        RefusalPart("A refusal. " + HOSTILE),
    ),
]
WORDS = [
    *("A question", "A thought.", "get_weather", "Oslo", "A result.", "Searched the web"),
    *("A query", "Sky", "Ran code", "a = 1", "A line.", "A text, $5.", "program", "picture.png"),
    *("A file", "A refusal."),
]


def converted() -> nbformat.NotebookNode:
    stream = stream_from_messages(RUN)
    stream.until_done()
    output = nbformat.v4.new_output("display_data", data=bundle(stream))
    cell = nbformat.v4.new_code_cell("answer", outputs=[output])
    notebook: nbformat.NotebookNode = nbformat.v4.new_notebook(cells=[cell])
    return notebook


def opened(browser: Browser, path: Path, page: str) -> tuple[Page, list[str]]:
    """The page, without the web, and what it asked for of the model's addresses."""
    path.write_text(page, encoding="utf-8")
    shown = browser.new_page(viewport={"width": 500, "height": 900})
    asked: list[str] = []
    shown.on("request", lambda request: asked.append(request.url))
    shown.route(re.compile("^https?:"), lambda route: route.abort())
    shown.goto(path.as_uri())
    return shown, asked


def test_each_part_is_readable_in_a_page_and_on_paper(browser: Browser, tmp_path: Path) -> None:
    text, _ = HTMLExporter().from_notebook_node(converted())
    page, asked = opened(browser, tmp_path / "page.html", text)
    output = page.locator(".jp-OutputArea-output").first
    assert output.locator("details").count() >= 4, "details are folded, and there"
    output.evaluate("el => el.querySelectorAll('details').forEach(one => { one.open = true })")
    for media in ("screen", "print"):
        page.emulate_media(media=media)
        shown = output.inner_text()
        assert [word for word in WORDS if word not in shown and word != "picture.png"] == []
        sides = "el => [el.scrollWidth, el.clientWidth]"
        width, room = output.evaluate(sides)
        assert width <= room + 1, "nothing is wider than the column"
    assert output.locator("img").count() == 1
    assert output.locator("a[href^='javascript:']").count() == 0
    assert not [url for url in asked if "example" in url]
    page.close()


def test_the_markdown_file_loads_nothing_and_runs_nothing(tmp_path: Path, browser: Browser) -> None:
    from markdown_it import MarkdownIt

    text, _ = MarkdownExporter().from_notebook_node(converted())
    reader = MarkdownIt("commonmark", {"html": True}).enable("table")
    reader.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005
    page, asked = opened(browser, tmp_path / "file.html", reader.render(text))
    shown = page.locator("body").text_content() or ""
    assert [word for word in WORDS if word not in shown] == []
    assert page.locator("img").count() == 1
    assert page.locator("a[href^='javascript:']").count() == 0
    assert not [url for url in asked if "example" in url]
    page.close()
