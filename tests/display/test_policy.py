"""The policy for links and characters, with the cases that the browser's code has too."""

import json
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from nbstream.display.html.markdown import render
from nbstream.display.policy import (
    must_show_host,
    safe_link,
    visible,
    visible_references,
    web_address,
)

CASES: dict[str, Any] = json.loads(
    (Path(__file__).parent.parent / "samples" / "policy.json").read_text(encoding="utf-8")
)


class Page(HTMLParser):
    """The text of a page, and its links."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.text = ""
        self.links: list[str | None] = []
        self.feed(source)

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize(("address", "href", "host"), CASES["links"])
def test_a_link(address: str, href: str, host: str) -> None:
    assert safe_link(address) == (href, host)


@pytest.mark.parametrize("address", CASES["refused"])
def test_no_link(address: str) -> None:
    assert safe_link(address) is None


@pytest.mark.parametrize(("text", "href"), CASES["silent"])
def test_a_text_that_hides_no_host(text: str, href: str) -> None:
    link = safe_link(href)
    assert link
    assert not must_show_host(text, link)


@pytest.mark.parametrize(("text", "href"), CASES["shown"])
def test_a_text_that_may_hide_the_host(text: str, href: str) -> None:
    link = safe_link(href)
    assert link
    assert must_show_host(text, link)


@pytest.mark.parametrize(("text", "shown"), CASES["code"])
def test_hidden_characters_in_code(text: str, shown: str) -> None:
    assert visible(text, in_code=True) == shown
    assert shown.strip() in unescape(render(f"```\n{text}\n```"))


@pytest.mark.parametrize(("text", "shown"), CASES["characters"])
def test_hidden_characters(text: str, shown: str) -> None:
    assert visible(text) == shown
    assert visible(shown) == shown


@pytest.mark.parametrize(("source", "text", "links"), CASES["markdown"])
def test_markdown(source: str, text: str, links: list[str]) -> None:
    page = Page(render(source))
    assert page.text.strip() == text
    assert page.links == links


def test_references_to_hidden_characters() -> None:
    text = "&#x202E; &#8238; &amp; &#0; `&#x1b;` &lt;"
    assert visible_references(text) == "⟨U+202E⟩ ⟨U+202E⟩ &amp; &#0; `⟨U+001B⟩` &lt;"


def test_the_hub_and_this_machine_are_own_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    from nbstream.display.policy import links

    monkeypatch.setenv("JUPYTERHUB_PUBLIC_URL", "https://hub.example:8000/user/jane/")
    monkeypatch.setattr("platform.node", lambda: "Workshop")
    links._own_hosts.cache_clear()
    try:
        assert web_address("https://hub.example/hub/logout") is None
        assert web_address("http://workshop:8888/api") is None
        assert web_address("https://other.example/") is not None
    finally:
        links._own_hosts.cache_clear()
