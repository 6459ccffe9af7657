"""AG-UI's own client (npm `@ag-ui/client`) assembles the messages that the stream has here."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

import nbstream
from nbstream.testing import ScriptedModel
from tests.clients import streams
from tests.clients.serving import Served

WHOLE = "builtin_tool_result"
Given = tuple[dict[str, Any], dict[str, dict[str, Any]]]


@pytest.fixture(scope="module")
def served() -> Iterator[Given]:
    agent = nbstream.Agent(ScriptedModel('{"a": 1}'), output_type=dict[str, int])
    made = {
        "everything": streams.everything(),
        "agent": streams.agent(),
        "nested": streams.nested(),
        "typed": agent.run_stream_sync("Count."),
        "retried": streams.retried(),
        "failing": streams.failing(),
        "cancelled": streams.cancelled(),
        "bug": nbstream.from_stream(1 / zero for zero in [0]),
    }
    with Served(made) as server:
        first = dict(zip(made, server.read("ag-ui", *made), strict=True))
        late = dict(zip(made, server.read("ag-ui", *made), strict=True))
        for name in set(made) - {"retried"}:  # the late one never hears of what is void
            assert late[name]["messages"] == first[name]["messages"]
        yield made, first


def told(stream: Any) -> list[tuple[Any, ...]]:
    """What the messages of a run hold, as AG-UI's client should have it."""
    results = [part for one in stream.messages for part in one.parts if part.kind == "tool_result"]
    rows: list[tuple[Any, ...]] = []
    for message in stream.messages:
        if message.role != "assistant":
            continue
        rows += [("reasoning", one.text) for one in message.parts if one.kind == "thinking"]
        calls = [one for one in message.parts if one.kind in ("tool_call", "builtin_tool_call")]
        text = "".join(one.text for one in message.parts if one.kind in ("text", "refusal"))
        if text or calls:
            names = [(one.tool_name, one.args_json) for one in calls]
            rows.append(("assistant", text, names))
        own = [one for one in message.parts if one.kind == WHOLE]
        count = sum(one.kind == "tool_call" for one in message.parts)
        for result in own + [results.pop(0) for _ in range(count) if results]:
            rows.append(("tool", result.output if result.is_error else result.result))
    return rows


def assembled(messages: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """The same of the messages that AG-UI's client made."""
    rows: list[tuple[Any, ...]] = []
    for message in messages:
        match message["role"]:
            case "reasoning":
                rows.append(("reasoning", message["content"]))
            case "assistant":
                calls = [one["function"] for one in message.get("toolCalls", ())]
                names = [(one["name"], one["arguments"]) for one in calls]
                rows.append(("assistant", message.get("content", ""), names))
            case "tool":
                text = message["content"]
                rows.append(("tool", json.loads(text) if text.startswith("{") else text))
    return rows


def values(found: dict[str, Any], name: str) -> list[Any]:
    """The values of the CUSTOM events of that name."""
    return [one["value"] for one in found["seen"] if one.get("name") == f"nbstream.{name}"]


@pytest.mark.parametrize("name", ["everything", "agent", "typed", "cancelled"])
def test_the_client_has_the_identical_messages(served: Given, name: str) -> None:
    made, found = served
    assert found[name]["errors"] == []
    assert assembled(found[name]["messages"]) == told(made[name])
    assert told(made[name])


def test_an_agent_that_is_a_tool_is_a_run_of_its_own(served: Given) -> None:
    made, found = served
    stream, got = made["nested"], found["nested"]
    assert got["errors"] == []
    assert assembled(got["messages"]) == told(stream)
    (call,) = stream.tool_calls
    assert assembled(got["nested"]["c1"]) == told(call)
    assert {one["agent"] for one in values(got, "nested")} == {"helper"}


def test_what_has_no_word_is_a_custom_event(served: Given) -> None:
    made, found = served
    everything = found["everything"]
    sources = [(one.get("url"), one["title"]) for one in values(everything, "source")]
    (pages,) = [one for one in made["everything"].message.parts if one.kind == WHOLE]
    known = [(one.url, one.title) for one in pages.sources]
    assert sources == [*known, (None, "Trap"), (None, "report.pdf")]
    assert [one.get("citedText") for one in values(everything, "citation")] == ["blue", "scatters"]
    assert values(everything, "file") == [
        {"mediaType": "image/gif", "url": "data:image/gif;base64,R0lGODlh", "filename": "a.gif"},
        {"mediaType": "image/png", "url": "https://a.example/b.png"},
    ]
    assert {"toolCallId": "c2", "content": "1 of 2"} in values(found["agent"], "tool_progress")
    assert found["typed"]["state"] == {"output": {"a": 1}}


def test_an_answer_that_begins_again_names_what_is_void(served: Given) -> None:
    made, found = served
    (retry,) = values(found["retried"], "retry")
    kept = [one for one in found["retried"]["messages"] if one["id"] not in retry["voidMessageIds"]]
    assert assembled(kept) == told(made["retried"])


def test_how_a_run_ends(served: Given) -> None:
    _, found = served
    ends = {name: one["seen"][-1] for name, one in found.items()}
    assert {name: one["type"] for name, one in ends.items()} == {
        **dict.fromkeys(found, "RUN_FINISHED"),
        "failing": "RUN_ERROR",
        "bug": "RUN_ERROR",
    }
    assert ends["failing"]["message"].startswith("Too many.\n")
    assert ends["bug"]["message"] == "The stream failed where it is made."
    assert ends["cancelled"]["outcome"] == {"type": "cancelled"}
    assert {"threadId": "t", "runId": "r"}.items() <= ends["agent"].items(), "those of the request"
