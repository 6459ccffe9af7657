"""The README's and the documentation's code and the quickstart, run in real kernels."""

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
# Code with other people's services and libraries is marked `py`: test_services.py runs it.
DOCUMENTS = [
    "README.md",
    *(
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "docs").rglob("*.md"))
        if "```python\n" in path.read_text(encoding="utf-8")
    ),
]


def blocks(document: str, language: str) -> list[str]:
    text = (ROOT / document).read_text(encoding="utf-8")
    return [code for name, code in FENCE.findall(text) if name == language]


@pytest.mark.timeout(900)
@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_python_snippet_of_a_document_runs(kernel: StartKernel, document: str) -> None:
    one = kernel()
    for snippet in blocks(document, "python"):
        one.check(snippet.rstrip(), timeout=A_CELL)


@pytest.mark.timeout(900)
def test_the_quickstart_runs_with_the_local_model(tmp_path: Path) -> None:
    """The other notebooks replay: ``test_notebooks.py``."""
    notebook = nbformat.read(ROOT / "notebooks" / "quickstart.ipynb", as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []
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
    assert "replayed" not in json.dumps(notebook)
