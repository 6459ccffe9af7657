"""Vercel's own client (npm `ai`) assembles the message that the stream has here."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

import nbstream
from nbstream import events as ev
from nbstream.core.data_url import read_data_url
from nbstream.encoders.vercel_ui import UIMessageEncoder
from nbstream.messages import Message
from nbstream.testing import ScriptedModel
from tests.clients import streams
from tests.clients.serving import Served


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Served, dict[str, Any], dict[str, dict[str, Any]]]]:
    made = {
        "everything": streams.everything(),
        "agent": streams.agent(),
        "nested": streams.nested(),
        "retried": streams.retried(),
        "failing": streams.failing(),
        "cancelled": streams.cancelled(),
        "bug": nbstream.from_stream(1 / zero for zero in [0]),
    }
    with Served(made) as server:
        yield server, made, dict(zip(made, server.read("ui", *made), strict=True))


Given = tuple[Served, dict[str, Any], dict[str, dict[str, Any]]]


def told(stream: Any) -> list[tuple[Any, ...]]:
    """What the messages of a run hold, as Vercel's client should have it, without the sources."""
    results = [part for one in stream.messages for part in one.parts if part.kind == "tool_result"]
    rows: list[tuple[Any, ...]] = []
    for message in stream.messages:
        if message.role == "assistant":
            own = {one.tool_call_id: one for one in message.parts if one.kind == WHOLE}
            rows.append(("step-start",))
            rows += [row(part, own, results) for part in message.parts if part.kind != WHOLE]
    return rows


WHOLE = "builtin_tool_result"


def row(part: Any, own: dict[str, Any], results: list[Any]) -> tuple[Any, ...]:
    match part.kind:
        case "text" | "refusal":
            return "text", part.text, "done"
        case "thinking":
            return "reasoning", part.text, "done"
        case "file":
            return "file", part.media_type, part.data or part.url
    if part.kind == "builtin_tool_call":
        result = own[part.tool_call_id]
    else:
        result = results.pop(0) if results else None
    got = None if result is None else result.output if result.is_error else result.result
    return f"tool-{part.tool_name}", part.args_json, got


def assembled(message: dict[str, Any], stream: Any) -> list[tuple[Any, ...]]:
    """The same of the message that Vercel's client made."""
    texts = [call.args_json for one in stream.messages for call in calls_of(one)]
    rows: list[tuple[Any, ...]] = []
    for part in message["parts"]:
        kind = part["type"]
        if kind in ("text", "reasoning"):
            rows.append((kind, part["text"], part["state"]))
        elif kind == "file":
            data = part["url"].startswith("data:")
            held = read_data_url(part["url"])[1] if data else part["url"]
            rows.append((kind, part["mediaType"], held))
        elif kind.startswith("tool-"):
            text = texts.pop(0)
            given = part.get("input", part.get("rawInput"))
            assert given == text or given == json.loads(text)
            rows.append((kind, text, part.get("output")))
            if part["state"] == "output-error":
                rows[-1] = (kind, text, part["errorText"])
        elif not kind.startswith("source-"):
            rows.append((kind,))
    return rows


def calls_of(message: Message) -> list[Any]:
    return [one for one in message.parts if one.kind in ("tool_call", "builtin_tool_call")]


def test_every_kind_of_part(served: Given) -> None:
    _, made, found = served
    stream, got = made["everything"], found["everything"]
    assert got["errors"] == []
    *parts, broken = assembled(got["message"], stream)
    *held, _ = told(stream)
    assert parts == held
    assert broken[2] == "The arguments are not valid JSON."


def test_every_source_comes_once_and_only_a_web_address_as_a_link(served: Given) -> None:
    _, made, found = served
    parts = found["everything"]["message"]["parts"]
    (pages,) = [one for one in made["everything"].message.parts if one.kind == WHOLE]
    links = [(one["url"], one["title"]) for one in parts if one["type"] == "source-url"]
    assert links == [(one.url, one.title) for one in pages.sources]
    others = [one["title"] for one in parts if one["type"] == "source-document"]
    assert others == ["Trap", "report.pdf"]
    (cited,) = [one["providerMetadata"] for one in parts if one.get("text") == streams.CITED]
    first = cited["nbstream"]["citations"][0]
    units = streams.CITED.encode("utf-16-le")
    begin, end = 2 * first["startIndex"], 2 * first["endIndex"]
    assert units[begin:end].decode("utf-16-le") == "Blue"


def test_an_agents_run(served: Given) -> None:
    _, made, found = served
    assert found["agent"]["errors"] == []
    assert assembled(found["agent"]["message"], made["agent"]) == told(made["agent"])
    assert len(told(made["agent"])) == 9
    early = [one["output"] for one in found["agent"]["seen"] if one.get("preliminary")]
    assert "1 of 2" in early, "what a tool reports is there before its result"


def test_an_agent_that_is_a_tool_is_a_message_of_its_own(served: Given) -> None:
    _, made, found = served
    stream, got = made["nested"], found["nested"]
    assert got["errors"] == []
    assert assembled(got["message"], stream) == told(stream)
    (call,) = stream.tool_calls
    assert call.messages
    assert assembled(got["nested"]["c1"], call) == told(call)
    (last,) = [one["data"]["agent"] for one in got["seen"] if one["type"] == "data-nested"][-1:]
    assert last == "helper"


def test_a_client_that_comes_late_gets_the_same(served: Given) -> None:
    server, made, found = served
    late = server.read("ui", *made)
    for name, got in zip(made, late, strict=True):
        assert got["message"] == found[name]["message"] or name == "retried"
        assert got["errors"] == found[name]["errors"]


def test_an_answer_that_begins_again_is_a_new_step(served: Given) -> None:
    _, made, found = served
    parts = found["retried"]["message"]["parts"]
    (at,) = [place for place, one in enumerate(parts) if one["type"] == "data-retry"]
    assert parts[at]["data"] == {"attempt": 2, "reason": "cut off", "voidsStep": True}
    kept = {**found["retried"]["message"], "parts": parts[at + 1 :]}
    assert assembled(kept, made["retried"]) == told(made["retried"])


def test_how_a_stream_ends(served: Given) -> None:
    _, made, found = served
    ends = {name: one["seen"][-1]["type"] for name, one in found.items()}
    assert ends == {
        "everything": "finish",
        "agent": "finish",
        "nested": "finish",
        "retried": "finish",
        "failing": "error",
        "cancelled": "abort",
        "bug": "error",
    }
    assert found["everything"]["seen"][-1]["finishReason"] == "stop"
    assert found["failing"]["errors"][0].startswith("Too many.\n")
    assert found["bug"]["errors"] == ["The stream failed where it is made."]
    assert assembled(found["cancelled"]["message"], made["cancelled"]) == told(made["cancelled"])


def test_an_approval_and_a_question() -> None:
    def erase(name: str) -> str:
        """Erase."""
        return name

    tool = nbstream.tool(requires_approval=True)(erase)
    call = nbstream.messages.ToolCallPart("c1", "erase", '{"name": "a"}')
    model = ScriptedModel(nbstream.assistant_message(call), "Then not.")
    stream = nbstream.Agent(model, tools=[tool]).run_stream_sync("Erase a.")
    encoder = UIMessageEncoder("m")
    kinds: list[str] = []
    for event in stream:
        if isinstance(event, ev.ApprovalRequest):
            event.deny("Mine.")
        kinds += [chunk["type"] for chunk in encoder.feed(event)]
    asked = kinds.index("tool-approval-request")
    assert kinds[asked - 1 : asked + 2] == [
        "tool-input-available",
        "tool-approval-request",
        "tool-output-denied",
    ]
    assert "tool-output-error" not in kinds
