"""The Hatch build hook: builds the JavaScript front end with npm and adds it to the package.

Runs for a wheel, an sdist and an editable install.

It runs npm if `nbstream/static` is older than its sources, and names the built files, which git
ignores, so that they are shipped. `js/build.mjs` does the building. An sdist holds the built
files, so that installing from one needs no Node.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FILES = (
    *("widget.js", "stub.js", "highlight.js", "math.js"),
    *("form.js", "approval.js", "run.js", "map.js"),
)
OUTPUTS = tuple(f"nbstream/static/{name}" for name in FILES)
INPUTS = (
    *("js/src/**/*", "js/render/**/*", "nbstream/display/policy/policy.json"),
    *("js/build.mjs", "js/package-lock.json"),
)

REMEDY = "install Node 20 or newer, then run `npm ci && npm run build` in js/"


class FrontEndHook(BuildHookInterface):  # type: ignore[type-arg]
    """The hook, which hatchling runs before each build target and finds by the name ``custom``."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Build the front end if it is out of date and add its files to the package."""
        root = Path(self.root)
        build_data["artifacts"].extend(f"/{path}" for path in OUTPUTS)
        if is_fresh(root):
            return
        npm = shutil.which("npm")
        if npm is not None:
            build(root / "js", npm)
        elif all((root / path).is_file() for path in OUTPUTS):
            self.app.display_warning(f"the front end is stale; to rebuild it, {REMEDY}")
        else:
            raise RuntimeError(f"the front end is not built and npm is not installed: {REMEDY}")


def is_fresh(root: Path) -> bool:
    """Whether every built file exists and is not older than any source file."""
    outputs = [root / path for path in OUTPUTS]
    if not all(path.is_file() for path in outputs):
        return False
    built = min(path.stat().st_mtime for path in outputs)
    sources = (path for pattern in INPUTS for path in root.glob(pattern))
    # Not "newer than": an unpacked sdist gives every file the same time.
    return all(path.stat().st_mtime <= built for path in sources if path.is_file())


def build(js: Path, npm: str) -> None:
    """Install the npm packages and build the front end."""
    if not (js / "node_modules").is_dir():
        subprocess.run([npm, "ci"], cwd=js, check=True)
    subprocess.run([npm, "run", "build"], cwd=js, check=True)
