"""Chat Completions: deviations of servers that must give the same message."""

from typing import Any

import pytest

from nbstream.core.message import Usage
from nbstream.errors import IncompleteResponseError, ProviderError
from nbstream.protocols.openai_chat import OpenAIChat
from tests.protocols import any_decoder
from tests.protocols.openai_chat_wire import body, chunk, decode, fold

Row = dict[str, Any]
DONE = "[DONE]"


def choice(**fields: Any) -> Row:
    return {"id": "c", "choices": [fields]}


def piece(**fields: Any) -> Any:
    return chunk({"tool_calls": [fields]})


TEXTS: dict[str, list[Any]] = {
    "a delta that is null": [chunk(), {"choices": [{"delta": None}]}, chunk({"content": "ab"})],
    "choices that are null": [{"id": "c", "choices": None}, chunk({"content": "ab"})],
    "a choice without a list": [{"id": "c", "choices": {"delta": {"content": "ab"}}}],
    "a choice without an index": [choice(delta={"content": "ab"})],
    "an index that is null": [choice(index=None, delta={"content": "ab"})],
    "an index in words": [choice(index="0", delta={"content": "ab"})],
    "an object that is no chunk": [{"type": "ping"}, chunk({"content": "ab"}), {"x": 1}],
    "content as pieces": [
        chunk({"content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]})
    ],
    "content as strings": [chunk({"content": ["a", "b"]})],
    "content as one piece": [chunk({"content": {"type": "text", "text": "ab"}})],
    "pieces without a type": [chunk({"content": [{"text": "ab"}]})],
    "pieces as Responses has them": [chunk({"content": [{"type": "output_text", "text": "ab"}]})],
    "a finish reason that is empty": [chunk({"content": "ab"}, "")],
    "a role in each delta": [chunk({"role": "assistant", "content": one}) for one in "ab"],
    "empty fields beside it": [
        chunk({"content": one, "tool_calls": [], "refusal": None, "audio": {}}) for one in "ab"
    ],
    "a message in place of a delta": [choice(index=0, message={"content": "ab"})],
}


@pytest.mark.parametrize("rows", TEXTS.values(), ids=TEXTS)
def test_text(rows: list[Any]) -> None:
    message = fold(*rows, chunk(finish="stop"), DONE)
    assert (message.text, message.finish_reason) == ("ab", "stop")
    assert len(message.parts) == 1


def test_content_that_is_not_text_is_kept() -> None:
    message = fold(chunk({"content": [{"parts": ["a"]}]}), chunk(finish="stop"), DONE)
    assert message.provider_metadata["unknown_content"] == [{"parts": ["a"]}]


THOUGHTS: dict[str, list[Row]] = {
    "an object": [{"reasoning": {"text": "ab"}}],
    "a list": [{"reasoning_content": ["a", {"type": "text", "text": "b"}]}],
    "one name null, the other not": [{"reasoning": "ab", "reasoning_content": None}],
    "one name empty, the other not": [{"reasoning": "ab", "reasoning_content": ""}],
    "both names": [{"reasoning": "ab", "reasoning_content": "ab"}],
    "details that are null": [{"reasoning": "ab", "reasoning_details": None}],
    "details that are no list": [{"reasoning_details": {"type": "reasoning.text", "text": "ab"}}],
    "a change of name": [{"reasoning": "a"}, {"reasoning_content": "b"}],
    "pieces of content": [{"content": [{"type": "thinking", "thinking": "ab"}]}],
}


@pytest.mark.parametrize("deltas", THOUGHTS.values(), ids=THOUGHTS)
def test_thinking(deltas: list[Row]) -> None:
    message = fold(*map(chunk, deltas), chunk({"content": "c"}), chunk(finish="stop"), DONE)
    assert (message.thinking, message.text) == ("ab", "c")


F: Row = {"index": 0, "id": "1", "function": {"name": "f", "arguments": '{"a":1}'}}
G: Row = {"index": 0, "id": "2", "function": {"name": "g", "arguments": '{"b":2}'}}
BOTH = [("f", {"a": 1}), ("g", {"b": 2})]


def without(row: Row, *names: str) -> Row:
    return {name: value for name, value in row.items() if name not in names}


TWO_CALLS: dict[str, list[Any]] = {
    "the same index, another id": [piece(**F), piece(**G)],
    "the same index, another name": [piece(**without(F, "id")), piece(**without(G, "id"))],
    "the same index in one list": [chunk({"tool_calls": [F, G]})],
    "no index": [piece(**without(F, "index")), piece(**without(G, "index"))],
    "an index that is null": [piece(**F | {"index": None}), piece(**G | {"index": None})],
    "indexes in words, in pieces": [
        piece(index="0", id="1", function={"name": "f", "arguments": '{"a"'}),
        piece(index="1", id="2", function={"name": "g", "arguments": '{"b"'}),
        piece(index="0", function={"arguments": ":1}"}),
        piece(index="1", function={"arguments": ":2}"}),
    ],
    "no object within": [
        piece(index=0, id="1", name="f", arguments='{"a":1}'),
        piece(index=1, id="2", name="g", arguments='{"b":2}'),
    ],
    "arguments as objects": [
        piece(index=0, id="1", function={"name": "f", "arguments": {"a": 1}}),
        piece(index=1, id="2", function={"name": "g", "arguments": {"b": 2}}),
    ],
    "no list": [chunk({"tool_calls": F}), chunk({"tool_calls": G})],
    "in a message": [choice(index=0, message={"content": None, "tool_calls": [F, G]})],
    "fields that are null": [
        piece(**F | {"type": None}),
        piece(index=0, id=None, type=None, function={"name": None, "arguments": None}),
        piece(**G),
    ],
}


@pytest.mark.parametrize("rows", TWO_CALLS.values(), ids=TWO_CALLS)
def test_two_calls(rows: list[Any]) -> None:
    message = fold(*rows, chunk(finish="tool_calls"), DONE)
    assert [(call.tool_name, call.args) for call in message.tool_calls] == BOTH
    assert len({call.tool_call_id for call in message.tool_calls}) == 2
    assert all(call.tool_call_id for call in message.tool_calls)


def test_the_same_call_twice_under_one_index_without_ids() -> None:
    row = without(F, "id")
    calls = fold(piece(**row), piece(**row), chunk(finish="tool_calls"), DONE).tool_calls
    assert [call.args for call in calls] == [{"a": 1}, {"a": 1}]


ONE_CALL: dict[str, list[Any]] = {
    "the name in each piece": ['{"a"', ":1}"],
    "arguments that are whole, then more space": ['{"a":1}', " "],
    "an end that repeats nothing": ['{"a":1}', ""],
}


@pytest.mark.parametrize("pieces", ONE_CALL.values(), ids=ONE_CALL)
def test_pieces_that_repeat_the_name_are_one_call(pieces: list[str]) -> None:
    rows = [piece(index=0, function={"name": "f", "arguments": one}) for one in pieces]
    (call,) = fold(*rows, chunk(finish="tool_calls"), DONE).tool_calls
    assert (call.tool_name, call.args) == ("f", {"a": 1})


EMPTY: dict[str, Any] = {"null": None, "a string": "", "an object": {}, "missing": ...}


@pytest.mark.parametrize("arguments", EMPTY.values(), ids=EMPTY)
def test_a_call_without_arguments(arguments: Any) -> None:
    function = {"name": "f"} if arguments is ... else {"name": "f", "arguments": arguments}
    row = piece(index=0, id="1", function=function)
    (call,) = fold(row, chunk(finish="tool_calls"), DONE).tool_calls
    assert call.args == {}


COUNTS: Row = {"prompt_tokens": 3, "completion_tokens": 2}
USAGES: dict[str, list[Any]] = {
    "in a chunk of its own": [chunk(finish="stop"), {"choices": [], "usage": COUNTS}],
    "without choices": [chunk(finish="stop"), {"usage": COUNTS}],
    "with the end": [chunk(finish="stop", usage=COUNTS)],
    "null until then": [chunk(usage=None), chunk(finish="stop", usage=COUNTS)],
    "growing": [chunk(usage={"prompt_tokens": 3}), chunk(finish="stop", usage=COUNTS)],
    "repeated": [chunk(usage=COUNTS), chunk(finish="stop", usage=COUNTS)],
    "empty in the end": [chunk(usage=COUNTS), chunk(finish="stop", usage={})],
    "null in the end": [chunk(usage=COUNTS), chunk(finish="stop", usage=None)],
    "zero in the end": [
        chunk(usage=COUNTS),
        chunk(finish="stop", usage={"prompt_tokens": 0, "completion_tokens": 0}),
    ],
    "under Responses' names": [chunk(finish="stop", usage={"input_tokens": 3, "output_tokens": 2})],
    "details that are null": [
        chunk(finish="stop", usage={**COUNTS, "prompt_tokens_details": None})
    ],
}


@pytest.mark.parametrize("rows", USAGES.values(), ids=USAGES)
@pytest.mark.parametrize("end", [[DONE], []], ids=["[DONE]", "nothing after it"])
def test_usage(rows: list[Any], end: list[str]) -> None:
    message = fold(chunk({"content": "a"}), *rows, *end)
    assert message.usage == Usage(3, 2)
    assert message.finish_reason == "stop"


FAILURES: dict[str, Row] = {
    "in the choice": choice(index=0, delta={}, finish_reason="error", error={"message": "boom"}),
    "beside no choice": {"id": "c", "choices": [], "error": {"message": "boom"}},
    "as vLLM has it": {"object": "error", "message": "boom", "code": 400},
    "as an HTTP body with a code": {"message": "boom", "code": 500},
    "as an HTTP body with a status": {"message": "boom", "status": 429},
    "as FastAPI has it": {"detail": "boom"},
    "as FastAPI has it, with places": {"detail": [{"loc": ["body"], "msg": "boom"}]},
}


@pytest.mark.parametrize("row", FAILURES.values(), ids=FAILURES)
@pytest.mark.parametrize("end", [[DONE], []], ids=["[DONE]", "nothing after it"])
def test_an_error_in_the_stream(row: Row, end: list[str]) -> None:
    with pytest.raises(ProviderError, match="boom"):
        decode([body(chunk({"content": "a"}), row, *end)])


NO_FAILURES: dict[str, Row] = {
    "an error that is null": {"id": "c", "choices": [], "error": None},
    "an error that is false": {"id": "c", "choices": [], "error": False},
    "a choice's error that is null": choice(index=0, delta={}, error=None),
    "a message without a code": {"type": "status", "message": "Searching"},
    "a status without a message": {"status": "running"},
}


@pytest.mark.parametrize("row", NO_FAILURES.values(), ids=NO_FAILURES)
def test_chunks_that_only_look_like_an_error(row: Row) -> None:
    assert fold(chunk({"content": "a"}), row, chunk(finish="stop"), DONE).text == "a"


def test_content_beside_the_error_of_a_choice_is_kept() -> None:
    row = choice(error={"message": "boom"}, delta={"content": "b"}, finish_reason="error")
    rows = body(chunk({"content": "a"}), row)
    _, message, failure = any_decoder.decode(OpenAIChat().decoder, [rows])
    assert (message.text, failure) == ("ab", "ProviderError")


def test_a_truncated_usage_chunk_leaves_the_answer_complete() -> None:
    rows = body(chunk({"content": "a"}), chunk(finish="stop"), {"choices": [], "usage": COUNTS})
    assert decode([rows[:-20]])[-1].usage is None
    with pytest.raises(IncompleteResponseError):
        decode([rows[:100]])
