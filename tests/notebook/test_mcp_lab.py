"""Tools of an MCP server in a real JupyterLab: reports, hidden characters, a question's form."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.conftest import OpenNotebook
from tests.harness.llm_scripts import rounds, use
from tests.harness.llm_server import LLMServer
from tests.notebook.test_approval_lab import card, picture, results, setup

SERVER = Path(__file__).parents[1] / "mcp" / "tool_server.py"
WORKS = rounds(
    [use("steps", "c1", count=3), use("hidden", "c2"), use("picture", "c3")],
    [use("asks", "c4")],
    "All is done.",
)


@pytest.mark.timeout(300)
def test_a_server_works_and_asks(
    notebook: OpenNotebook, llm_server: LLMServer, tmp_path: Path
) -> None:
    env = {"NOTES": str(tmp_path / "notes.txt")}
    made = f"tools = nbstream.mcp.stdio('python', {str(SERVER)!r}, env={env!r})\nlen(tools.tools())"
    first, second = f"{setup(llm_server)}\n{made}", f"%%llm -m anthropic/{WORKS} -T tools\nWork."
    page = notebook([first, second])
    page.run_cell(0)
    page.run_cell(1, wait=False)
    form = card(page, 1)
    expect(form.locator(".nbask-question")).to_have_text("Which size?")
    form.get_by_label("How large?").fill("3")
    picture(page.output(1), "mcp-form")
    form.get_by_role("button", name="Send").click()
    output = page.output(1)
    expect(output.locator(".nbstream")).to_have_attribute("data-status", "done")
    page.wait_idle()
    expect(output.get_by_text("step 3 (3 of 3)")).to_have_count(1)
    expect(output.get_by_text("a⟨U+202E⟩b⟨U+001B⟩[0m")).to_have_count(1)
    picture(output, "mcp-done")
    assert results(llm_server, WORKS)[-1] == "accept size=3 sure=True"
    assert page.errors == []
