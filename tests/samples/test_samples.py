"""Every sample of `ai`, Anthropic's SDK and PydanticAI: as a script, in a running loop, in a cell.

The samples are in ../shared/samples, beside the checkout, and are not copied. `rule` defines which
of their lines change; `answers` has what the model answers and what is printed.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.kernel import Kernel
from tests.harness.llm_server import LLMServer
from tests.harness.media_endpoints import KEY
from tests.harness.media_server import MediaServer
from tests.samples import rule
from tests.samples.answers import CASES, Case

LOOP = """
import ast, asyncio, inspect, pathlib, sys
code = compile(
    pathlib.Path(sys.argv[1]).read_text(), "sample", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
)

async def main():
    done = eval(code, {"__name__": "__main__"})
    if inspect.iscoroutine(done):
        await done

asyncio.run(main())
"""

Sample = tuple[str, str]
SAMPLES = [(library, name) for library, cases in CASES.items() for name in cases]


@pytest.fixture(scope="module")
def servers(llm_server: LLMServer) -> Iterator[dict[str, str]]:
    """Environment variables with the address and keys of every sample's model."""
    with MediaServer() as media:
        google = {"GOOGLE_GEMINI_BASE_URL": media.url, "GEMINI_API_KEY": KEY}
        yield {**llm_server.messages_env, **google}


@pytest.fixture(scope="module")
def cell(servers: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """A kernel that all samples share."""
    with Kernel(tmp_path_factory.mktemp("samples"), env=servers) as kernel:
        yield kernel


def test_every_sample_has_a_case() -> None:
    if not rule.FOLDER.exists():
        pytest.skip(rule.MISSING)
    for library, cases in CASES.items():
        assert rule.names(library) == sorted(cases)


@pytest.mark.parametrize(("library", "name"), SAMPLES)
def test_in_a_script(library: str, name: str, servers: dict[str, str], tmp_path: Path) -> None:
    case = CASES[library][name]
    code = rule.as_script(library, name, case.model, case.given, case.after)
    path = tmp_path / f"{name}_sample.py"
    path.write_text(code)
    _check(case, _run(servers, str(path)))


@pytest.mark.parametrize(("library", "name"), SAMPLES)
def test_in_a_running_loop(
    library: str, name: str, servers: dict[str, str], tmp_path: Path
) -> None:
    case = CASES[library][name]
    path = tmp_path / f"{name}_sample.py"
    path.write_text(rule.rewritten(library, name, case.model, case.given, case.after))
    _check(case, _run(servers, "-c", LOOP, str(path)))


@pytest.mark.parametrize(("library", "name"), SAMPLES)
def test_in_a_cell(library: str, name: str, cell: Kernel) -> None:
    case = CASES[library][name]
    code = rule.rewritten(library, name, case.model, case.given, case.after)
    # A cell shows the value of its last line; a sample prints.
    result = cell.check(code + "\nNone")
    assert not result.stderr
    _check(case, result.stdout)


def _run(servers: dict[str, str], *command: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", *command],
        env={**os.environ, **servers, "PYTHONIOENCODING": "utf-8"},
        cwd=Path(__file__).parent.parent.parent,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    return done.stdout


def _check(case: Case, printed: str) -> None:
    if callable(case.printed):
        assert case.printed(printed), printed
    else:
        assert printed == case.printed
