"""A view and its host's page do not change each other's style, and request nothing elsewhere."""

import pytest
from playwright.sync_api import expect

from tests.conftest import OpenNotebook, StartServer
from tests.gallery import pages
from tests.harness import styles
from tests.harness.hosts import Outside
from tests.harness.llm_scripts import say
from tests.harness.server import App

ANSWER = """
# Title with `code`

Text with **bold**, *italic*, `code`, [a link](https://example.org), <kbd>k</kbd> and $x^2$.

1. one
   - inner
2. two

- [x] done

> quote

| a | b |
|---|--:|
| 1 | 2 |

```python
x = 1
```

---
"""

# What WCAG 1.4.12 lets readers set. Their tools do it with `!important`.
SPACING = """* {
  line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important;
}
p { margin-bottom: 2em !important; }"""
SET = """() => [...document.querySelectorAll('.nbstream :is(p, li, td)')]
    .map(el => getComputedStyle(el)).every(({ fontSize, letterSpacing, lineHeight }) =>
        Math.abs(parseFloat(letterSpacing) / parseFloat(fontSize) - 0.12) < 0.01
        && Math.abs(parseFloat(lineHeight) / parseFloat(fontSize) - 1.5) < 0.01)"""
# The box of a formula in a line also counts room in which nothing is drawn.
CUT_OFF = """() => [...document.querySelectorAll('.nbstream *:not(.nbmd-math)')].filter(el => {
  const { overflowX, overflowY } = getComputedStyle(el);
  return el.clientWidth > 1 && (/hidden|clip/.test(overflowX) && el.scrollWidth > el.clientWidth + 1
      || /hidden|clip/.test(overflowY) && el.scrollHeight > el.clientHeight + 1);
}).map(el => el.className || el.tagName)"""


@pytest.mark.parametrize("app", ["lab", "notebook"])
def test_styles_stay_apart(notebook: OpenNotebook, jupyter: StartServer, app: App) -> None:
    cells = ["%load_ext nbstream", f"%%llm -m openai-chat/{say(ANSWER)}\nhi"]
    page = notebook(cells, server=jupyter(app), start=False)
    outside = Outside(page.page, page.server.url)
    page.open()
    before = styles.of_host(page.page)
    page.run_all()
    expect(page.output(1).locator("[data-status=done] math")).to_be_visible()
    expect(page.output(1).locator("pre .nbmd-hl-number")).to_have_text("1")
    assert styles.from_host(page.page) == []
    assert styles.of_host(page.page) == before
    assert outside.urls == []
    page.page.add_style_tag(content=SPACING)
    assert page.page.evaluate(SET)
    assert page.page.evaluate(CUT_OFF) == []
    assert page.errors == []


LONG_CALL = """
from nbstream import assistant_message, replay_message
from nbstream.messages import ToolCallPart
replay_message(assistant_message(ToolCallPart("c", "write", '{"text": "' + "word " * 3000 + '"}')))
"""
WIDE = "| " + " | ".join(f"column {n}" for n in range(14)) + " |\n" + "|--" * 14 + "|\n"
WIDE += "| " + " | ".join(["of words"] * 14) + " |\n\n<details><summary>S</summary>\n\nInside.\n"
IN_PANES = """() => [...document.querySelectorAll('.nbstream .nbform-pane, .nbstream-tool > div')]
    .map(el => el.scrollHeight <= el.clientHeight + 1)"""


# How far the tables reach out of the cell, in pixels.
OUTSIDE = """() => [...document.querySelectorAll('.nbstream table')].map(el =>
    el.getBoundingClientRect().right - el.closest('.nbstream').getBoundingClientRect().right)"""


def test_on_paper_an_answer_is_whole(notebook: OpenNotebook) -> None:
    page = notebook([pages.SETUP, "play('table-long', 'finished')", LONG_CALL])
    page.run_all()
    table, call = page.output(1), page.output(2)
    expect(table.locator("[data-status=done] .nbform-sort")).to_have_count(7)
    expect(call.locator(".nbjson-string")).to_contain_text("word word")
    assert page.page.evaluate(IN_PANES) == [False, False]
    page.page.emulate_media(media="print")
    assert page.page.evaluate(IN_PANES) == [True, True]
    expect(table.get_by_text("Height")).to_be_visible()
    expect(table.locator(".nbstream-copy")).to_be_hidden()


def test_on_paper_tables_are_not_cut(notebook: OpenNotebook) -> None:
    wide = f"replay_message(assistant_message({WIDE!r}))"
    page = notebook([pages.SETUP, LONG_CALL, "play('rows', 'finished')", wide])
    page.run_all()
    expect(page.output(2).locator("[data-status=done] .nbform-sort")).to_have_count(7)
    summary = page.output(3).locator("[data-status=done] .nbmd summary")
    expect(summary).to_be_visible()
    pages.set_width(page, 700)
    assert all(beyond > 0 for beyond in page.page.evaluate(OUTSIDE))
    arrow = "el => getComputedStyle(el, '::before').transform"
    closed = summary.evaluate(arrow)
    page.page.emulate_media(media="print")
    assert all(beyond <= 0 for beyond in page.page.evaluate(OUTSIDE))
    expect(page.output(3).get_by_text("Inside.")).to_be_visible()
    page.until(lambda: summary.evaluate(arrow) != closed)  # it turns down to what is shown


NAMED = """
import nbstream
from nbstream.testing import ScriptedModel
nbstream.stream(ScriptedModel("Hi.", name="a-model-with-a-very-long-name-" * 9), "?")
"""
# Where the dot and the model's name are.
FOOTER = """el => {
  const [line, name] = ['', ' > .nbstream-model'].map(inside =>
      el.querySelector('.nbstream-footer' + inside).getBoundingClientRect());
  const dot = el.querySelector('.nbstream-status').getBoundingClientRect();
  return { lines: name.height / 18, inside: name.right <= line.right,
      beside: dot.right < name.left && dot.top > name.top && dot.bottom < name.bottom };
}"""


def test_a_long_name_of_a_model_stays_beside_its_dot(notebook: OpenNotebook) -> None:
    page = notebook([NAMED])
    page.run_all()
    view = page.output(0).locator("[data-status=done]")
    expect(view.locator(".nbstream-model")).to_contain_text("long")
    found = view.evaluate(FOOTER)
    assert found["lines"] > 1.9
    assert found["inside"]
    assert found["beside"]
