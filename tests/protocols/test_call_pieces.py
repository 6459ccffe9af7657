"""The pieces of tool calls as careless servers send them, on every wire."""

import json
from typing import Any

import pytest

from nbstream.core.events import ToolDelta, ToolEnd
from nbstream.core.message import Message
from nbstream.protocols.arguments import Arguments, without_repeats
from tests.protocols.any_wire import PROTOCOLS, Row, answer, read
from tests.reports import needs_reports, report
from tests.typed.counting import is_flat

REAL = '{"x": 1}'

PIECES: dict[str, tuple[list[str], str]] = {
    "an empty object first": (["{}", REAL], REAL),
    "an empty object in two pieces": (["{", "}", REAL], REAL),
    "several empty ones": (["{}", "null", "{}", REAL], REAL),
    "null first": (["null", '{"x"', ": 1}"], REAL),
    "an empty string first": (['""', REAL], REAL),
    "the object twice": ([REAL, REAL], REAL),
    "in pieces, then whole": (['{"x":', " 1}", REAL], REAL),
    "in pieces twice": (['{"x":', " 1}", '{"x"', ": 1}"], REAL),
    "again, with other spaces": (['{"x":', " 1}", '{ "x":1 }'], REAL),
    "after an empty one, twice": (["{}", REAL, REAL], REAL),
    "twice in one piece": ([REAL + REAL], REAL),
    "again in the piece that ends it": (['{"x":', " 1}" + REAL], REAL),
    "an empty one in the same piece": (["{}" + REAL], REAL),
    "twice in one piece, on two lines": ([f"{REAL}\n{REAL}"], REAL),
    "braces in a string in one piece": (['{"x": "} {"}'], '{"x": "} {"}'),
    "only an empty object": (["{}"], "{}"),
    "only an empty object, twice": (["{}", "{}"], "{}"),
    "braces in a string": (['{"x": "}', '{"}'], '{"x": "}{"}'),
    "an opening brace alone": (["{", '"x": 1}'], REAL),
    "an opening brace, then the whole": (["{", REAL], REAL),
    "a space at the end": ([REAL, "  "], REAL + "  "),
    "again, after a space": ([REAL, "  ", REAL], REAL + "  "),
}


def one_call(message: Message) -> Any:
    (call,) = message.tool_calls
    return call


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(("pieces", "right"), PIECES.values(), ids=PIECES)
def test_one_object_of_arguments(protocol: str, pieces: list[str], right: str) -> None:
    if protocol == "gemini" and right.endswith(" "):
        right = right.strip()
    events, message, failure = read(protocol, answer(protocol, "arguments", pieces))
    assert not failure
    assert one_call(message).args_json == right
    deltas = [event.chunk for event in events if isinstance(event, ToolDelta)]
    assert "".join(deltas) == right
    assert all(deltas)
    (end,) = [event for event in events if isinstance(event, ToolEnd)]
    assert end.args_json == right


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_two_different_objects_are_kept_as_they_came(protocol: str) -> None:
    rows = answer(protocol, "arguments", [REAL, '{"y": 2}'])
    args = one_call(read(protocol, rows)[1]).args_json
    assert args in (REAL + '{"y": 2}', REAL)  # Gemini's arguments come whole, so the first stand


@pytest.mark.parametrize("final", ["{}", "null", "", None, {}])
def test_an_empty_item_at_the_end_does_not_erase_the_arguments(final: Any) -> None:
    rows = answer("openai_responses", "arguments", [REAL])
    rows[-2]["item"] = {**rows[-2]["item"], "arguments": final}
    done = {"type": "response.function_call_arguments.done", "output_index": 0, "arguments": final}
    for more in ([], [done]):
        _, message, _ = read("openai_responses", [*rows[:-2], *more, *rows[-2:]])
        assert one_call(message).args_json == REAL


@pytest.mark.parametrize("item", [REAL, {"x": 1}, REAL * 2])
def test_the_item_at_the_end_has_the_arguments(item: Any) -> None:
    for pieces in ([], ["{}"], ["{}", REAL], ['{"x":', " 1}"]):
        rows = answer("openai_responses", "arguments", pieces)
        rows[-2]["item"] = {**rows[-2]["item"], "arguments": item}
        events, message, _ = read("openai_responses", rows)
        assert one_call(message).args_json == REAL
        assert "".join(event.chunk for event in events if isinstance(event, ToolDelta)) == REAL


@pytest.mark.parametrize("empty", ["{}", "null"])
def test_empty_arguments_that_come_three_times_are_one(empty: str) -> None:
    rows = answer("openai_responses", "arguments", [empty])
    rows[-2]["item"] = {**rows[-2]["item"], "arguments": empty}
    done = {"type": "response.function_call_arguments.done", "output_index": 0, "arguments": empty}
    events, message, _ = read("openai_responses", [*rows[:-2], done, *rows[-2:]])
    assert one_call(message).args_json == empty
    assert "".join(event.chunk for event in events if isinstance(event, ToolDelta)) == empty


@pytest.mark.parametrize("pieces", [[], ["{}"]])
def test_input_at_the_start_of_a_block_of_anthropic(pieces: list[str]) -> None:
    rows = answer("anthropic", "arguments", pieces)
    rows[1]["content_block"]["input"] = {"x": 1}
    assert one_call(read("anthropic", rows)[1]).args_json == REAL
    rows = answer("anthropic", "arguments", [*pieces, REAL])
    rows[1]["content_block"]["input"] = {"x": 1}
    assert one_call(read("anthropic", rows)[1]).args_json == REAL


# Chat Completions: which call a piece belongs to.


def chat(*deltas: list[Row], finish: str = "tool_calls") -> list[tuple[str, str]]:
    rows: list[Row] = [{"id": "c", "choices": [{"delta": {"tool_calls": each}}]} for each in deltas]
    rows.append({"id": "c", "choices": [{"delta": {}, "finish_reason": finish}]})
    _, message, failure = read("openai_chat", rows)
    assert (failure, message.finish_reason) == ("", "tool_call")
    assert len({call.tool_call_id for call in message.tool_calls}) == len(message.tool_calls)
    return [(call.tool_name, call.args_json) for call in message.tool_calls]


def row(arguments: Any, **top: Any) -> Row:
    name = top.pop("name", None)
    return {"function": {"arguments": arguments, **({"name": name} if name else {})}, **top}


SAME: dict[str, list[list[Row]]] = {
    "an index that drifts": [
        [row('{"x"', id="a", name="f", index=0)],
        [row(": ", index=1)],
        [row("1}", index=7)],
    ],
    "an index that drifts, with null and empty fields": [
        [row('{"x"', id="a", name="f", index=0)],
        [row(": ", index=1, id=None)],
        [row("1}", index=2, id="", name="")],
    ],
    "a name that comes last": [
        [row("", index=0, id="a")],
        [row(REAL, index=0)],
        [row("", index=0, name="f")],
    ],
    "an index that drifts, with the id": [
        [row('{"x"', id="a", name="f", index=0)],
        [row(": ", index=1, id="a")],
        [row("1}", index=2, id="a", name="f")],
    ],
    "an index that drifts, whole at the end": [
        [row('{"x"', id="a", name="f", index=0)],
        [row(": 1}", index=1)],
        [row(REAL, index=2, id="a", name="f")],
    ],
    "the id again without index": [
        [row('{"x"', id="a", name="f")],
        [row(": 1}", id="a", name="f")],
    ],
    "the name in each piece, without index or id": [
        [row("", name="f")],
        [row('{"x"', name="f")],
        [row(": 1}", name="f")],
    ],
    "the name in each piece": [
        [row("{}", index=0, id="a", name="f")],
        [row('{"x"', index=0, name="f")],
        [row(": 1}", index=0, name="f")],
    ],
    "an empty object with the name, without id": [
        [row("{}", index=0, name="f")],
        [row(REAL, index=0, name="f")],
    ],
    "the object with the id and the name again": [
        [row(REAL, index=0, id="a", name="f")],
        [row(REAL, index=0, id="a", name="f")],
    ],
    "an object": [[row({"x": 1}, index=0, id="a", name="f")]],
    "an empty object that is none": [
        [row({}, index=0, id="a", name="f")],
        [row({"x": 1}, index=0)],
    ],
    "nothing at the end": [
        [row(REAL, index=0, id="a", name="f")],
        [row(None, index=0)],
        [row("", index=0)],
        [{"index": 0}],
    ],
}


def test_an_index_of_anthropic_that_drifts() -> None:
    rows = answer("anthropic", "arguments", ['{"x"', ": ", "1}"])
    for index, delta in enumerate(row for row in rows if row["type"] == "content_block_delta"):
        delta["index"] = index
    assert one_call(read("anthropic", rows)[1]).args_json == REAL
    rows = answer("anthropic", "arguments", [REAL])
    text: Row = {"type": "text", "text": "a"}
    rows.insert(1, {"type": "content_block_start", "index": 0, "content_block": text})
    rows[2]["index"] = 1  # the call, whose delta has the index of the text
    assert one_call(read("anthropic", rows)[1]).args_json == REAL
    rows = answer("anthropic", "text", ["a", "b"])
    rows[3]["index"] = 1
    message = read("anthropic", rows)[1]
    assert (message.text, len(message.parts)) == ("ab", 1)


def test_an_index_of_responses_that_drifts() -> None:
    rows = answer("openai_responses", "arguments", ['{"x"', ": ", "1}"])
    deltas = [row for row in rows if row["type"].endswith("arguments.delta")]
    for index, delta in enumerate(deltas):
        delta["output_index"] = index
        delta.pop("item_id", None)
    call = one_call(read("openai_responses", rows)[1])
    assert (call.tool_name, call.args_json) == ("f", REAL)


@pytest.mark.parametrize("deltas", SAME.values(), ids=SAME)
def test_pieces_of_one_call(deltas: list[list[Row]]) -> None:
    assert chat(*deltas) == [("f", REAL)]


@pytest.mark.parametrize(
    "names", [("get_", "weather"), ("get_", "get_weather"), ("g", "et_", "weather")]
)
@pytest.mark.parametrize("index", [{"index": 0}, {}])
def test_a_name_in_pieces(names: tuple[str, ...], index: Row) -> None:
    pieces = [[row("", id="a", name=name, **index)] for name in names]
    assert chat(*pieces, [row(REAL, id="a", **index)]) == [("get_weather", REAL)]
    legacy = [{"function_call": {"name": name}} for name in names]
    rows: list[Row] = [{"choices": [{"delta": delta}]} for delta in legacy]
    rows.append({"choices": [{"delta": {"function_call": {"arguments": REAL}}}]})
    _, message, _ = read("openai_chat", [*rows, "[DONE]"])
    assert (one_call(message).tool_name, one_call(message).args_json) == ("get_weather", REAL)


OTHERS: dict[str, list[list[Row]]] = {
    "by id, without index": [
        [row('{"x"', id="a", name="f"), row('{"y"', id="b", name="g")],
        [row(": 2}", id="b"), row(": 1}", id="a")],
    ],
    "by index, interleaved": [
        [row('{"x"', id="a", name="f", index=0)],
        [row('{"y"', id="b", name="g", index=1)],
        [row(": 1}", index=0), row(": 2}", index=1)],
    ],
    "one id for both": [
        [row(REAL, id="a", name="f", index=0)],
        [row('{"y": 2}', id="a", name="g", index=1)],
    ],
}


@pytest.mark.parametrize("deltas", list(OTHERS.values())[:2], ids=list(OTHERS)[:2])
def test_pieces_of_two_calls(deltas: list[list[Row]]) -> None:
    assert chat(*deltas) == [("f", REAL), ("g", '{"y": 2}')]


def test_two_calls_with_one_id_and_two_names_are_two() -> None:
    rows: list[Row] = [
        {"choices": [{"delta": {"tool_calls": each}}]} for each in OTHERS["one id for both"]
    ]
    _, message, _ = read("openai_chat", [*rows, "[DONE]"])
    assert [call.tool_name for call in message.tool_calls] == ["f", "g"]


# Gemini: calls come as parts.


def gemini(*calls: Row) -> list[tuple[str, str]]:
    parts = [{"functionCall": each} for each in calls]
    rows: list[Row] = [{"candidates": [{"content": {"parts": [part]}}]} for part in parts]
    rows.append({"candidates": [{"finishReason": "STOP"}]})
    _, message, failure = read("gemini", rows)
    assert (failure, message.finish_reason) == ("", "tool_call")
    return [(call.tool_name, call.args_json) for call in message.tool_calls]


def test_parts_of_gemini() -> None:
    f: Row = {"name": "f", "id": "a"}
    whole = {**f, "args": {"x": 1}}
    assert gemini({**f, "args": {}}, whole) == [("f", REAL)]
    assert gemini({**f, "args": None}, whole, whole) == [("f", REAL)]
    assert gemini(whole, {**f, "args": {}}) == [("f", REAL)]
    assert gemini({"name": "f", "args": {}}, {"name": "f", "args": {"x": 1}}) == [
        ("f", "{}"),
        ("f", REAL),
    ]
    assert gemini({"name": "f"}, {"name": "g", "args": {}}) == [("f", ""), ("g", "{}")]
    more = {"willContinue": True}
    assert gemini({"name": "f", **more}, {"name": "f", "args": {"x": 1}}) == [("f", REAL)]


def test_a_call_without_arguments_ends_before_the_next_part() -> None:
    parts = [{"functionCall": {"name": "f", "args": {}}}, {"text": "a"}]
    rows: list[Row] = [{"candidates": [{"content": {"parts": parts}, "finishReason": "STOP"}]}]
    events, message, _ = read("gemini", rows)
    kinds = [event.kind for event in events]
    assert kinds.index("tool_end") < kinds.index("text_start")
    assert message.text == "a"


# Cost.


def test_a_piece_costs_the_same_after_many_others() -> None:
    """Strings full of braces must not have the arguments parsed again and again."""
    arguments = Arguments()
    arguments.add('{"x": "}')
    assert is_flat("{ } }" * 2_000, arguments.add)


def test_values_in_a_row() -> None:
    assert without_repeats(f"{{}} {REAL} null") == REAL
    assert without_repeats("{}" * 50_000) == "{}" * 50_000
    assert without_repeats("[" * 100_000) == "[" * 100_000
    assert json.loads(without_repeats(REAL)) == {"x": 1}


@needs_reports
def test_reported_pieces() -> None:
    _, message, _ = read("openai_chat", report("args_empty_object_first"))
    assert [(call.tool_name, call.args_json) for call in message.tool_calls] == [("f", '{"x":1}')]
    _, message, _ = read("openai_chat", report("index_drift"))
    assert [(call.tool_name, call.args) for call in message.tool_calls] == [("f", {"x": "hello"})]
    _, message, _ = read("openai_chat", report("surrogate_halves"))
    assert message.text == "hi \U0001f600 bye"
