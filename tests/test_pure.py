"""The pure tests import nothing that starts a kernel, a browser or a server process."""

import re
from pathlib import Path

from tests.conftest import REAL

TESTS = Path(__file__).parent
STARTS_A_PROCESS = re.compile(
    r"^from tests\.harness\.(aimock|browser|kernel|kernelspecs|page|server) import", re.MULTILINE
)


def is_real(path: Path) -> bool:
    name = path.relative_to(TESTS).as_posix()
    return any(name == real or name.startswith(f"{real}/") for real in REAL)


def test_what_starts_a_process_is_listed_as_real() -> None:
    found = {path for path in TESTS.rglob("test_*.py") if STARTS_A_PROCESS.search(path.read_text())}
    assert found, "the pattern matches nothing"
    assert {str(path) for path in found if not is_real(path)} == set()


def test_every_file_that_is_listed_exists() -> None:
    assert [name for name in REAL if not (TESTS / name).exists()] == []
