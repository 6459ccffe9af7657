"""The streams of other libraries, the newest of each: the same message as by nbstream's own client.

Each library is in a folder of its own, which ``make test`` makes, and runs in a process of its own;
``library_NAME.py`` has its cases.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.harness.aimock import AIMock
from tests.sources.repeating import Repeating

ROOT = Path(__file__).parents[2]
LIBRARIES = sorted(
    path.stem.removeprefix("library_").replace("_", "-")
    for path in Path(__file__).parent.glob("library_*.py")
)
"""By the name of their folder."""


@pytest.fixture(scope="module")
def server() -> Iterator[Repeating]:
    with AIMock() as aimock, Repeating(aimock.url) as running:
        yield running


@cache
def rows_of(library: str, url: str) -> list[dict[str, Any]]:
    """What the cases of a library gave."""
    folder = Path(sys.prefix) / "peers" / library
    if not folder.exists() and library == "ai":
        pytest.skip("ai needs Python 3.12 or later: make later-peers says which there is")
    if not folder.exists():
        pytest.skip(f"{library} is not installed: make .venv/.peers")
    name = library.replace("-", "_")
    later = folder / ".python"  # of a library that this Python is too old for
    python = later.read_text().strip() if later.exists() else sys.executable
    found = subprocess.run(
        [python, "-m", f"tests.sources.library_{name}", url],
        env={**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
        cwd=ROOT,
    )
    assert found.returncode == 0, found.stderr
    return [json.loads(line) for line in found.stdout.splitlines()]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("library", LIBRARIES)
def test_the_message_is_that_of_nbstream_s_own_client(server: Repeating, library: str) -> None:
    rows = rows_of(library, server.url)
    assert len(rows) > 5
    for row in rows:
        assert row["error"] is None, row
        assert row["message"] == row["expected"], row["case"]
        assert row["model"]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("library", LIBRARIES)
def test_the_library_s_own_final_message_is_raw(server: Repeating, library: str) -> None:
    rows = [row for row in rows_of(library, server.url) if row["expected_raw"]]
    assert rows
    assert [row["raw"] for row in rows] == [row["expected_raw"] for row in rows]
