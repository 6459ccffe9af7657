"""When an answer is whole, why it ended and what it cost, on every wire."""

import json
from typing import Any

import pytest

import nbstream
from nbstream.core.events import StreamEnd, StreamStart
from nbstream.core.log import Log
from nbstream.core.message import Message, Usage
from nbstream.recorded_body import protocol_named
from tests.protocols.any_wire import PROTOCOLS, Row, answer, read, sse
from tests.reports import needs_reports, report

CUT = "IncompleteResponseError"


def chat(delta: Row, finish: str | None = None, **top: Any) -> Row:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": "c", "model": "m", "choices": [choice], **top}


def gemini(*parts: Row, finish: str | None = None, **top: Any) -> Row:
    candidate: Row = {"content": {"parts": list(parts)}}
    return {"candidates": [candidate | ({"finishReason": finish} if finish else {})], **top}


def call(index: int, arguments: str = "{}", **more: Any) -> Row:
    function = {"name": f"f{index}", "arguments": arguments}
    return {"tool_calls": [{"index": index, "id": f"id{index}", "function": function, **more}]}


def stopped(reason: str | None, **usage: int) -> Row:
    return {"type": "message_delta", "delta": {"stop_reason": reason}, "usage": usage}


def block(index: int, text: str) -> list[Row]:
    at = {"index": index}
    delta = {"type": "text_delta", "text": text}
    return [
        {"type": "content_block_start", **at, "content_block": {"type": "text", "text": ""}},
        {"type": "content_block_delta", **at, "delta": delta},
        {"type": "content_block_stop", **at},
    ]


BEGUN: Row = {"type": "message_start", "message": {"id": "m", "model": "c", "usage": {}}}

GOES_ON: dict[str, tuple[str, list[Row], list[Row], Row]] = {
    # the protocol, an answer that has ended, more content, another end
    "chat, text": (
        "openai_chat",
        [chat({"content": "a"}), chat({}, "stop")],
        [chat({"content": "b"})],
        chat({}, "length"),
    ),
    "chat, thinking": (
        "openai_chat",
        [chat({"content": "a"}, "stop")],
        [chat({"reasoning": "b"})],
        chat({}, "length"),
    ),
    "chat, parallel calls": (
        "openai_chat",
        [chat(call(0), "tool_calls")],
        [chat(call(1, "")), chat({"tool_calls": [{"index": 1, "function": {"arguments": "{"}}]})],
        chat({}, "length"),
    ),
    "gemini, text": (
        "gemini",
        [gemini({"text": "a"}, finish="STOP")],
        [gemini({"text": "b"})],
        gemini(finish="MAX_TOKENS"),
    ),
    "gemini, a call": (
        "gemini",
        [gemini({"text": "a"}, finish="STOP")],
        [gemini({"functionCall": {"name": "f", "args": {"x": 1}}})],
        gemini(finish="MAX_TOKENS"),
    ),
    "anthropic, another block": (
        "anthropic",
        [BEGUN, *block(0, "a"), stopped("end_turn")],
        block(1, "b"),
        stopped("max_tokens"),
    ),
    "anthropic, more of an open block": (
        "anthropic",
        [BEGUN, *block(0, "a")[:2], stopped("end_turn")],
        block(0, "b")[1:],
        stopped("max_tokens"),
    ),
}


@pytest.mark.parametrize(("protocol", "first", "more", "end"), GOES_ON.values(), ids=GOES_ON)
def test_content_after_the_end_waits_for_another(
    protocol: str, first: list[Row], more: list[Row], end: Row
) -> None:
    _, before, failure = read(protocol, first)
    assert failure == ""
    _, cut, failure = read(protocol, [*first, *more])
    assert failure == CUT
    assert len(cut.text + cut.thinking + str(cut.tool_calls)) > len(before.text)
    _, whole, failure = read(protocol, [*first, *more, end])
    assert (failure, whole.finish_reason) == ("", "length")
    assert whole.text == "a" + "b" * ("b" in cut.text) if before.text else not whole.text
    assert len(whole.tool_calls) == len(cut.tool_calls)


def test_an_open_block_that_goes_on_stays_one_part() -> None:
    first, more = GOES_ON["anthropic, more of an open block"][1:3]
    _, message, _ = read("anthropic", [*first, *more, {"type": "message_stop"}])
    assert [part.text for part in message.parts] == ["ab"]  # type: ignore[union-attr]


AFTER: dict[str, tuple[str, list[Row | str]]] = {
    "chat, usage": ("openai_chat", [{"id": "c", "choices": [], "usage": {"prompt_tokens": 3}}]),
    "chat, empty deltas": ("openai_chat", [chat({"content": ""}), chat({"role": "assistant"})]),
    "chat, another choice": (
        "openai_chat",
        [{"choices": [{"index": 1, "delta": {"content": "x"}}]}],
    ),
    "chat, done": ("openai_chat", ["[DONE]"]),
    "chat, citations": ("openai_chat", [{"id": "c", "choices": [], "citations": ["https://x"]}]),
    "gemini, usage": ("gemini", [{"usageMetadata": {"promptTokenCount": 3}}]),
    "gemini, an empty text": ("gemini", [gemini({"text": ""}), gemini()]),
    "gemini, a signature": ("gemini", [gemini({"text": "", "thoughtSignature": "s"})]),
    "anthropic, usage": ("anthropic", [stopped(None, output_tokens=5)]),
    "anthropic, a ping": ("anthropic", [{"type": "ping"}, {"type": "message_stop"}]),
}


@pytest.mark.parametrize(("protocol", "rows"), AFTER.values(), ids=AFTER)
def test_an_end_stays_one_if_nothing_of_the_answer_follows(
    protocol: str, rows: list[Row | str]
) -> None:
    ended: list[Row | str] = list(answer(protocol, "text", ["a"]))
    if protocol == "anthropic":
        ended.pop()
    _, message, failure = read(protocol, [*ended, *rows])
    assert (message.text, message.finish_reason, failure) == ("a", "stop", "")


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_body_cut_inside_an_event_after_the_end_is_cut(protocol: str) -> None:
    if protocol == "openai_responses":
        pytest.skip("its end is final")
    first = answer(protocol, "text", ["a"])[: -1 if protocol == "anthropic" else None]
    more = block(1, "b")[0] if protocol == "anthropic" else answer(protocol, "text", ["b"])[-2]
    body = sse(first)
    for end in range(20, len(json.dumps(more)) + 6):
        assert read(protocol, body + sse([more])[:end])[2] == CUT, sse([more])[:end]


def test_every_cut_of_an_older_gemini_is_seen_but_between_its_chunks() -> None:
    """It says STOP in each chunk, so a chunk is an end until another begins."""
    rows = [gemini({"text": piece}, finish="STOP") for piece in "abc"]
    body = sse(rows)
    edges = {len(sse(rows[:count])) - back for count in (1, 2, 3) for back in (0, 1, 2)}
    for end in range(len(body) + 1):
        failure = read("gemini", body[:end])[2]
        if end in edges:
            assert failure == "", body[:end]
        else:
            assert failure == CUT, body[:end]


def test_a_gemini_array_cut_inside_a_chunk_is_cut() -> None:
    rows = [gemini({"text": piece}, finish="STOP") for piece in "ab"]
    body = json.dumps(rows).encode()
    assert read("gemini", body)[1].text == "ab"
    first = len(json.dumps(rows[0])) + 1
    assert read("gemini", body[: first + 5])[2] == CUT


def test_a_chat_chunk_without_choices_may_be_cut() -> None:
    rows = [chat({"content": "a"}), chat({}, "stop")]
    usage = {"id": "c", "choices": [], "usage": {"prompt_tokens": 3}}
    for cut, failure in ((sse([usage])[:-5], ""), (sse([chat({"content": "b"})])[:-5], CUT)):
        assert read("openai_chat", sse(rows) + cut)[2] == failure
    for done in ("d", "data: ", "data: [", "data: [DON", "data: [DONE]"):
        assert read("openai_chat", sse(rows) + done.encode())[2] == ""


@pytest.mark.parametrize("end", [[], [{"type": "message_stop"}]])
def test_a_stop_reason_ends_an_answer_of_anthropic(end: list[Row]) -> None:
    _, message, failure = read("anthropic", [BEGUN, *block(0, "a"), stopped("end_turn"), *end])
    assert (message.text, message.finish_reason, failure) == ("a", "stop", "")
    assert read("anthropic", [BEGUN, *block(0, "a")])[2] == CUT
    assert read("anthropic", [BEGUN, *block(0, "a"), stopped(None)])[2] == CUT


def test_responses_ends_only_with_its_response() -> None:
    rows = answer("openai_responses", "text", ["a"])
    assert read("openai_responses", rows[:-1])[2] == CUT
    assert read("openai_responses", [*rows[:-1], "[DONE]"])[2] == CUT


# Why it ended.


def finish(protocol: str, rows: list[Any]) -> str | None:
    _, message, failure = read(protocol, rows)
    assert not failure
    return message.finish_reason


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_stop_with_a_call_is_a_tool_call(protocol: str) -> None:
    assert finish(protocol, answer(protocol, "arguments", ['{"x":1}'])) == "tool_call"


@pytest.mark.parametrize(
    ("word", "right"),
    [
        *(("stop", "tool_call"), ("eos", "tool_call"), ("function_call", "tool_call")),
        *(("length", "length"), ("content_filter", "content_filter"), ("new", "other")),
    ],
)
def test_only_a_stop_becomes_a_tool_call(word: str, right: str) -> None:
    assert finish("openai_chat", [chat(call(0), word)]) == right
    legacy = {"function_call": {"name": "f", "arguments": "{}"}}
    assert finish("openai_chat", [chat(legacy, word)]) == right
    whole = {"message": call(0), "finish_reason": word, "index": 0}
    assert finish("openai_chat", [{"id": "c", "choices": [whole]}]) == right


@pytest.mark.parametrize(
    ("kind", "right"),
    [("tool_use", "tool_call"), ("server_tool_use", "stop"), ("mcp_tool_use", "stop")],
)
def test_calls_that_anthropic_runs_are_no_reason(kind: str, right: str) -> None:
    use = {"type": kind, "id": "t", "name": "f", "input": {"x": 1}}
    rows = [{"type": "content_block_start", "index": 0, "content_block": use}, stopped("end_turn")]
    assert finish("anthropic", [BEGUN, *rows]) == right
    assert finish("anthropic", [BEGUN, rows[0], stopped("max_tokens")]) == "length"
    body = {"type": "message", "content": [use], "stop_reason": "end_turn", "usage": {}}
    assert read("anthropic", json.dumps(body).encode())[1].finish_reason == right


def test_tools_that_groq_and_google_run_are_no_reason() -> None:
    ran = {"executed_tools": [{"index": 0, "type": "search", "arguments": "{}", "output": "x"}]}
    assert finish("openai_chat", [chat(ran), chat({}, "stop")]) == "stop"
    code = {"executableCode": {"code": "1"}}
    assert finish("gemini", [gemini(code, {"text": "a"}, finish="STOP")]) == "stop"


OF_OPENAI: dict[str, tuple[list[Row], str]] = {
    "a function": ([{"type": "function_call", "name": "f", "arguments": "{}"}], "tool_call"),
    "a custom tool": ([{"type": "custom_tool_call", "name": "f", "input": "x"}], "tool_call"),
    "a patch": ([{"type": "apply_patch_call", "operation": {"type": "x"}}], "tool_call"),
    "a computer": ([{"type": "computer_call", "action": {"type": "click"}}], "tool_call"),
    "a shell here": ([{"type": "local_shell_call", "action": {"command": ["ls"]}}], "tool_call"),
    "a shell": ([{"type": "shell_call", "action": {"commands": ["ls"]}}], "tool_call"),
    "a shell in a container": (
        [
            {"type": "shell_call", "action": {"commands": ["ls"]}},
            {"type": "shell_call_output", "id": "o", "output": [{"stdout": "x"}]},
        ],
        "stop",
    ),
    "an approval": (
        [{"type": "mcp_approval_request", "name": "f", "arguments": "{}"}],
        "tool_call",
    ),
    "a search": ([{"type": "web_search_call", "action": {"query": "x"}}], "stop"),
    "a tool of an MCP server": ([{"type": "mcp_call", "name": "f", "arguments": "{}"}], "stop"),
    "a search for tools here": ([{"type": "tool_search_call", "execution": "client"}], "tool_call"),
    "a search for tools there": ([{"type": "tool_search_call", "execution": "server"}], "stop"),
}


@pytest.mark.parametrize(("items", "right"), OF_OPENAI.values(), ids=OF_OPENAI)
@pytest.mark.parametrize("streamed", [True, False])
def test_calls_that_openai_leaves_to_the_client(
    items: list[Row], right: str, streamed: bool
) -> None:
    items = [{"id": "i", "call_id": "c", **item} for item in items]
    response = {"id": "r", "object": "response", "status": "completed", "output": items}
    rows: list[Row] = [{"type": "response.created", "response": {"id": "r"}}]
    for at, item in enumerate(items):
        place = {"output_index": at, "item": item}
        rows += [{"type": f"response.output_item.{kind}", **place} for kind in ("added", "done")]
    end = {"type": "response.completed", "response": {**response, "status": "completed"}}
    body = sse([*rows, end]) if streamed else json.dumps(response).encode()
    assert read("openai_responses", body)[1].finish_reason == right
    cut = {
        **response,
        "status": "incomplete",
        "incomplete_details": {"reason": "max_output_tokens"},
    }
    rows.append({"type": "response.incomplete", "response": cut})
    assert finish("openai_responses", rows) == "length"


# What it cost.


def counted(protocol: str, told: list[Row | None]) -> list[Row]:
    """An answer with counts at its start, in two deltas and at its end; None for no counts."""
    rows = answer(protocol, "text", ["a", "b"])
    if protocol == "anthropic":
        rows[0]["message"]["usage"] = told[0]
        for at, count in ((2, told[1]), (4, told[2])):
            rows.insert(at + 1, {"type": "message_delta", "delta": {}, "usage": count})
        rows[-2]["usage"] = told[3]
    elif protocol == "openai_responses":
        rows[0]["response"]["usage"] = told[0]
        for at, count in ((2, told[1]), (4, told[2])):
            response = {"id": "r", "usage": count}
            rows.insert(at + 1, {"type": "response.in_progress", "response": response})
        rows[-1]["response"]["usage"] = told[3]
    else:
        name = "usage" if protocol == "openai_chat" else "usageMetadata"
        if protocol == "gemini":
            rows.insert(0, {"candidates": []})
        for row, count in zip(rows, told, strict=True):
            row[name] = count
    return rows


NAMES = {
    "anthropic": ("input_tokens", "output_tokens"),
    "openai_chat": ("prompt_tokens", "completion_tokens"),
    "openai_responses": ("input_tokens", "output_tokens"),
    "gemini": ("promptTokenCount", "candidatesTokenCount"),
}

TOLD: dict[str, tuple[list[tuple[int | None, int | None] | None], tuple[int, int]]] = {
    "at the start": ([(7, 1), None, None, None], (7, 1)),
    "at the end": ([None, None, None, (7, 9)], (7, 9)),
    "running": ([(7, 1), (7, 3), (7, 5), (7, 9)], (7, 9)),
    "zeros at the end": ([(7, 1), (7, 5), None, (0, 0)], (7, 5)),
    "nulls at the end": ([(7, 1), (7, 5), (None, None), None], (7, 5)),
    "half at the start": ([(7, None), None, None, (None, 9)], (7, 9)),
    "zero input at the end": ([(7, 1), None, None, (0, 9)], (7, 9)),
    "nothing": ([None, None, None, None], (0, 0)),
}


def told_rows(protocol: str, told: list[tuple[int | None, int | None] | None]) -> list[Row]:
    def row(counts: tuple[int | None, int | None] | None) -> Row | None:
        return None if counts is None else dict(zip(NAMES[protocol], counts, strict=True))

    return counted(protocol, [row(counts) for counts in told])


def usage_of(message: Message) -> tuple[int, int]:
    usage = message.usage or Usage()
    return usage.input_tokens, usage.output_tokens


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(("told", "right"), TOLD.values(), ids=TOLD)
def test_the_last_counts_stand(protocol: str, told: Any, right: tuple[int, int]) -> None:
    _, message, failure = read(protocol, told_rows(protocol, told))
    assert not failure
    assert usage_of(message) == right


def test_a_zero_of_anthropic_is_meant_if_its_row_counts_anything() -> None:
    """A refusal has no output; after a compaction nothing of the input is cached."""
    start = {**BEGUN, "message": {"usage": {"input_tokens": 7, "output_tokens": 1}}}
    _, message, _ = read("anthropic", [start, stopped("refusal", output_tokens=0)])
    assert message.usage == Usage(7, 0)
    start["message"]["usage"]["cache_read_input_tokens"] = 500
    end = stopped("end_turn", input_tokens=9, cache_read_input_tokens=0, output_tokens=8)
    _, message, _ = read("anthropic", [start, end])
    assert message.usage == Usage(9, 8)
    zeros = stopped("end_turn", input_tokens=0, cache_read_input_tokens=0, output_tokens=8)
    _, message, _ = read("anthropic", [start, zeros])
    assert message.usage == Usage(507, 8, cache_read_tokens=500)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_the_counts_of_a_cut_or_a_failure(protocol: str) -> None:
    rows = told_rows(protocol, [(7, 1), (7, 3), (7, 5), None])
    at = max(number for number, row in enumerate(rows) if '": 5' in json.dumps(row))
    stream = nbstream.replay(sse(rows[: at + 1]), protocol)
    stream.wait()
    assert isinstance(stream.error, nbstream.errors.IncompleteResponseError)
    assert stream.error.message is not None
    assert usage_of(stream.error.message) == usage_of(stream.message) == (7, 5)
    failed: Row = {"type": "error", "error": {"type": "x", "message": "boom"}}
    stream = nbstream.replay(sse([*rows[: at + 1], failed]), protocol)
    stream.wait()
    assert isinstance(stream.error, nbstream.errors.ProviderError)
    assert usage_of(stream.message) == (7, 5)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_the_counts_while_it_runs_and_when_it_is_stopped(protocol: str) -> None:
    rows = told_rows(protocol, [(7, 1), (7, 3), (7, 5), (7, 9)])
    at = max(number for number, row in enumerate(rows) if '": 5' in json.dumps(row))
    log, decoder = Log(), protocol_named(protocol).decoder()
    log.extend(decoder.feed(sse(rows[:at])))
    assert usage_of(log.message()) == (7, 3)
    log.extend(decoder.feed(sse([rows[at]])))
    assert usage_of(log.message()) == (7, 5)
    log.extend(log.transcript.cancellation())
    assert log.message().finish_reason == "cancelled"
    assert usage_of(log.message()) == (7, 5)


# A name that comes late.


def without_model(value: Any) -> Any:
    if isinstance(value, dict):
        names = ("model", "modelVersion")
        return {name: without_model(one) for name, one in value.items() if name not in names}
    return [without_model(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_models_name_that_comes_late(protocol: str) -> None:
    rows = without_model(answer(protocol, "text", ["a", "b", "c"]))
    if protocol == "openai_responses":
        rows.insert(3, {"type": "response.in_progress", "response": {"id": "r", "model": "late"}})
    elif protocol == "anthropic":
        rows.insert(3, {"type": "message_delta", "delta": {"model": "late"}})
    else:
        for row in rows[2:]:
            row["modelVersion" if protocol == "gemini" else "model"] = "late"
    events, message, failure = read(protocol, rows)
    assert (message.model, message.text, failure) == ("late", "abc", "")
    starts = [event for event in events if isinstance(event, StreamStart)]
    assert [event.model for event in starts] == [None, "late"]
    end = events[-1]
    assert isinstance(end, StreamEnd)
    assert end.message.model == "late"


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_models_name_that_never_comes(protocol: str) -> None:
    events, message, failure = read(protocol, without_model(answer(protocol, "text", ["a", "b"])))
    assert (message.model, message.text, failure) == (None, "ab", "")
    assert sum(isinstance(event, StreamStart) for event in events) == 1


# Other choices.


def test_only_the_first_choice_is_the_message() -> None:
    """The others are kept as they came, but not without limit."""
    others = [{"index": 1, "delta": {"content": f"x{at}"}} for at in range(500)]
    rows = [
        {"id": "c", "choices": [row, {"index": 0, "delta": {"content": "a"}}]} for row in others
    ]
    _, message, _ = read("openai_chat", [*rows, chat({}, "stop")])
    assert message.text == "a" * 500
    assert message.provider_metadata["unknown"] == others[:64]
    candidates = [{"index": 1, "content": {"parts": [{"text": f"x{at}"}]}} for at in range(500)]
    rows = [{"candidates": [row]} for row in candidates]
    _, message, _ = read("gemini", [*rows, gemini({"text": "a"}, finish="STOP")])
    assert message.text == "a"
    assert message.provider_metadata["unknown"] == candidates[:64]


# Bodies from public reports.


@needs_reports
def test_reported_ends() -> None:
    _, message, failure = read("anthropic", report("anthropic_no_message_stop"))
    assert (message.text, message.finish_reason, failure) == ("Whole answer.", "stop", "")
    assert usage_of(message) == (417, 16)
    assert read("openai_chat", report("finish_stop_with_calls"))[1].finish_reason == "tool_call"
    _, message, failure = read("openai_chat", report("chat_running_usage"))
    assert (message.text, failure, usage_of(message)) == ("w1 w2 w3 w4 ", CUT, (10, 20))


def array(rows: list[Row]) -> str:
    return json.dumps(rows)


def lines(rows: list[Row]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.mark.parametrize("written", [array, lines])
@pytest.mark.parametrize("name", GOES_ON)
def test_json_that_is_cut_in_more_content_has_not_ended(name: str, written: Any) -> None:
    protocol, ended, more, _ = GOES_ON[name]
    if protocol == "anthropic":
        ended = [row for row in ended if row["type"] != "message_stop"]
    whole, longer = written(ended), written([*ended, *more])
    assert read(protocol, whole.encode())[2] == ""
    cut = longer[: len(whole) + 20]
    assert cut.count("{") > cut.count("}")
    assert read(protocol, cut.encode())[2] == CUT


@pytest.mark.parametrize("written", [array, lines])
def test_json_of_which_only_the_usage_is_cut_has_ended(written: Any) -> None:
    rows = [chat({"content": "a"}), chat({}, "stop")]
    usage = {"id": "c", "model": "m", "choices": [], "usage": {"prompt_tokens": 7}}
    text = written([*rows, usage])
    _, message, failure = read("openai_chat", text[: text.index("prompt_tokens")].encode())
    assert (message.text, message.finish_reason, failure) == ("a", "stop", "")


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", CUT),
        (b"\xef\xbb\xbf \r\n", CUT),
        (b'{"a": "line \x0b, half \\ud83d', CUT),
        (b'[{"a": "\xc3', CUT),
        (b'{"a": tru', CUT),
        (b'{"a": oops', "ProtocolError"),
        (b"{'a': 1", "ProtocolError"),
        (b'{"a": ' * 300, "TooDeepError"),
        (b'[{"a": [' * 300, "TooDeepError"),
    ],
)
def test_a_beginning_of_json_is_told_from_what_is_not_json(
    protocol: str, body: bytes, expected: str
) -> None:
    assert read(protocol, body)[2] == expected
