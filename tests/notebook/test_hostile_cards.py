"""Hostile calls in the cards that ask for approval, in a real JupyterLab."""

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.conftest import OpenNotebook
from tests.harness.hostile import AUDIT
from tests.notebook.test_approval_lab import picture
from tests.notebook.test_hostile import quiet

ROOT = Path(__file__).parent.parent.parent
NAME = "send_a_harmless_word_" * 4 + "and_delete"
BEGIN = f"""\
import json, sys; sys.path.insert(0, {str(ROOT)!r})
import nbstream
from nbstream.messages import Message, ToolCallPart
from nbstream.testing import ScriptedModel
from tests.harness.hostile import payloads
def {NAME}(to: str = "", names: list[str] = [], **more: object) -> str:
    "Send."
    return "sent"
tool = nbstream.tool({NAME}, requires_approval=True)
def run(*rows):
    calls = (ToolCallPart(f"c{{at}}", {NAME!r}, json.dumps(row)) for at, row in enumerate(rows))
    model = ScriptedModel(Message("assistant", tuple(calls)), "done")
    return nbstream.Agent(model, tools=[tool]).run_stream("go")
texts = [one[:400] for one in payloads()]
hostile = {{"to": texts[0], "names": texts, **{{one: {{one: one}} for one in texts}}}}
plain = {{"to": "Ada", "names": ["Bob\\nEve", "x" * 300 + "; rm"]}}
high = {{"to": "Ada\\n" * 80 + "and everybody"}}"""
FIELDS = re.compile("<(input|textarea|select|form)>")


def test_hostile_arguments_in_cards(notebook: OpenNotebook) -> None:
    """They stay in their box and ask for nothing; what is not in sight is told of."""
    page = notebook([BEGIN, "stream = run(hostile, high, plain)\nstream"])
    page.run_cell(0)
    with quiet(page.page, page.server.url):
        page.run_cell(1, wait=False)
        cards = page.output(1).locator(".nbask")
        expect(cards).to_have_count(3)
        found = page.output(1).evaluate(AUDIT)
        assert [one for one in found if not FIELDS.match(one)] == []
    many, high, plain = (cards.nth(at) for at in range(3))
    name = page.output(1).locator(".nbstream-tool-name").first
    assert name.evaluate("el => el.scrollWidth <= el.clientWidth")
    expect(page.output(1).get_by_text("Undo changes").filter(visible=True)).to_have_count(0)
    for one in (many, high):
        box = one.locator(".nbask-scroll")
        assert box.evaluate("el => el.scrollWidth <= el.clientWidth")
        expect(one.get_by_text("More below")).to_be_visible()
        picture(one, f"hostile-{'many' if one is many else 'high'}")
    expect(plain.get_by_text("More below")).to_be_hidden()
    for field in plain.locator("textarea").all():
        assert field.evaluate("el => el.scrollHeight <= el.clientHeight + 1"), "all is in sight"
    picture(page.output(1).locator(".nbstream-tool").nth(2), "hostile-plain")
    high.locator(".nbask-scroll").evaluate("el => el.scrollTo(0, el.scrollHeight)")
    expect(high.get_by_text("More below")).to_be_hidden()
