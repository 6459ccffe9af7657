"""The wheel, in an empty environment, without Node."""

import os
import re
import runpy
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

IN_A_KERNEL = """
from jupyter_client.manager import start_new_kernel

manager, client = start_new_kernel()

def show(message):
    if message["msg_type"] == "stream":
        print(message["content"]["text"], end="")

for cell in CELLS:
    reply = client.execute_interactive(cell, output_hook=show, timeout=60)
    assert reply["content"]["status"] == "ok", reply["content"]
manager.shutdown_kernel(now=True)
"""
CELLS = [
    "%load_ext nbstream",
    "import nbstream; print(nbstream.__file__)",
    "print(*(m for m in ('ipywidgets', 'anywidget', 'httpx') if m in __import__('sys').modules))",
    "from nbstream.widget.frontend import frontend; print(len(frontend().sources))",
]


# It builds the front end and downloads the packages that users get.
LONG = 500
pytestmark = pytest.mark.timeout(2 * LONG)


def pins() -> Iterator[str]:
    """The versions that all other tests use, so that a new release breaks no test."""
    for line in (ROOT / "locks" / "test.txt").read_text(encoding="utf-8").splitlines():
        if "==" in line and not line.startswith((" ", "#")):
            yield line.rstrip(" \\") + "\n"


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "-q", "-w", str(folder), str(ROOT)], check=True, timeout=LONG)
    return next(folder.glob("*.whl"))


def test_it_contains_the_built_front_end_and_no_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    made = re.findall(r'out: "(\w+\.js)"', (ROOT / "js" / "build.mjs").read_text())
    built = {f"nbstream/static/{name}" for name in made}
    assert "nbstream/static/widget.js" in built
    assert {*built, "nbstream/py.typed"} <= {*names}
    hook = runpy.run_path(str(ROOT / "hatch_build.py"))
    assert {*hook["OUTPUTS"]} == built, "the build hook knows each file that it looks at"
    assert all(name.startswith("nbstream") for name in names)


def test_it_works_in_an_empty_environment_without_node(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / "bin" / "python"
    environment = {**os.environ, "PATH": str(python.parent)}
    environment.pop("PYTHONPATH", None)

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [str(python), *arguments],
            check=False,
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=LONG,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    known = tmp_path / "constraints.txt"
    known.write_text("".join(pins()))
    patient = ["--retries", "10", "--timeout", "60"]
    run("-m", "pip", "install", "-q", *patient, "-c", str(known), str(wheel), "ipykernel")
    path, heavy, built = run("-c", f"CELLS = {CELLS!r}\n{IN_A_KERNEL}").splitlines()
    assert path.startswith(str(tmp_path)), "the installed package, not the checkout"
    assert heavy == "", "loading the extension imports little"
    files = "the module, highlighter, formula drawer, form, approvals, calls inside, the map"
    assert built == "7", files
