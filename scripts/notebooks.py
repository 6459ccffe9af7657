"""Executes the notebooks and writes their outputs into them, for `make notebooks`.

    python scripts/notebooks.py [NAME ...] [--record]

What a cassette does not have is recorded first, from the local model and from aimock. With
`--record` all of it is recorded anew. Then each notebook is executed from its cassette alone, so
that the same cassettes give the same notebooks: an output that differs only in a time is left.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.harness import isolation, notebooks  # noqa: E402 - they are found from here


def main() -> None:
    """Record what is missing, execute, and write the notebooks."""
    parser = argparse.ArgumentParser(description="Write the notebooks' outputs.")
    parser.add_argument("names", nargs="*", help="such as invoices; default: all")
    parser.add_argument("--record", action="store_true", help="record all answers anew")
    given = parser.parse_args()
    names = given.names or notebooks.names()
    with tempfile.TemporaryDirectory() as folder:
        env = isolation.environment(Path(folder))
        if given.record:
            for name in names:
                (notebooks.FOLDER / notebooks.cassette(name)).unlink(missing_ok=True)
        notebooks.recorded(names, notebooks.FOLDER, env)
        for name, notebook in notebooks.replayed(names, notebooks.FOLDER, env).items():
            for cell, before in zip(notebook.cells, notebooks.read(name).cells, strict=True):
                if cell.cell_type == "code" and same(cell, before):
                    cell.outputs = before.outputs
            nbformat.write(notebook, notebooks.FOLDER / f"{name}.ipynb")
            print(f"notebooks/{name}.ipynb")


def same(cell: notebooks.Notebook, before: notebooks.Notebook) -> bool:
    """Whether the outputs differ in nothing but times."""
    return notebooks.comparable(cell.outputs) == notebooks.comparable(before.outputs)


if __name__ == "__main__":
    main()
