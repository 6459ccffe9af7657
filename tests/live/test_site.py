"""The documentation as a site: it builds without a warning and loads nothing from another host."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOADED = re.compile(r"""<(?:script|img|iframe)[^>]*\ssrc=["']?([^"'\s>]+)|<link[^>]*>""")


def test_the_site_builds_and_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert built.returncode == 0, built.stderr[-3000:]
    reference = (tmp_path / "reference" / "streams.html").read_text(encoding="utf-8")
    assert "get_final_message" in reference
    assert 'class="gp"' in reference, "examples are shown as code"
    for page in tmp_path.rglob("*.html"):
        for found in LOADED.finditer(page.read_text(encoding="utf-8")):
            if "canonical" not in found[0]:
                assert "//" not in found[0], f"{page.name} loads {found[0]}"
