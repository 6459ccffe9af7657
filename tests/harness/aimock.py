"""Starts aimock, a server that imitates every provider and can misbehave on request.

Its answers are in `tests/aimock/fixtures.json`, or in another file. See https://aimock.copilotkit.dev.
"""

import re
import subprocess
import threading
from pathlib import Path

from tests.harness.closing import Closing

HOME = Path(__file__).parent.parent / "aimock"
CHAOS = "x-aimock-chaos-"
"""Headers of this beginning and a probability: drop, malformed, disconnect, ratelimit."""


class AIMock(Closing):
    """The server on a port of its own, while this is open."""

    def __init__(self, fixtures: Path = HOME / "fixtures.json") -> None:
        script = HOME / "node_modules" / "@copilotkit" / "aimock" / "dist" / "cli.js"
        assert script.exists(), "aimock is not installed: npm --prefix tests/aimock ci"
        command = ["node", str(script), "--port", "0", "--fixtures", str(fixtures)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.url = self._address()
        # It keeps logging; a pipe that is not read would fill up and block it.
        self._reader = threading.Thread(target=self._drain_output, daemon=True)
        self._reader.start()

    def _address(self) -> str:
        """The address that the server prints when it is ready."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if found := re.search(r"listening on (http://\S+)", line):
                return found[1]
        raise AssertionError(f"aimock ended with {self._process.wait()}")

    def _drain_output(self) -> None:
        assert self._process.stdout is not None
        for _ in self._process.stdout:
            pass

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()
        self._reader.join()
        assert self._process.stdout is not None
        self._process.stdout.close()
