"""Small response bodies from public bug reports, in ../shared/reports, beside the checkout.

They are not copied into the repository. Without them, the tests that need them are skipped.
"""

from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent.parent / "shared" / "reports"
needs_reports = pytest.mark.skipif(
    not FOLDER.exists(), reason=f"no reports: {FOLDER.name} is not beside this checkout"
)


def report(name: str) -> bytes:
    """The body called ``name``."""
    return (FOLDER / f"{name}.sse").read_bytes()
