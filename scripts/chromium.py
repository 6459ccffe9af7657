"""Finds a Chromium browser for the tests and prints its path.

It installs Chromium with apt-get or Playwright if there is none, and likewise a font.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

PAUSES = (5, 20)  # seconds
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
    if _is_debian_root():
        _apt("chromium")
        if find():
            return
    _say("downloading Chromium with Playwright")
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    if os.getuid() == 0:
        command.append("--with-deps")
    _again(lambda: not subprocess.run(command, check=False, stdout=sys.stderr).returncode)


def ensure_font() -> None:
    """Install a font if there is none: without one Chromium draws no text."""
    listing = shutil.which("fc-list")
    if listing and subprocess.run([listing], capture_output=True, check=False).stdout.strip():
        return
    if _is_debian_root():
        _apt("fontconfig", "fonts-dejavu-core")
    elif listing:
        _say("no font is installed; screenshots will show no text")


def _is_debian_root() -> bool:
    """Whether packages can be installed with apt-get."""
    return os.getuid() == 0 and shutil.which("apt-get") is not None


def _apt(*packages: str) -> None:
    """Install Debian packages with apt-get; try again if that fails."""
    _say(f"installing {' '.join(packages)} with apt-get")
    install = ["install", "-y", "--no-install-recommends", *packages]
    _again(lambda: all([_apt_get("update"), _apt_get(*install)]))


def _apt_get(*arguments: str) -> bool:
    """Run one apt-get command. Returns whether it succeeded."""
    # Another apt-get may be running.
    patient = ["-o", "Acquire::Retries=5", "-o", "DPkg::Lock::Timeout=300"]
    done = subprocess.run(
        ["apt-get", "-qq", *patient, *arguments],
        env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        _say(done.stderr.strip())
    return done.returncode == 0


def _again(succeeds: Callable[[], bool]) -> None:
    """Call ``succeeds`` again after a failure, which may be due to the network or a lock."""
    for pause in PAUSES:
        if succeeds():
            return
        _say(f"that failed; trying again in {pause} s")
        time.sleep(pause)
    succeeds()


def _say(text: str) -> None:
    """Print to stderr, because stdout contains only the path."""
    print(text, file=sys.stderr)


def main() -> int:
    """Print the path of a Chromium, and install one first if there is none."""
    path = find()
    if path is None:
        install()
        path = find()
    if path is None:
        _say("nbstream: no Chromium found; install one, or name it in $CHROMIUM")
        return 1
    ensure_font()
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
