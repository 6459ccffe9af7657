"""``%%llm`` in a cell that another cell runs: a notebook, a script, another magic."""

from pathlib import Path

import nbformat
import pytest

from tests.conftest import StartKernel
from tests.harness import kernelspecs
from tests.harness.kernel import Kernel

VERSIONS = [None, *kernelspecs.VERSIONS]
ANSWERS = """
%load_ext nbstream
from nbstream import register_model
from nbstream.testing import ScriptedModel
register_model(ScriptedModel(*["Hello, you."] * 50, name="polite"))
shell = get_ipython()
"""
ASK = "%%llm -m test/polite -o {}\nhi"


@pytest.fixture(params=VERSIONS)
def shell(kernel: StartKernel, request: pytest.FixtureRequest) -> Kernel:
    one = kernel(request.param, env={"NBSTREAM_DISPLAY": "live"})
    one.check(ANSWERS)
    return one


def test_each_way_to_run_a_cell_within_a_cell(shell: Kernel, tmp_path: Path) -> None:
    asks = [ASK.format(name) for name in ("first", "second")]
    cells = [nbformat.v4.new_code_cell(source) for source in ("x = 1", *asks, "y = 2", asks[0])]
    notebook, script = tmp_path / "n.ipynb", tmp_path / "s.ipy"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), notebook)
    script.write_text(ASK.format("third"), encoding="utf-8")

    assert len(shell.check(f"%run {notebook}").displays) == 3
    assert len(shell.check(f"%run {script}\n%run {script}").displays) == 2
    assert shell.check("print(first.text, third.text)").stdout == "Hello, you. Hello, you.\n"
    timed = shell.check("%%timeit -n2 -r2\n" + asks[0])
    assert "per loop" in timed.stdout
    assert len(timed.displays) == 4
    assert (
        len(
            shell.check(
                "%timeit -n1 -r1 shell.run_cell_magic('llm', '-m test/polite', 'hi')"
            ).displays
        )
        == 1
    )
    assert len(shell.check("%%time\n" + asks[0]).displays) == 1
    assert len(shell.check("%%prun -q\n" + asks[0]).displays) == 1
    assert shell.check("%%capture kept\n" + asks[0]).displays == []
    twice = f"for _ in range(2): shell.run_cell({asks[0]!r});"
    assert len(shell.check(twice).displays) == 2
    awaited = f"import asyncio\nawait asyncio.sleep(0)\n{twice}"
    assert len(shell.check(awaited).displays) == 2
    shell.check(
        f"async def later(): shell.run_cell({asks[0]!r})\nawait asyncio.create_task(later())"
    )
    shell.check("%autoawait trio")
    assert len(shell.check(asks[1]).displays) == 1
    shell.check("%autoawait asyncio")
    assert len(shell.check(asks[1]).displays) == 1
    assert shell.check("second").displays[0]["text/plain"] == "Hello, you."


def test_a_value_is_shown_once_by_the_cell_within_and_again_by_a_later_cell(
    shell: Kernel, tmp_path: Path
) -> None:
    script = tmp_path / "s.ipy"
    script.write_text(ASK.format("said"), encoding="utf-8")
    assert len(shell.check(f"%run {script}\nsaid").displays) == 2
    assert len(shell.check("said").displays) == 1
