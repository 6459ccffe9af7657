"""How many threads are good for a model.

Knows what Linux tells about the machine and about this process's share of it.
Refuses to guess elsewhere: there, llama.cpp's own count of physical cores is as good.
"""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["threads"]

_TOPOLOGY = "sys/devices/system/cpu/cpu{}/topology/thread_siblings_list"
_QUOTA = "sys/fs/cgroup/cpu.max"


def threads(root: Path = Path("/")) -> int | None:
    """Count the physical cores that this process may use, less one; None where not known.

    llama.cpp takes all of the machine's. But its threads wait for each other by spinning,
    so one of them that does not get its core stops all: measured with SmolLM2 on two
    cores, two threads give 140 tokens a second and one gives 133, but beside other work
    it is 4 to 24 and 70. And there is other work: the kernel, the browser, or in a
    container with two of 64 cores the quota.

    ``root`` is where ``/sys`` hangs.
    """
    if not hasattr(os, "sched_getaffinity"):
        return None
    allowed = os.sched_getaffinity(0)
    # Two hyperthreads of one core list the same siblings; without the file each is its own.
    cores = {_read(root / _TOPOLOGY.format(cpu)) or str(cpu) for cpu in allowed}
    return max(1, min(len(cores), _quota(root) or len(cores)) - 1)


def _quota(root: Path) -> int | None:
    """Read the container's limit in whole cores, rounded down; None if there is none."""
    match (_read(root / _QUOTA) or "").split():
        case [quota, period] if quota != "max":
            return max(1, int(quota) // int(period))
    return None


def _read(file: Path) -> str | None:
    try:
        return file.read_text().strip()
    except OSError:
        return None
