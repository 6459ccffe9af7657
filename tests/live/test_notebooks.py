"""The notebooks: they run from their cassettes, and show what is committed."""

import html
import json
import re
from pathlib import Path

import pytest
from nbconvert.exporters import HTMLExporter

from tests.harness import isolation, notebooks
from tests.harness.notebooks import FOLDER, KEYS, NOT_RUN, WITH_LOCAL_MODEL, comparable

WIDE = 90  # characters of a line of code that a page shows
HUGE = 40_000  # bytes of one output; a picture in base64 is the largest


def shown(cells: list[notebooks.Notebook]) -> list[str]:
    """The outputs of each code cell, for a comparison."""
    return [comparable(cell.outputs) for cell in cells if cell.cell_type == "code"]


@pytest.mark.timeout(900)
def test_every_notebook_replays_to_the_outputs_that_are_committed(tmp_path: Path) -> None:
    for path in FOLDER.glob("*.nbstream"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    env = isolation.environment(tmp_path / "home")  # which has no keys
    ran = notebooks.replayed(notebooks.names(), tmp_path, env)
    for name, notebook in ran.items():
        committed = notebooks.read(name)
        assert shown(notebook.cells) == shown(committed.cells), f"make notebooks ONLY={name}"
        assert notebook.metadata == committed.metadata
    for path in FOLDER.glob("*.nbstream"):
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), "nothing was recorded"


@pytest.mark.timeout(900)
def test_recording_against_aimock_gives_the_values_that_are_replayed(tmp_path: Path) -> None:
    names = [name for name in notebooks.names() if name != WITH_LOCAL_MODEL]
    env = isolation.environment(tmp_path / "home")
    ran = notebooks.recorded(names, tmp_path, env, "all")
    for name, notebook in ran.items():
        recorded = [values(cell) for cell in notebook.cells]
        assert recorded == [values(cell) for cell in notebooks.read(name).cells], name
    written = "".join(path.read_text() for path in tmp_path.glob("*.nbstream"))
    assert "Kaffeer" in written
    for key in KEYS.values():
        assert key not in written + json.dumps(list(ran.values()))


@pytest.mark.timeout(300)
def test_no_key_is_in_the_state_of_live_widgets(tmp_path: Path) -> None:
    env = isolation.environment(tmp_path / "home", {"NBSTREAM_DISPLAY": "live"})
    ran = notebooks.recorded(["many"], tmp_path, env, "all")["many"]
    written = json.dumps(ran)
    assert "snapshot" in json.dumps(ran.metadata["widgets"]), "a widget's state is there"
    for key in KEYS.values():
        assert key not in written


SUMMARY = re.compile(r"(\d+ of \d+ answered)[^<\"]*")
"""How a map ended: the rest tells its time, and its tokens or its cassette."""


def values(cell: notebooks.Notebook) -> list[str]:
    """What a cell shows, without the lines that tell whether it was recorded or replayed."""
    if cell.cell_type != "code":
        return []
    found = []
    for output in cell.outputs:
        data = output.get("data", {})
        if "text/markdown" in data:  # has no footer
            found.append(comparable(data["text/markdown"]))
        elif not re.search(r"\.nbstream (replays|records|ended)", output.get("text", "")):
            found.append(SUMMARY.sub(r"\1", comparable(output)))
    return found


@pytest.mark.parametrize("name", notebooks.names())
def test_a_notebook_reads_well_elsewhere(name: str) -> None:
    notebook = notebooks.read(name)
    text = json.dumps(notebook)
    page, _ = HTMLExporter().from_notebook_node(notebook)
    answers = 0
    for number, cell in enumerate(c for c in notebook.cells if c.cell_type == "code"):
        assert cell.execution_count == number + 1
        assert max(map(len, cell.source.splitlines())) <= WIDE, "the line is cut on many pages"
        for output in cell.outputs:
            assert output.output_type != "error"
            assert output.get("name") != "stderr", output
            assert len(json.dumps(output)) < HUGE
            data = output.get("data", {})
            assert not any("widget" in kind for kind in data)
            if "text/markdown" in data:
                answers += 1
                assert words(data["text/html"]) in words(page)
        if cell.source.startswith("%%llm"):
            assert any("text/markdown" in one.get("data", {}) for one in cell.outputs)
    assert answers
    assert "widgets" not in notebook.metadata
    assert not re.search(r"/home/|/work/|/tmp/|/Users/|127\.0\.0\.1|localhost", text)


def words(page: str) -> str:
    """The text of HTML, without blanks."""
    return "".join(html.unescape(re.sub(r"<[^>]*>", "", page)).split())


def test_no_key_is_in_any_file_of_the_notebooks() -> None:
    for path in filter(Path.is_file, FOLDER.rglob("*")):
        content = path.read_bytes()
        for key in KEYS.values():
            assert key.encode() not in content
            assert key.rpartition("-")[2].encode() not in content


def test_the_index_names_each_notebook_and_every_link_leads_somewhere() -> None:
    index = json.dumps(notebooks.read(NOT_RUN))
    for name in notebooks.names():
        assert f"({name}.ipynb)" in index
    for path in FOLDER.glob("*.ipynb"):
        for link in re.findall(r"\]\(([^)#]+)", path.read_text(encoding="utf-8")):
            assert link.startswith("https://") or (FOLDER / link).exists(), f"{path.name}: {link}"
