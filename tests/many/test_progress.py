"""What is told of a map: the messages to the page, the line in a terminal, the static HTML."""

import asyncio
import io
import re
from typing import Any

import pytest

import nbstream
from nbstream import errors
from nbstream.progress import static
from nbstream.progress.bridge import MapBridge, heads
from nbstream.progress.draw import draw
from nbstream.progress.terminal import TerminalProgress
from nbstream.testing import ScriptedModel


def ended(count: int, *answers: Any) -> "nbstream.PromptMap[str]":
    prompts = [f"prompt {number}" for number in range(count)]
    job = nbstream.map(prompts, ScriptedModel(*answers), concurrency=1, progress=False)
    job.wait()
    return job


def test_the_page_gets_each_state_once_and_all_of_them_on_request() -> None:
    job = ended(3, "one", errors.BadRequestError("No."), "three")
    sent: list[dict[str, Any]] = []
    bridge = MapBridge(job, lambda message, _buffers: sent.append(message))
    asyncio.run(bridge.send_stream())
    asyncio.run(bridge.send_stream())
    assert sent[0]["state"]["cells"] == [
        [0, "d", "one"],
        [1, "f", "BadRequestError: No."],
        [2, "d", "three"],
    ]
    assert sent[1]["state"]["cells"] == []
    snapshot = bridge.snapshot()
    assert snapshot["seq"] == sent[1]["seq"] == 2
    assert snapshot["state"]["cells"] == "dfd"
    assert snapshot["state"]["prompts"] == ["prompt 0", "prompt 1", "prompt 2"]


def test_the_cards_show_where_the_prompts_differ() -> None:
    assert heads(["The field of: moths", "The field of: mosses"]) == ["… moths", "… mosses"]
    assert heads(["Say one.", "Say two."]) == ["Say one.", "Say two."]
    assert heads(["The very same prompt."] * 2) == ["The very same prompt."] * 2
    assert heads(["Only one of them."]) == ["Only one of them."]


def test_a_state_that_was_asked_for_takes_no_change_from_the_other_pages() -> None:
    sent: list[dict[str, Any]] = []
    job = nbstream.map(["prompt"], ScriptedModel("one"), progress=False)
    bridge = MapBridge(job, lambda message, _buffers: sent.append(message))
    job.wait()
    snapshot = bridge.snapshot()  # of a page that was opened later
    asyncio.run(bridge.send_stream())
    assert [row for one in sent for row in one["state"]["cells"]] == [[0, "d", "one"]]
    assert sent[0]["seq"] == snapshot["seq"], "it includes what was sent before it"


def test_of_many_prompts_the_page_gets_no_texts() -> None:
    job = ended(100, *["a secret of the kernel"] * 100)
    sent: list[dict[str, Any]] = []
    bridge = MapBridge(job, lambda message, _buffers: sent.append(message))
    asyncio.run(bridge.send_stream())
    assert "secret" not in str(sent) + str(bridge.snapshot())
    assert len(sent[0]["state"]["cells"]) == 100


def test_static_html_shows_hostile_text_as_text() -> None:
    job = ended(2, "<script>alert(1)</script>", errors.BadRequestError("<img src=x>"))
    html = static.bundle(job, widget_id="abc")["text/html"]
    assert html.startswith('<div class="nbstream-at-abc ')
    assert "<script" not in html
    assert "<img" not in html
    assert "1 of 2 answered · 1 failed" in html
    assert static.text(job).splitlines()[1] == "2. BadRequestError: <img src=x>"


def test_static_html_has_no_blank_line_and_no_hidden_character() -> None:
    hostile = "a\u202eb\n \n![x](http://evil.test/x.png)"
    job = ended(2, hostile, errors.BadRequestError(hostile))
    html = static.bundle(job)["text/html"]
    assert not re.search(r"\n\s*\n|\u202e", html), "a blank line ends HTML in Markdown"
    assert "a⟨U+202E⟩b" in html


class Terminal(io.StringIO):
    """A terminal that keeps what is written."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_has_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    job = nbstream.map(["a", "b"], ScriptedModel("1", "2", delay=0.1), concurrency=1)
    assert isinstance(draw(job), TerminalProgress)
    job.wait()
    written = terminal.getvalue()
    assert written.count("\n") == 1
    assert "2 of 2 answered" in written.splitlines()[-1]
    assert "1 of 2 answered" in written


def test_a_terminal_says_why_nothing_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    limited = errors.RateLimitError("Too many requests.", status=429, wait=0.3)
    job = nbstream.map(["a"], ScriptedModel(limited, "1"))
    assert job.to_df()["answer"].tolist() == ["1"]
    assert "the provider asks to wait 1 s" in terminal.getvalue()
    assert "wait" not in terminal.getvalue().splitlines()[-1].rpartition("\r")[2]
