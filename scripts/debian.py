"""Installs Debian packages with apt-get where that is allowed, for programs that tests need."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable

PAUSES = (5, 20)  # seconds


def is_debian_root() -> bool:
    """Whether packages can be installed with apt-get."""
    return os.getuid() == 0 and shutil.which("apt-get") is not None


def apt(*packages: str) -> None:
    """Install Debian packages with apt-get; try again if that fails."""
    say(f"installing {' '.join(packages)} with apt-get")
    install = ["install", "-y", "--no-install-recommends", *packages]
    again(lambda: all([_apt_get("update"), _apt_get(*install)]))


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
        say(done.stderr.strip())
    return done.returncode == 0


def again(succeeds: Callable[[], bool]) -> None:
    """Call ``succeeds`` again after a failure, which may be due to the network or a lock."""
    for pause in PAUSES:
        if succeeds():
            return
        say(f"that failed; trying again in {pause} s")
        time.sleep(pause)
    succeeds()


def say(text: str) -> None:
    """Print to stderr, because stdout contains only the path."""
    print(text, file=sys.stderr)
