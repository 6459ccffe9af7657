"""The cost of importing, measured in new interpreters."""

import subprocess
import sys

import nbstream

HEAVY = ("ipywidgets", "anywidget", "httpx", "httpx2", "IPython", "xllamacpp")


def test_importing_loads_neither_widgets_nor_http() -> None:
    code = f"import nbstream, sys; print([m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_public_name_exists() -> None:
    for name in nbstream.__all__:
        assert getattr(nbstream, name) is not None


def test_every_public_name_can_be_completed_before_it_is_loaded() -> None:
    code = "import nbstream; print(set(nbstream.__all__) - set(dir(nbstream)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_loading_the_extension_loads_only_what_every_answer_needs() -> None:
    """A kernel may load it at its start, so each protocol is imported at its first request."""
    later = ("nbstream.protocols.openai_chat", "nbstream.providers.local", "pydantic_core")
    code = (
        "import sys; from IPython.core.interactiveshell import InteractiveShell; "
        f"before = [m for m in {later} if m in sys.modules]; "
        "InteractiveShell.instance().run_line_magic('load_ext', 'nbstream'); "
        f"print([m for m in {later} if m in sys.modules and m not in before])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_events_and_errors_are_modules() -> None:
    from nbstream.errors import UsageError
    from nbstream.events import TextDelta

    assert nbstream.events.TextDelta is TextDelta
    assert nbstream.errors.UsageError is UsageError
