"""The public modules: what they contain, and that the documents need no others."""

import ast
import importlib
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

import nbstream
from nbstream import errors, messages
from nbstream.core import message as core_message
from nbstream.messages import (
    BuiltinToolCallPart,
    BuiltinToolResultPart,
    Citation,
    FilePart,
    Message,
    RefusalPart,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    Usage,
    message_from_json,
    message_to_json,
    messages_from_json,
    messages_to_json,
)
from nbstream.testing import ScriptedModel

ROOT = Path(__file__).parent.parent
DOCUMENTS = [
    *ROOT.glob("*.md"),
    *ROOT.glob("docs/**/*.md"),
    *ROOT.glob("notebooks/*.ipynb"),
]
PROVIDERS = ["ai_gateway", "anthropic", "google", "openai"]  # those with tools of their own
NOT_BY_STAR = {"nbstream": {"map"}}  # `import *` must not take Python's own away
PUBLIC = {"mcp", "messages", "events", "errors", "output", "providers", "testing"}
LIVED = Message(
    "assistant",
    (
        ThinkingPart("Hm.", signature="s", redacted="r"),
        TextPart("Blue.", (Citation("https://a.example", "A", "blue", 0, 4),), {"id": "t"}),
        RefusalPart("No."),
        ToolCallPart("c1", "weather", '{"city": "Bern"}'),
        BuiltinToolCallPart("c2", "web_search", '{"query": "sky"}'),
        BuiltinToolResultPart("c2", "web_search", {"results": [1]}),
        FilePart("image/png", b"\x89PNG\r\n", filename="a.png"),
        FilePart("image/png", url="https://a.example/b.png"),
    ),
    Usage(5, 4, 3, 2, 1),
    "tool_call",
    "id",
    "model",
    "provider",
    {"finish_reason": "tool_use"},
)
CONVERSATION = [
    nbstream.system_message("Be brief."),
    nbstream.user_message("Half a pair: \ud83d", FilePart("text/plain", b"x")),
    LIVED,
    nbstream.tool_message("c1", ["It rains.", FilePart("image/png", b"\x89PNG\r\n")]),
    nbstream.tool_message("c1", {"degrees": 3}, is_error=True),
]


def test_a_conversation_survives_the_round_trip_through_json() -> None:
    assert messages_from_json(messages_to_json(CONVERSATION)) == CONVERSATION
    for message in CONVERSATION:
        assert message_from_json(message_to_json(message, indent=2).encode()) == message


def test_fields_of_a_later_release_are_ignored() -> None:
    row = {**json.loads(message_to_json(LIVED)), "mood": "good"}
    row["parts"][1]["tone"] = "dry"
    assert message_from_json(json.dumps(row)) == LIVED


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("3", "not a message with one of the roles"),
        ('{"text": "hi"}', "not a message with one of the roles"),
        ('{"role": "boss", "parts": []}', "not a message with one of the roles"),
        ('{"role": "user", "parts": [{"kind": "smell"}]}', "unknown kind 'smell'"),
        ('{"role": "user", "parts": [{"kind": "text"}]}', "cannot be read"),
        ('{"role": "user", "content": "hi"}', "has no parts"),
        ('{"role": "user", "parts": 3}', "cannot be read as a message"),
        ('{"role": "user", "parts": ["hi"]}', "cannot be read as a message"),
    ],
)
def test_an_invalid_message_is_refused_with_a_reason(text: str, says: str) -> None:
    with pytest.raises(errors.UsageError, match=re.escape(says)) as caught:
        message_from_json(text)
    assert len(str(caught.value)) < 500
    with pytest.raises(errors.UsageError):
        messages_from_json(text)


def test_a_value_without_a_json_form_is_refused() -> None:
    call = nbstream.messages.ToolResultPart("c", object())
    with pytest.raises(errors.UsageError, match="cannot be written as JSON"):
        message_to_json(Message("tool", (call,)))


def test_the_public_module_has_every_part_and_builder_of_the_core() -> None:
    assert {*core_message.__all__} <= {*messages.__all__}
    for name in messages.__all__:
        assert getattr(messages, name) is not None


@pytest.mark.parametrize(
    "name",
    [
        "nbstream",
        *(f"nbstream.{name}" for name in sorted(PUBLIC)),
        *(f"nbstream.providers.{name}" for name in PROVIDERS),
        *(f"nbstream.providers.{name}.tools" for name in PROVIDERS),
    ],
)
def test_completion_offers_what_is_public_and_nothing_else(name: str) -> None:
    module = importlib.import_module(name)
    offered = {name for name in dir(module) if not name.startswith("_")}
    assert offered == {*module.__all__} | NOT_BY_STAR.get(name, set())
    assert all(hasattr(module, name) for name in offered)


def test_the_errors_module_holds_errors_only() -> None:
    public = [getattr(errors, name) for name in errors.__all__]
    assert all(issubclass(one, errors.NBStreamError) for one in public)
    assert nbstream.NBStreamError is errors.NBStreamError


def test_the_version_has_one_source() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "version" in project["project"]["dynamic"]
    assert project["tool"]["hatch"]["version"]["path"] == "nbstream/__init__.py"
    written = re.compile(rf"version\W+{re.escape(nbstream.__version__)}\b")
    for path in (ROOT / "pyproject.toml", ROOT / "hatch_build.py", *DOCUMENTS):
        assert not written.search(path.read_text(encoding="utf-8")), path


def test_the_version_is_available_without_an_installation(tmp_path: Path) -> None:
    (tmp_path / "nbstream").symlink_to(ROOT / "nbstream")
    code = "import nbstream; print(nbstream.__version__)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == nbstream.__version__


def python_in(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
        sources = ["".join(cell["source"]) for cell in cells]
    else:
        sources = re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [source for source in sources if not source.lstrip().startswith("%")]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_no_document_imports_from_an_inner_module(path: Path) -> None:
    """A top-level await is allowed in a cell, so the source is parsed as one."""
    flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    for source in python_in(path):
        tree = compile(source, str(path), "exec", flags)
        for node in ast.walk(tree):
            names: list[str] = []
            if isinstance(node, ast.ImportFrom) and node.module == "nbstream":
                assert {alias.name for alias in node.names} <= {*nbstream.__all__}
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            for name in names:
                first, _, rest = name.partition(".")
                assert first != "nbstream" or not rest or rest.split(".")[0] in PUBLIC, name


def instances() -> list[Any]:
    model = ScriptedModel("Blue.")
    return [
        model,
        nbstream.stream(model, "hi"),
        nbstream.generate(
            ScriptedModel(nbstream.assistant_message(FilePart("image/png", b"x"))), "hi"
        ),
        nbstream.StreamWidget(nbstream.stream(model, "hi")),
        nbstream.get_model("openai/gpt-5", api_key="sk-secret"),
        nbstream.ToolSpec("weather"),
        nbstream.Timeouts(),
        nbstream.ImageParams(),
        nbstream.VideoParams(),
        nbstream.Generated(LIVED),
        LIVED,
        *LIVED.parts,
        nbstream.providers.openai.tools.mcp("m", "https://m.example", authorization="sk-secret"),
        errors.RateLimitError("Too much at once."),
        errors.OutputError("It is no number.", raw="x", partial=None),
    ]


@pytest.mark.parametrize("one", instances(), ids=lambda one: type(one).__name__)
def test_every_public_object_has_a_repr_of_one_line(one: Any) -> None:
    text = repr(one)
    name = type(one).__name__
    assert name in text
    assert " object at 0x" not in text
    assert "sk-secret" not in text
    assert "\n" not in text
