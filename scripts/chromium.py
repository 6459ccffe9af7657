"""Finds a Chromium browser for the tests and prints its path.

It installs Chromium with apt-get or Playwright if there is none, and likewise a font.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from scripts.debian import again, apt, is_debian_root, say

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """The path from $CHROMIUM, else a Chromium on PATH, else the one that Playwright downloaded."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    for name in NAMES:
        path = shutil.which(name)
        # Ubuntu's package is a script that only tells to install a snap.
        if path and _runs(path):
            return path
    return _downloaded()


def _runs(path: str) -> bool:
    """Whether the program at ``path`` starts and says that it is a Chromium."""
    try:
        done = subprocess.run([path, "--version"], capture_output=True, timeout=120, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and b"Chrom" in done.stdout


def _downloaded() -> str | None:
    """The path of the Chromium that Playwright has downloaded; None if it has none."""
    # Late: it starts a process, and the package may be missing where only PATH matters.
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install() -> None:
    """Install Chromium with apt-get where that is allowed, else download it with Playwright.

    Debian's package installs the libraries that Chromium needs as well.
    """
    if is_debian_root():
        apt("chromium")
        if find():
            return
    say("downloading Chromium with Playwright")
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    if os.getuid() == 0:
        command.append("--with-deps")
    again(lambda: not subprocess.run(command, check=False, stdout=sys.stderr).returncode)


def ensure_font() -> None:
    """Install a font if there is none: without one Chromium draws no text."""
    listing = shutil.which("fc-list")
    if listing and subprocess.run([listing], capture_output=True, check=False).stdout.strip():
        return
    if is_debian_root():
        apt("fontconfig", "fonts-dejavu-core")
    elif listing:
        say("no font is installed; screenshots will show no text")


def main() -> int:
    """Print the path of a Chromium, and install one first if there is none."""
    path = find()
    if path is None:
        install()
        path = find()
    if path is None:
        say("nbstream: no Chromium found; install one, or name it in $CHROMIUM")
        return 1
    ensure_font()
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
