"""Code in three libraries' vocabularies: every name of docs/vocabularies.md, and event loops."""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pydantic
import pytest

import nbstream
from nbstream import events as ev
from nbstream.core import message as msg
from nbstream.errors import OutputError
from nbstream.testing import ScriptedModel, stream_from_events
from tests.harness.background import run_async

DOCUMENT = Path(__file__).parent.parent / "docs" / "vocabularies.md"
CITATION = msg.Citation(url="https://x.example", cited_text="so")
CALL = msg.ToolCallPart("c1", "weather", '{"city": "Oslo"}')
SEARCH = msg.BuiltinToolCallPart("c2", "web_search", '{"query": "x"}')
FOUND = msg.BuiltinToolResultPart("c2", "web_search", [{"url": "u"}])
PICTURE = msg.FilePart("image/png", b"\x89PNG", filename="a.png")
EVERYTHING = msg.Message(
    "assistant",
    (
        msg.ThinkingPart("Hm, well.", "signed"),
        msg.TextPart("It is so.", (CITATION, CITATION)),
        CALL,
        SEARCH,
        FOUND,
        PICTURE,
        msg.RefusalPart("No more."),
    ),
    msg.Usage(7, 11, 3, 2),
    "tool_call",
    provider_metadata={"finish_reason": "tool_use"},
)


def events_of(message: msg.Message = EVERYTHING) -> list[Any]:
    """The events of a message as a reader gets them."""
    return list(nbstream.replay_message(message))


class Tables:
    """The document's tables: each row as a list of cells, under its heading."""

    def __init__(self) -> None:
        self.rows: dict[str, list[list[str]]] = {}
        heading = ""
        for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
            heading = line.removeprefix("## ") if line.startswith("## ") else heading
            if line.startswith("| `"):
                cells = [cell.strip() for cell in line.strip("|").split("|")]
                self.rows.setdefault(heading, []).append(cells)

    def members(self) -> Iterator[tuple[str, list[str], list[str]]]:
        """A class, nbstream's names, and the other libraries' names for the same."""
        for heading, rows in self.rows.items():
            if heading == "Classes of events":
                continue
            for classes, ours, *others in rows:
                second = [name for cell in others for name in names(cell)]
                yield from ((cls, names(ours), second) for cls in names(classes))


def names(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


TABLES = Tables()


def instances() -> dict[str, Any]:
    found = {type(event).__name__: event for event in events_of()}
    found |= {type(part).__name__: part for part in EVERYTHING.parts}
    found["ToolResultPart"] = msg.ToolResultPart("c1", "Sun")
    found |= {"Message": EVERYTHING, "Usage": EVERYTHING.usage}
    found |= {"Retry": ev.Retry(2, "busy"), "Progress": ev.Progress("queued")}
    found["MessageEvent"] = ev.MessageEvent(nbstream.user_message("hi"))
    found |= {"FunctionToolCall": ev.FunctionToolCall(CALL)}
    found["FunctionToolResult"] = ev.FunctionToolResult(found["ToolResultPart"])
    found |= {"ApprovalRequest": ev.ApprovalRequest(CALL), "FinalResult": ev.FinalResult()}
    found["InputRequest"] = ev.InputRequest(CALL, "c1/1", "Which?")
    found["RequestAnswered"] = ev.RequestAnswered(CALL, "c1")
    found["AgentRunResult"] = ev.AgentRunResult("Sun", (nbstream.user_message("hi"), EVERYTHING))
    stream = nbstream.replay_message(EVERYTHING)
    stream.until_done()
    return {**found, "Stream": stream}


def value(of: Any, name: str) -> Any:
    """What a name of the table gives: attributes, keys and calls without arguments."""
    for step in name.split("."):
        of = of[step] if isinstance(of, dict) else getattr(of, step.removesuffix("()"))
        if step.endswith("()"):
            of = of()
    return of


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal. A list equals a tuple with the same items here."""
    if inspect.ismethod(one):
        return bool(one.__func__ == other.__func__)
    if isinstance(one, Iterator):
        return list(one) == list(other)
    return bool(list(one) == list(other) if isinstance(one, (list, tuple)) else one == other)


@pytest.mark.parametrize(("cls", "ours", "others"), list(TABLES.members()))
def test_a_row_of_the_document(cls: str, ours: list[str], others: list[str]) -> None:
    found = instances()[cls]
    first = next((name for name in ours if " = " not in name), None)
    for name in [*ours, *others]:
        if " = " in name:
            tag, _, written = name.partition(" = ")
            assert value(found, tag) == written.strip('"')
        else:
            assert first is not None
            assert same(value(found, first), value(found, name)), name


@pytest.mark.parametrize("row", TABLES.rows["Classes of events"])
def test_a_second_name_of_a_class(row: list[str]) -> None:
    ours, *others = [getattr(ev, name) for cell in row for name in names(cell)]
    assert others
    assert all(issubclass(ours, other) for other in others)


def test_every_second_name_is_in_the_document() -> None:
    listed = {
        (cls, name.partition(" = ")[0])
        for cls, ours, others in TABLES.members()
        for name in [*ours, *others]
    }
    known = {
        (cls, name)
        for cls, found in instances().items()
        for name, member in inspect.getmembers(type(found))
        if re.search("Anthropic|PydanticAI|Vercel", docstring(member)) and name[0] != "_"
    }
    assert len(known) > 50
    assert known <= {(cls, re.split(r"\W", name)[0]) for cls, name in listed}


def docstring(member: Any) -> str:
    """The docstring of a property or a method."""
    function = member.fget if isinstance(member, property) else member
    is_function = inspect.isfunction(function) or inspect.ismethod(function)
    return (inspect.getdoc(function) or "") if is_function else ""


def test_an_event_loop_of_each_library_in_one() -> None:
    printed: list[str] = []
    for event in events_of():
        if event.type == "thinking":
            printed.append(event.thinking)
        elif isinstance(event, ev.TextDelta):
            printed.append(event.chunk)
        elif isinstance(event, ev.PartDeltaEvent):
            if isinstance(event.delta, ev.ToolCallPartDelta):
                printed.append(event.delta.args_delta)
        elif isinstance(event, ev.PartStartEvent):
            printed.append(f"[{event.part.part_kind}]")
        elif event.type == "content_block_stop":
            printed.append(f"[{event.content_block.type}]")
        elif event.type == "message_stop":
            printed.append(f"[{event.message.stop_reason}]")
    assert "".join(printed) == (
        "[thinking]Hm, well.[thinking][text]It is so.[text]"
        '[tool-call]{"city": "Oslo"}[tool_use][builtin-tool-call]{"query": "x"}[server_tool_use]'
        "[builtin-tool-return][file][refusal][refusal][tool_use]"
    )


def test_an_event_keeps_its_state() -> None:
    found = events_of()
    inputs = [event.snapshot for event in found if event.type == "input_json"]
    assert inputs[0] == {}
    assert inputs[2] == {"city": "Oslo"}
    citations = [event for event in found if event.type == "citation"]
    assert [event.snapshot for event in citations] == [[CITATION], [CITATION, CITATION]]
    starts = [event.content_block for event in found if event.type == "content_block_start"]
    assert starts[2] == msg.ToolCallPart("c1", "weather")
    ends = {event.index: event.content_block for event in found if isinstance(event, ev.PartEnd)}
    assert all(ends[at] == EVERYTHING.parts[at] for at in ends)
    assert found[0].message.content == []
    assert found[-1].message == EVERYTHING
    assert [event.signature for event in found if event.type == "signature"] == ["signed"]


def test_a_late_reader_and_a_second_log_get_the_same() -> None:
    stream = nbstream.replay_message(EVERYTHING)
    events = list(stream)
    late: list[Any] = list(stream)
    again: list[Any] = list(stream_from_events(events))
    for seen in (late, again):
        assert [event.signature for event in seen if event.type == "signature"] == ["signed"]
        assert seen[-1].message == EVERYTHING
        ends = [event.part for event in seen if isinstance(event, ev.TextEnd)]
        assert ends == [EVERYTHING.parts[1]]


def test_the_message_of_an_end_survives_a_retry() -> None:
    again = [ev.StreamEnd("stop"), ev.Retry(2, "busy"), ev.TextStart(0), ev.TextEnd(0)]
    events = [ev.TextStart(0), ev.TextDelta(0, "one"), *again, ev.StreamEnd("stop")]
    ends = [event for event in stream_from_events(events) if isinstance(event, ev.StreamEnd)]
    assert [end.message.text for end in ends] == ["one", ""]


class Order(pydantic.BaseModel):
    """What a customer wants."""

    product: str
    price: float


ORDER = Order(product="Tea", price=5.5)


def test_parsed_output() -> None:
    model = ScriptedModel(ORDER.model_dump_json(), "none", msg.Message("assistant", (CALL,)))
    stream = nbstream.stream(model, "Order?", output_type=Order)
    last = list(stream)[-1]
    assert isinstance(last, ev.StreamEnd)
    assert last.message.parsed_output == stream.message.parsed_output == ORDER
    assert stream.get_final_message().parsed_output == stream.output
    wrong = nbstream.stream(model, "Order?", output_type=Order).get_final_message()
    with pytest.raises(OutputError) as caught:
        _ = wrong.parsed_output
    assert caught.value.message == wrong
    called = nbstream.stream(model, "Order?", output_type=Order).get_final_message()
    assert called.parsed_output is None
    assert nbstream.assistant_message("x").parsed_output is None


def test_parsed_output_of_an_unfinished_message() -> None:
    with nbstream.stream(ScriptedModel(ORDER.model_dump_json()), "?", output_type=Order) as stream:
        for event in stream:
            if isinstance(event, ev.TextStart):
                assert stream.current_message_snapshot.role == "assistant"
        assert stream.message.parsed_output == ORDER


def test_the_input_of_a_call_that_is_not_complete() -> None:
    assert msg.ToolCallPart("1", "f", '{"a": [1, "b').input == {"a": [1, "b"]}
    assert msg.ToolCallPart("1", "f").input == {}


def test_the_final_text_of_an_answer_without_text() -> None:
    model = ScriptedModel(msg.Message("assistant", (msg.ThinkingPart("Hm."), CALL)))
    with pytest.raises(OutputError, match="thinking, tool_call") as caught:
        nbstream.stream(model, "?").get_final_text()
    assert caught.value.message is not None
    assert caught.value.message.tool_calls == [CALL]

    async def main() -> None:
        model = ScriptedModel(msg.Message("assistant", (CALL,)))
        async with nbstream.stream(model, "?") as stream:
            with pytest.raises(OutputError, match="tool_call"):
                await stream.get_final_text()

    run_async(main())


def test_messages_of_a_stream_continue_in_the_next() -> None:
    model = ScriptedModel("Blue.", "Red.")
    first = nbstream.stream(model, "A colour.", system="Brief.")
    assert first.new_messages() == []
    first.until_done()
    assert [message.role for message in first.all_messages()] == ["system", "user", "assistant"]
    assert first.new_messages() == [first.message]
    nbstream.stream(model, [*first.all_messages(), "Another."]).until_done()
    assert model.requests[1].prompt == "Another."
    assert model.requests[1].messages[2] == first.message
