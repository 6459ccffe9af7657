"""What documents claim is run or checked."""

import json
import re
from pathlib import Path

import nbclient
import nbformat
import pytest

from nbstream.providers.table import PROVIDERS
from tests.conftest import StartKernel

ROOT = Path(__file__).parent.parent
A_CELL = 300  # seconds; the local model may talk until its limit, on a machine with other work
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(document: str, language: str) -> list[str]:
    text = (ROOT / document).read_text(encoding="utf-8")
    return [code for name, code in FENCE.findall(text) if name == language]


@pytest.mark.timeout(900)
def test_every_python_snippet_of_the_readme_runs(kernel: StartKernel) -> None:
    one = kernel()
    snippets = blocks("README.md", "python")
    assert len(snippets) > 4
    for snippet in snippets:
        one.check(snippet.rstrip(), timeout=A_CELL)


def test_every_make_command_of_the_documents_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for document in ("README.md", "CONTRIBUTING.md"):
        for target in re.findall(r"make ([a-z]+)", (ROOT / document).read_text(encoding="utf-8")):
            if target in ("an", "it", "the"):
                continue
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"{document}: make {target}"


def test_the_readme_names_every_provider() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    named = {
        name
        for row in re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)
        for name in re.findall(r"`([a-z-]+)`", row)
    }
    assert named >= {"local", *PROVIDERS}


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_every_path_that_a_document_names_is_there(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    linked = re.findall(r"\]\(([^)#:]+)\)", text)
    named = re.findall(r"`((?:nbstream|js|tests|notebooks|scripts)/[\w./-]*)`", text)
    for name in {*linked, *named}:
        assert (ROOT / name).exists(), name


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
    assert "widget" not in json.dumps(sorted(kinds)), "headless runs leave the static mimes only"
