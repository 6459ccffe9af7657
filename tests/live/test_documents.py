"""The README's code and the notebooks, run in real kernels."""

import json
import re
from pathlib import Path

import nbclient
import nbformat
import pytest

from tests.conftest import StartKernel

ROOT = Path(__file__).parents[2]
A_CELL = 300  # seconds; on a busy machine the local model may be slow
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(document: str, language: str) -> list[str]:
    text = (ROOT / document).read_text(encoding="utf-8")
    return [code for name, code in FENCE.findall(text) if name == language]


@pytest.mark.timeout(900)
@pytest.mark.parametrize("document", ["README.md", "docs/output.md"])
def test_every_python_snippet_of_a_document_runs(kernel: StartKernel, document: str) -> None:
    one = kernel()
    snippets = blocks(document, "python")
    assert len(snippets) > 3
    for snippet in snippets:
        one.check(snippet.rstrip(), timeout=A_CELL)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda p: p.name)
def test_every_notebook_runs(path: Path, tmp_path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    assert not any(cell.get("outputs") for cell in notebook.cells), "saved without outputs"
    nbclient.NotebookClient(
        notebook, timeout=A_CELL, resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    kinds = {
        key
        for cell in notebook.cells
        for out in cell.get("outputs", ())
        for key in out.get("data", {})
    }
    assert "text/markdown" in kinds
    assert "widget" not in json.dumps(sorted(kinds)), "only static media types"
