"""The layers: each module imports only itself and the modules of the layers below."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "nbstream"

# What each layer may import, besides itself. Lower layers first.
ALLOWED: dict[str, set[str]] = {
    "errors": {"core"},  # for its types only
    "core": set(),
    "events": {"core"},
    "typed": {"core", "errors"},
    "output": {"typed"},
    "cassette": {"core", "errors"},
    "files": {"core", "errors"},
    "messages": {"files", "core", "errors"},
    "transport": {"core", "errors"},
    "encoders": {"core"},
    "streams": {"encoders", "typed", "core", "errors"},  # the runtime knows no provider
    "protocols": {"typed", "core", "errors"},
    "providers": {"protocols", "core", "errors"},
    "request": {
        "cassette",
        "streams",
        "typed",
        "files",
        "providers",
        "protocols",
        "transport",
        "core",
        "errors",
    },
    "generation": {"cassette", "request", "streams", "providers", "transport", "core", "errors"},
    "many": {
        "cassette",
        "messages",
        "request",
        "values",
        "streams",
        "providers",
        "transport",
        "core",
        "errors",
    },
    "progress": {"many", "widget", "display", "streams", "core", "errors"},
    "recorded_body": {"request", "streams", "protocols", "core", "errors"},
    "sources": {"streams", "transport", "protocols", "providers", "core", "errors"},
    "redis_streams": {"streams", "core", "errors"},
    "testing": {"streams", "providers", "protocols", "core", "errors"},
    "tracing": {"streams", "core", "errors"},
    "values": {"files", "streams", "core", "errors"},
    "agent": {"values", "request", "streams", "typed", "files", "providers", "core", "errors"},
    "display": {"streams", "core", "errors"},  # no widget, no comm
    "mcp": {"agent", "display", "transport", "streams", "typed", "files", "core", "errors"},
    "widget": {"display", "streams", "core", "errors"},
    "chat": {"streams", "core", "errors"},
    "magics": {
        "agent",
        "cassette",
        "chat",
        "values",
        "files",
        "widget",
        "display",
        "request",
        "streams",
        "providers",
        "core",
        "errors",
    },
    "__init__": {
        "redis_streams",
        "sources",
        "cassette",
        "output",
        "values",
        "agent",
        "mcp",
        "magics",
        "widget",
        "display",
        "testing",
        "tracing",
        "recorded_body",
        "generation",
        "many",
        "progress",
        "request",
        "streams",
        "transport",
        "providers",
        "messages",
        "events",
        "core",
        "errors",
    },
}
NOT_IN_CORE = {"asyncio", "IPython", "httpx", "httpx2", "socket", "ipywidgets", "anywidget"}


def files() -> list[Path]:
    return sorted(ROOT.rglob("*.py"))


def layer(path: Path) -> str:
    first = path.relative_to(ROOT).parts[0]
    return first.removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports name their module in full"
            yield from (f"{node.module}.{name.name}" for name in node.names)


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_down(path: Path) -> None:
    mine = layer(path)
    for name in imports(path):
        parts = name.split(".")
        if parts[0] == "nbstream" and parts[1] in ALLOWED and parts[1] != mine:
            assert parts[1] in ALLOWED[mine], f"{mine} imports {name}"
        if mine == "core":
            assert parts[0] not in NOT_IN_CORE, f"core imports {name}"
        if parts[0] in {"httpx", "httpx2"}:
            assert mine == "transport", "only the transport opens a connection"


def test_every_layer_is_named_here() -> None:
    assert {layer(path) for path in files()} == set(ALLOWED)


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_has_a_docstring(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
