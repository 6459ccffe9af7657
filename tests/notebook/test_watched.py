"""A stream that another process makes and uvicorn serves, watched in JupyterLab."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from tests.conftest import OpenNotebook
from tests.harness.page import RUN

ROOT = Path(__file__).parents[2]


@pytest.fixture
def made() -> Iterator[str]:
    """The address of a process that makes and serves streams."""
    command = [sys.executable, "-m", "tests.sources.served_app"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        process.kill()


def test_a_watched_stream_whose_connection_is_cut_twice(notebook: OpenNotebook, made: str) -> None:
    ask = f"import nbstream\nw = nbstream.from_url('{made}/live?watcher=lab')\nw"
    page = notebook([ask, "print(nbstream.messages.messages_to_json(w.messages))"])
    page.run_cell(0)
    done = page.output(0).locator(".nbstream[data-status=done]")
    expect(done).to_be_visible(timeout=RUN * 1000)
    expect(done).to_contain_text("Half a pair")
    expect(done).to_contain_text("Bern")
    page.run_cell(1)
    there = httpx.get(f"{made}/state/live").json()
    (printed,) = page.models()[1]
    assert json.loads(printed["text"]) == json.loads(there["messages"])
    assert sum(bool(one) for one in there["asked"]) == 2, "it came again twice, with its place"
    page.until(lambda: "text/markdown" in page.models()[0][0]["data"])
    assert page.errors == []
