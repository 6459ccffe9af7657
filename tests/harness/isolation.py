"""Makes the environment variables of the test's subprocesses: directories of the test, no keys.

A test must not read the developer's Jupyter or IPython settings, API keys and proxies, and must
leave nothing in those settings.
"""

import os
from collections.abc import Mapping
from pathlib import Path

# A developer's own keys and addresses would let a test reach a real provider.
SECRETS = ("_API_KEY", "_BASE_URL", "_AUTH_TOKEN")
PROXIES = ("http_proxy", "https_proxy", "all_proxy")


def environment(root: Path, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's variables with all of Jupyter's directories below `root`."""
    env = {
        name: value
        for name, value in os.environ.items()
        if not name.upper().endswith(SECRETS)
        and not name.startswith(("JUPYTER", "PYTEST"))
        and name.lower() not in PROXIES
        and name != "CI"  # there nobody is asked, and these tests are
    }
    for name, folder in folders(root).items():
        folder.mkdir(parents=True, exist_ok=True)
        env[name] = str(folder)
    env["NBSTREAM_CHATS"] = str(root / "chats.db")
    env["NBSTREAM_CONFIG"] = str(root / "config.toml")
    return env | dict(extra or {})


def folders(root: Path) -> dict[str, Path]:
    """Which variable names which directory."""
    return {
        "JUPYTER_CONFIG_DIR": root / "config",
        "JUPYTER_DATA_DIR": root / "data",
        "JUPYTER_RUNTIME_DIR": root / "runtime",
        "IPYTHONDIR": root / "ipython",
        "JUPYTERLAB_SETTINGS_DIR": root / "settings",
        "JUPYTERLAB_WORKSPACES_DIR": root / "workspaces",
    }
