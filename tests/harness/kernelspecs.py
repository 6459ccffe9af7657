"""The ipykernels that the tests run on, as kernelspecs for Jupyter.

The newest is in the environment. An older one is a directory that holds ipykernel alone and comes
first on the path; all other packages are the environment's.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

NEWEST = "7.4.0"
OLDER = ("7.3.0", "7.1.0", "6.30.1")
VERSIONS = (NEWEST, *OLDER)

KERNELS = Path(sys.prefix) / "kernels"


def name_of(version: str | None) -> str:
    """The kernelspec of an ipykernel; None is the newest."""
    return "python3" if version in {None, NEWEST} else f"ipykernel-{version}"


def write(data_dir: Path, env: Mapping[str, str] | None = None) -> None:
    """Put every kernelspec into a Jupyter data directory; `env` reaches each kernel."""
    for version in VERSIONS:
        folder = data_dir / "kernels" / name_of(version)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "kernel.json").write_text(json.dumps(_spec(version, env or {})))


def _spec(version: str, env: Mapping[str, str]) -> dict[str, object]:
    path = {} if version == NEWEST else {"PYTHONPATH": str(KERNELS / version)}
    return {
        # -Xfrozen_modules=off: the debugger, loaded by every kernel, warns without it.
        "argv": [
            *(sys.executable, "-Xfrozen_modules=off", "-m", "ipykernel_launcher"),
            *("-f", "{connection_file}"),
        ],
        "display_name": f"ipykernel {version}",
        "language": "python",
        "interrupt_mode": "signal",
        "env": {**env, **path},
        "metadata": {"debugger": True},
    }
