"""Chooses how many threads llama.cpp uses for a model, on Linux; elsewhere llama.cpp decides."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["thread_count"]

_TOPOLOGY = "sys/devices/system/cpu/cpu{}/topology/thread_siblings_list"
_QUOTA = "sys/fs/cgroup/cpu.max"


def thread_count(root: Path = Path("/")) -> int | None:
    """The number of physical cores that this process may use, minus one; None if unknown.

    llama.cpp would use all cores of the machine. Its threads wait for each other by spinning,
    so one thread without a core stops all of them. Measured with SmolLM2 on two cores: alone,
    two threads give 140 tokens per second and one gives 133; beside other work, 4 to 24 and
    70. There is always other work: the kernel, the browser. A container may have a quota of
    two of 64 cores.

    ``root`` is the directory that contains ``sys``.
    """
    if not hasattr(os, "sched_getaffinity"):
        return None
    allowed = os.sched_getaffinity(0)
    # Hyperthreads of one core list the same siblings. Without the file, each counts as a core.
    cores = {_read(root / _TOPOLOGY.format(cpu)) or str(cpu) for cpu in allowed}
    return max(1, min(len(cores), _quota(root) or len(cores)) - 1)


def _quota(root: Path) -> int | None:
    """The container's CPU limit in whole cores, rounded down; None if there is none."""
    match (_read(root / _QUOTA) or "").split():
        case [quota, period] if quota != "max":
            return max(1, int(quota) // int(period))
    return None


def _read(file: Path) -> str | None:
    try:
        return file.read_text().strip()
    except OSError:
        return None
