"""Installs redis-server with apt-get if there is none. The tests of Redis are skipped without."""

import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from scripts.debian import apt, is_debian_root, say

if __name__ == "__main__":
    if shutil.which("redis-server") is None and is_debian_root():
        # Debian's package starts no service where there is no systemd; the tests start their own.
        apt("redis-server")
    if shutil.which("redis-server") is None:
        say("nbstream: no redis-server; install it for the tests of streams over Redis")
