"""What is read from built-in tool calls and results: queries, code, sources, output, images."""

import base64
import json
from typing import Any

import pytest

import nbstream
from nbstream.core import builtin_tools
from nbstream.core.message import (
    BuiltinToolCallPart,
    BuiltinToolResultPart,
    Citation,
    FilePart,
    Message,
)
from tests.files import samples
from tests.recordings import Recording, recordings

PROTOCOLS = ("anthropic", "openai-responses", "openai-chat", "gemini")


def call(**args: Any) -> BuiltinToolCallPart:
    return BuiltinToolCallPart("c", "tool", json.dumps(args))


def result(value: Any) -> BuiltinToolResultPart:
    return BuiltinToolResultPart("c", "tool", value)


def test_queries() -> None:
    assert call(query="sky").queries == ["sky"]
    assert call(queries=["a", "b"], query="a").queries == ["a", "b"]
    assert call(query="", type="search").queries == []
    assert BuiltinToolCallPart("c", "t", '{"query": "why is the s').queries == ["why is the s"]
    assert BuiltinToolCallPart("c", "t", "no JSON").queries == []
    assert BuiltinToolCallPart("c", "t", '["a list"]').queries == []


def test_an_edit_of_a_file_is_a_diff() -> None:
    edit = call(command="str_replace", path="/a.py", old_str="x = 1\ny = 2\n", new_str="x = 3\n")
    assert edit.code == "# str_replace /a.py\n-x = 1\n-y = 2\n+x = 3"
    assert builtin_tools.language(edit.args_json) == "diff"
    assert edit.details == []
    cut = builtin_tools.code('{"command": "str_replace", "path": "/a.py", "old_str": "x = ')
    assert edit.code.startswith(cut or "?"), "what is drawn stays while the rest arrives"


def test_code() -> None:
    assert call(code="print(1)", language="PYTHON").code == "print(1)"
    assert call(commands=["ls", "pwd"]).code == "ls\npwd"
    assert call(command=["ls", "-a"]).code == "ls -a"
    written = call(command="create", path="/a.py", file_text="x = 1")
    assert written.code == "# create /a.py\nx = 1"
    assert call(url="https://a.org").code is None
    assert call(url="https://a.org").urls == ["https://a.org"]


def test_other_arguments_of_a_call() -> None:
    assert call(query="x", limit=5, type="search").details == ["limit: 5"]
    assert call(message="hi", empty=None, more={"a": 1}).details == [
        "message: hi",
        'more: {"a": 1}',
    ]
    assert call(code="x", language="PYTHON").details == []


def test_each_source_is_listed_once() -> None:
    rows = [
        {
            "type": "web_search_result",
            "url": "https://a.org",
            "title": "A",
            "encrypted_content": "?",
        },
        {"type": "web_search_result", "url": "https://a.org", "title": "A again"},
        {"uri": "https://b.org", "snippet": "of B"},
        {"file_id": "f", "filename": "c.pdf", "text": "of C", "score": 0.5},
    ]
    found = [
        Citation("https://a.org", "A"),
        Citation("https://b.org", None, "of B"),
        Citation(None, "c.pdf", "of C"),
    ]
    assert result(rows).sources == found
    assert result(json.dumps({"results": rows})).sources == found, "JSON inside a string"
    assert result(rows).output == ""


def test_output() -> None:
    ran = {"stdout": "1\n", "stderr": "warning", "return_code": 2, "content": []}
    assert result(ran).output == "1\nwarning\nexit code 2"
    assert result([{"type": "logs", "logs": "a"}, {"type": "logs", "logs": "b"}]).output == "a\nb"
    assert result("plain").output == "plain"
    assert result('{"units": 42}').output == '{"units": 42}', "a program that prints JSON"
    assert result(
        {"type": "web_search_tool_result_error", "error_code": "max_uses_exceeded"}
    ).output


def test_images_in_a_result() -> None:
    url = "data:image/png;base64," + base64.b64encode(samples.PNG).decode()
    drawn = result([{"type": "image", "url": url}])
    assert drawn.files == [FilePart("image/png", samples.PNG)]
    assert drawn.sources == []


def test_very_deep_values_are_accepted() -> None:
    value: Any = {"stdout": "deep"}
    for _ in range(100_000):
        value = [value]
    assert result(value).output == ""


def replayed(recording: Recording) -> Message:
    stream = nbstream.replay(recording.body, recording.protocol)
    stream.wait()
    return stream.message


@pytest.fixture(scope="module")
def parts() -> list[tuple[str, BuiltinToolCallPart | BuiltinToolResultPart]]:
    """All built-in tool parts in the recordings."""
    found = [
        (one.name, part)
        for protocol in PROTOCOLS
        for one in recordings(protocol)
        if any(word in one.body for word in (b"_call", b"tool_use", b"toolCall", b"xecut"))
        for part in replayed(one).parts
        if isinstance(part, (BuiltinToolCallPart, BuiltinToolResultPart))
    ]
    if not found:
        pytest.skip("no recordings beside this checkout")
    return found


def test_every_tool_part_in_the_recordings_has_something_to_show(
    parts: list[tuple[str, BuiltinToolCallPart | BuiltinToolResultPart]],
) -> None:
    """Every recorded call and result has readable text, unless it is empty."""
    assert len(parts) > 80
    for name, part in parts:
        if isinstance(part, BuiltinToolCallPart):
            said = [*part.queries, *part.urls, part.code or "", *part.details]
            empty = part.args_json.strip() in ("", "{}", '{"type": "search"}')
        else:
            said = [*(one.title or one.url or "" for one in part.sources), part.output]
            said += [one.media_type for one in part.files]
            # The results of these tools only say that the call is done.
            done = part.tool_name in {"text_editor_code_execution", "file_search"}
            empty = done or part.result in ([], "", None)
        assert empty or any(text.strip() for text in said), (name, part)
        assert "encrypted_content" not in "".join(said), name


@pytest.mark.parametrize(
    ("tool", "field"),
    [
        ("web_search", "queries"),
        ("web_search", "sources"),
        ("web_fetch", "urls"),
        ("web_fetch", "sources"),
        ("file_search", "queries"),
        ("code_interpreter", "code"),
        ("code_interpreter", "files"),
        ("code_execution", "code"),
        ("code_execution", "output"),
        ("bash_code_execution", "code"),
        ("bash_code_execution", "output"),
        ("shell", "code"),
        ("search", "sources"),
        ("echo", "output"),
        ("mcp_list_tools", "output"),
    ],
)
def test_each_tool_in_the_recordings_has_its_main_field(
    parts: list[tuple[str, BuiltinToolCallPart | BuiltinToolResultPart]], tool: str, field: str
) -> None:
    of_tool = [part for _, part in parts if part.tool_name == tool]
    assert any(getattr(part, field, None) for part in of_tool)
