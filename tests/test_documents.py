"""What documents claim is run or checked."""

import re
from pathlib import Path

import pytest

from nbstream.providers.table import PROVIDERS

ROOT = Path(__file__).parent.parent


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
