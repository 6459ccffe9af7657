"""The local model in a real JupyterLab: text, a typed answer, a chat, the background and Stop."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.conftest import OpenNotebook

TYPED = """%%llm -m local --temperature 0 --max-tokens 120 \\
  --schema "name: str, age: int" -o person
Who is mentioned? Ada is 36."""
CELLS = [
    "%load_ext nbstream",
    "%%llm -m local --temperature 0 --max-tokens 60\nWhat is a notebook?",
    TYPED,
    "person.output",
    "%%llm -m local -c trip --temperature 0 --max-tokens 30\nMy name is Ada. Say hello to me.",
    "%%llm -m local -c trip --temperature 0 --max-tokens 30\nWhat is my name?",
    "%%llm -m local --bg -o draft --temperature 0 --max-tokens 40\nName three colours.",
    "%%llm -m local --temperature 0 --max-tokens 20\nShorten this: {{ draft }}",
    "%%llm -m local --temperature 0 -o long\nTell me a very long story about a fox and a hen.",
    "print(long.finish_reason, len(long.text) > 0)\n%llm cost",
]
PICTURES = "NBSTREAM_PICTURES"
"""An environment variable with a folder for pictures of the cells, to look at."""


@pytest.mark.timeout(300)
def test_everyday_cells_with_the_local_model(notebook: OpenNotebook) -> None:
    page = notebook(CELLS)
    for cell in range(8):
        page.run_cell(cell)
    expect(page.output(6).locator(".nbstream")).to_have_attribute("data-status", "done")
    page.run_cell(8, wait=False)
    expect(page.output(8).locator(".nbstream-text")).to_contain_text(" ")
    page.output(8).locator(".nbstream-stop").click()
    expect(page.output(8).locator(".nbstream")).to_have_attribute("data-status", "stopped")
    page.wait_idle()
    page.run_cell(9)
    if folder := os.environ.get(PICTURES):
        Path(folder).mkdir(parents=True, exist_ok=True)
        for cell in range(1, len(CELLS)):
            page.cell(cell).scroll_into_view_if_needed()
            page.cell(cell).screenshot(path=Path(folder) / f"local-{cell}.png")
    texts = page.texts()
    assert all(texts[cell].strip() for cell in range(1, 10))
    assert "turn 2 of trip, with 1 earlier turn" in texts[5]
    assert re.search(r"Output\(name='.*', age=\d+\)", texts[3])
    assert "cancelled True" in texts[9]
    assert "none" in texts[9], "a model on this machine costs nothing"
    assert page.errors == []
