"""What importing costs, asked of fresh interpreters."""

import subprocess
import sys

HEAVY = ("ipywidgets", "anywidget", "httpx", "IPython", "xllamacpp")


def test_importing_loads_neither_widgets_nor_http() -> None:
    code = f"import nbstream, sys; print([m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_everything_public_is_there() -> None:
    import nbstream

    for name in nbstream.__all__:
        assert getattr(nbstream, name) is not None
