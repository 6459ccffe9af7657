"""Where nobody can press Stop: by the kernel's message, the environment and the terminal."""

import sys
from types import SimpleNamespace
from typing import Any

import pytest

from nbstream.core import headless

PYTHON = "1e0c9a1f-2b7d_4711_3"
BROWSER = "0c0f7a8e-4f7b-4a53-8f6e-2d6f8f1c2b3a"


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (headless.DISPLAY_VARIABLE, "CI", "VOILA_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


def in_kernel(monkeypatch: pytest.MonkeyPatch, msg_id: str, *, stdin: bool) -> bool:
    parent = {"header": {"msg_id": msg_id}, "content": {"allow_stdin": stdin}}
    kernel = SimpleNamespace(get_parent=lambda: parent)
    monkeypatch.setattr(headless, "current_kernel", lambda: kernel)
    return headless.is_headless()


@pytest.mark.parametrize(
    ("msg_id", "stdin", "expected"),
    [
        (PYTHON, False, True),  # nbclient, papermill, nbconvert
        (PYTHON, True, False),  # jupyter console: Ctrl-C
        (BROWSER, True, False),
        (BROWSER, False, False),
    ],
)
def test_in_a_kernel(
    monkeypatch: pytest.MonkeyPatch, msg_id: str, *, stdin: bool, expected: bool
) -> None:
    assert in_kernel(monkeypatch, msg_id, stdin=stdin) is expected


@pytest.mark.parametrize(
    ("terminal", "variable", "expected"),
    [
        (True, None, False),
        (True, "true", True),
        (True, "0", False),
        (False, None, True),
    ],
)
def test_in_a_script(
    monkeypatch: pytest.MonkeyPatch, variable: str | None, *, terminal: bool, expected: bool
) -> None:
    monkeypatch.setattr(headless, "current_kernel", lambda: None)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: terminal))
    if variable is not None:
        monkeypatch.setenv("CI", variable)
    assert headless.is_headless() is expected


@pytest.mark.parametrize("stdin", [None, "closed"])
def test_without_a_standard_input(monkeypatch: pytest.MonkeyPatch, stdin: Any) -> None:
    def closed() -> bool:
        raise ValueError("I/O operation on closed file")

    monkeypatch.setattr(headless, "current_kernel", lambda: None)
    monkeypatch.setattr(sys, "stdin", stdin and SimpleNamespace(isatty=closed))
    assert headless.is_headless()


def test_the_variable_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(headless.DISPLAY_VARIABLE, "live")
    assert not in_kernel(monkeypatch, PYTHON, stdin=False)
    monkeypatch.setenv(headless.DISPLAY_VARIABLE, "static")
    assert in_kernel(monkeypatch, BROWSER, stdin=True)
