"""Every public name has an example, and every example gives the result that it shows.

An example may use `nbstream`, `ScriptedModel` and the names of its own module without importing
them. It runs without a network and without a key.
"""

import contextlib
import doctest
import importlib
import inspect
import io
from collections.abc import Iterator
from typing import Any

import pytest

import nbstream
from nbstream.testing import ScriptedModel

MODULES = (
    "nbstream",
    "nbstream.messages",
    "nbstream.events",
    "nbstream.errors",
    "nbstream.generation",
    "nbstream.mcp",
    "nbstream.output",
    "nbstream.providers",
    "nbstream.testing",
)
TOOLS = tuple(
    f"nbstream.providers.{name}.tools" for name in ("ai_gateway", "anthropic", "google", "openai")
)
WITH_METHODS = (nbstream.Stream, nbstream.AsyncStream, nbstream.Generation)

PROTOCOL_OF_PYTHON = {"Generation.close", "Generation.send", "Generation.throw"}
"""Methods that only Python calls: those of ``collections.abc.Coroutine``."""

FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def public() -> Iterator[tuple[str, Any]]:
    for module in MODULES:
        found = importlib.import_module(module)
        names = getattr(found, "__all__", None) or [n for n in vars(found) if n[0] != "_"]
        for name in names:
            yield f"{module}.{name}", getattr(found, name)
    for module in TOOLS:
        found = importlib.import_module(module)
        for name, one in vars(found).items():
            if name[0] != "_" and inspect.isfunction(one) and one.__module__ == module:
                yield f"{module}.{name}", one
    for cls in WITH_METHODS:
        for name, one in inspect.getmembers(cls, inspect.isfunction):
            known = f"{cls.__name__}.{name}" not in PROTOCOL_OF_PYTHON
            if known and name[0] != "_" and one.__module__.startswith("nbstream"):
                yield f"nbstream.{cls.__name__}.{name}", one


def documented() -> dict[str, Any]:
    """Functions and classes by their first public name."""
    found: dict[int, tuple[str, Any]] = {}
    for name, one in public():
        if inspect.isfunction(one) or inspect.isclass(one):
            found.setdefault(id(one), (name, one))
    return dict(found.values())


def examples(name: str, one: Any) -> list[doctest.DocTest]:
    scope = {**vars(inspect.getmodule(one) or nbstream)}
    scope |= {"nbstream": nbstream, "ScriptedModel": ScriptedModel}
    text = inspect.cleandoc(one.__doc__ or "")
    test = doctest.DocTestParser().get_doctest(text, scope, name, None, None)
    return [test] if test.examples else []


def test_every_public_name_has_an_example() -> None:
    assert [name for name, one in documented().items() if not examples(name, one)] == []


@pytest.mark.parametrize(
    "test",
    [test for name, one in documented().items() for test in examples(name, one)],
    ids=lambda test: test.name,
)
def test_each_example_gives_the_shown_result(
    test: doctest.DocTest, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY", "AI_GATEWAY_API_KEY"):
        monkeypatch.setenv(name, "no-real-key")
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        result = doctest.DocTestRunner(optionflags=FLAGS).run(test, out=said.write)
    assert not result.failed, said.getvalue()
