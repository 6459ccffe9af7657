"""Checks what the documents say."""

import re
from pathlib import Path

import pytest

from nbstream.providers.table import PROVIDERS
from tests.test_layers import ALLOWED

ROOT = Path(__file__).parent.parent
DOCUMENTS = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"]


def test_the_documented_layers_are_the_tested_ones() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = re.findall(r"^    (\w+) +([a-z ]+)$", text, re.MULTILINE)
    documented = {name: {*allowed.split()} - {"nothing"} for name, allowed in rows}
    assert documented == {name: allowed for name, allowed in ALLOWED.items() if name != "__init__"}


def test_every_make_command_of_the_documents_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for document in DOCUMENTS:
        text = (ROOT / document).read_text(encoding="utf-8")
        for target in re.findall(r"(?:^|`)make ([a-z-]+)", text, re.MULTILINE):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"{document}: make {target}"


def test_the_readme_names_every_provider() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    named = {
        name
        for row in re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)
        for name in re.findall(r"`([a-z-]+)`", row)
    }
    assert named >= {"local", *PROVIDERS}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_path_in_a_document_exists(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    linked = re.findall(r"\]\(([^)#:]+)\)", text)
    named = re.findall(r"`((?:nbstream|js|tests|notebooks|scripts)/[\w./-]*)`", text)
    for name in {*linked, *named}:
        assert (ROOT / name).exists(), name


def test_every_file_in_the_table_exists() -> None:
    """A row names a folder once, and after that only the files in it."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    there = {path.name for folder in ("nbstream", "js/src") for path in (ROOT / folder).rglob("*")}
    for row in re.findall(r"^\| .*$", text, re.MULTILINE):
        for name in re.findall(r"`([\w-]+\.(?:py|ts))`", row):
            assert name in there, row
