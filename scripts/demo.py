"""Runs the quickstart notebook without a browser, for `make demo HEADLESS=1`.

Prints its answer and usage, and writes the executed notebook and its HTML export to
build/demo. The exit status is 1 if a cell failed or no answer came.
"""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbconvert import HTMLExporter

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "notebooks" / "quickstart.ipynb"
RESULTS = ROOT / "build" / "demo"
CELL_TIMEOUT = 300  # seconds; the first one loads the model
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def main() -> int:
    """Run the quickstart, print its answer and usage, and write files. Returns 1 on failure."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    # IPython's history and profile stay out of the user's home.
    os.environ.setdefault("IPYTHONDIR", str(RESULTS / "ipython"))
    notebook = nbformat.read(SOURCE, as_version=4)
    failure = run(notebook)
    answer = find_answer(notebook)
    usage = find_usage(notebook)

    print_section("Answer", answer)
    print_section("Usage", usage)
    print_section(
        "Written", "\n".join(str(path.relative_to(ROOT)) for path in write_files(notebook))
    )
    if failure:
        print(f"nbstream: a cell of the quickstart failed\n{failure}", file=sys.stderr)
        return 1
    if not answer:
        print("nbstream: the quickstart ran, but no answer came", file=sys.stderr)
        return 1
    return 0


def run(notebook: Any) -> str | None:
    """Execute the notebook in place. Returns the error of a cell that failed, or None."""
    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT,
        kernel_name="python3",  # of this environment, whatever the file names
        resources={"metadata": {"path": str(SOURCE.parent)}},
        # Its warning that loopback is not encrypted would stand before the answer.
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
        store_widget_state=False,  # with it, nbconvert prefers a widget that needs a network
    )
    try:
        client.execute()
    except CellExecutionError as error:
        return COLOURS.sub("", str(error))
    return None


def find_answer(notebook: Any) -> str | None:
    """The first Markdown that a cell displayed; cells tagged `answer` are searched first."""
    for cell in tagged_first(notebook, "answer"):
        for data in bundles(cell):
            if "text/markdown" in data:
                return text(data["text/markdown"])
    return None


def find_usage(notebook: Any) -> str | None:
    """The output of the cell tagged `usage`, else of the first cell that reads `.usage`."""
    cells = [
        cell
        for cell in tagged_first(notebook, "usage")
        if has_tag(cell, "usage") or ".usage" in cell.source
    ]
    for cell in cells:
        printed = "".join(text(o.text) for o in cell.outputs if o.output_type == "stream")
        shown = "".join(text(data.get("text/plain", "")) for data in bundles(cell))
        if printed or shown:
            return (printed + shown).strip()
    return None


def tagged_first(notebook: Any, tag: str) -> list[Any]:
    """The code cells, in order, but those with the tag before all others."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return sorted(cells, key=lambda cell: not has_tag(cell, tag))


def has_tag(cell: Any, tag: str) -> bool:
    """Whether the cell has this tag in its metadata."""
    return tag in cell.metadata.get("tags", [])


def bundles(cell: Any) -> Iterator[Any]:
    """The MIME bundle of each output that the cell displayed."""
    for output in cell.outputs:
        if output.output_type in {"display_data", "execute_result"}:
            yield output.data


def text(value: str | list[str]) -> str:
    """A text of the notebook format, which may be a string or a list of lines, as a string."""
    return value if isinstance(value, str) else "".join(value)


def write_files(notebook: Any) -> tuple[Path, Path]:
    """Write the executed notebook and its HTML export. Returns their paths."""
    executed = RESULTS / "quickstart.ipynb"
    page = RESULTS / "quickstart.html"
    nbformat.write(notebook, executed)
    html, _ = HTMLExporter().from_notebook_node(notebook)
    page.write_text(html, encoding="utf-8")
    return executed, page


def print_section(title: str, body: str | None) -> None:
    """Print a heading and its text, or `(none)`."""
    print(f"--- {title}\n{body or '(none)'}\n")


if __name__ == "__main__":
    sys.exit(main())
