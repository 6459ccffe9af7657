"""Responses API: output items in every order in which servers send them."""

import base64
import json
from typing import Any

import pytest

from nbstream.core.events import (
    CitationEvent,
    FileEvent,
    PartDelta,
    PartEnd,
    StreamEnd,
    StreamStart,
    TextDelta,
    ThinkingEnd,
    ThinkingStart,
    ToolDelta,
    ToolEnd,
)
from nbstream.core.message import BuiltinToolCallPart, tool_message
from nbstream.protocols.openai_responses import OpenAIResponses
from tests.protocols.any_decoder import (
    decode,
)
from tests.protocols.responses_wire import (
    CALL,
    THOUGHT,
    body,
    completed,
    fold,
    make,
    on,
    said,
    started,
    word,
)

# Servers that leave things out, say them twice or name them otherwise.


def test_items_are_neither_lost_nor_doubled() -> None:
    """The same three items: only in the final response, only when done, as deltas, or all."""
    items = [THOUGHT, said("text"), CALL]
    done = [on("output_item.done", output_index=n, item=item) for n, item in enumerate(items)]
    held = [["summary"], ["content"], ["arguments"]]
    added = [
        on("output_item.added", output_index=n, item={**item, **dict.fromkeys(fields, "")})
        for n, (item, fields) in enumerate(zip(items, held, strict=True))
    ]
    thinking = on("reasoning_summary_text.delta", output_index=0)
    pieces = [
        added[0],
        {**thinking, "summary_index": 0, "delta": "one"},
        {**thinking, "summary_index": 1, "delta": "t"},
        {**thinking, "summary_index": 1, "delta": "wo"},
        added[1],
        word("te", 1),
        word("xt", 1),
        added[2],
        on("function_call_arguments.delta", output_index=2, delta='{"a"'),
        on("function_call_arguments.done", output_index=2, arguments='{"a":1}'),
    ]
    expected = list(fold(completed(*items)).parts)
    assert len(expected) == 4
    for rows in (
        [*done, completed(*items)],
        [*done, completed()],
        [*pieces, completed(*items)],
        [*pieces, *done, completed(*items)],
        [*pieces, *done, completed()],
        [row for pair in zip(added, done, strict=True) for row in pair] + [completed()],
        [*(row for row in pieces if row not in added), *done, completed(*items)],
        [{k: v for k, v in row.items() if k != "output_index"} for row in done]
        + [completed(*items)],
    ):
        assert list(fold(*rows).parts) == expected


def test_of_two_items_with_one_index_the_later_counts() -> None:
    rows = []
    for identity in ("one", "two"):
        added = on("output_item.added", output_index=0, item=said("", identity))
        done = on("output_item.done", output_index=0, item=said(identity, identity))
        rows += [added, word(identity) | {"item_id": identity}, done]
    message = fold(*rows, completed(said("one", "one"), said("two", "two")))
    assert [part.text for part in message.parts] == ["one", "two"]  # type: ignore[union-attr]


def test_ids_may_differ_in_each_event() -> None:
    rows = [
        on("output_item.added", output_index=0, item=said("", "id1")),
        word("a") | {"item_id": "id2"},
        word("b") | {"item_id": "id3"},
        on("output_item.done", output_index=0, item=said("ab", "id4")),
        completed(said("ab", "id5")),
    ]
    assert fold(*rows).text == "ab"


def test_lost_deltas_are_corrected_at_the_end() -> None:
    message = fold(
        word("a "),
        word("c"),
        on("output_item.done", output_index=0, item=said("a b c")),
        completed(),
    )
    assert message.text == "a b c"
    late = fold(word("a "), on("output_item.done", output_index=0, item=said("a b")), completed())
    assert late.text == "a b"


def test_a_call_ends_once_and_thinking_again_if_its_ciphertext_changes() -> None:
    rows = [on("output_item.done", output_index=n, item=i) for n, i in enumerate([THOUGHT, CALL])]
    again = completed({**THOUGHT, "encrypted_content": "newer"}, {**CALL, "status": "completed"})
    events, message, _ = decode(make, [body(started(), *rows, again)])
    assert sum(isinstance(event, ToolEnd) for event in events) == 1
    ends = [event for event in events if isinstance(event, ThinkingEnd)]
    assert [(end.index, end.redacted) for end in ends] == [(0, None), (1, "secret"), (1, "newer")]
    assert [part.text for part in message.parts[:2]] == ["one", "two"]  # type: ignore[union-attr]


def test_thinking_starts_before_its_first_text() -> None:
    events = list(
        make().feed(body(started(), on("output_item.added", output_index=0, item=THOUGHT)))
    )
    assert [type(event) for event in events] == [StreamStart, ThinkingStart]


def test_citations_count_once() -> None:
    one, two = ({"type": "url_citation", "url": u, "start_index": 0, "end_index": 1} for u in "ab")
    item = said("x", annotations=[one, two])
    rows = [
        word("x"),
        on("output_text.annotation.added", output_index=0, content_index=0, annotation=one),
    ]
    events, message, _ = decode(make, [body(started(), *rows, completed(item))])
    assert [c.url for c in message.citations] == ["a", "b"]
    assert sum(isinstance(event, CitationEvent) for event in events) == 2
    assert (message.citations[0].start, message.citations[0].end) == (0, 1)


# Kinds of items.


def test_a_custom_tools_input_is_text() -> None:
    item = {
        "type": "custom_tool_call",
        "id": "i",
        "call_id": "c",
        "name": "sql",
        "input": 'a "b"\n',
    }
    delta = on("custom_tool_call_input.delta", output_index=0)
    rows = [
        on("output_item.added", output_index=0, item={**item, "input": ""}),
        {**delta, "delta": 'a "'},
        {**delta, "delta": 'b"\n'},
    ]
    events, message, _ = decode(make, [body(started(), *rows, completed(item))])
    (call,) = message.tool_calls
    assert call.args == item["input"]
    assert "".join(e.chunk for e in events if isinstance(e, ToolDelta)) == call.args_json
    assert message.finish_reason == "tool_call"


def test_a_custom_tool_without_input_gets_an_empty_string() -> None:
    item = {"type": "custom_tool_call", "id": "i", "call_id": "c", "name": "sql", "input": ""}
    rows = [on(f"output_item.{at}", output_index=0, item=item) for at in ("added", "done")]
    events, message, _ = decode(make, [body(started(), *rows, completed(item))])
    (call,) = message.tool_calls
    assert call.args == ""
    assert "".join(e.chunk for e in events if isinstance(e, ToolDelta)) == call.args_json
    assert OpenAIResponses().request("m", [message], {}).body["input"][0] == item


def test_an_undeclared_custom_tool_is_the_providers() -> None:
    item = {
        "type": "custom_tool_call",
        "id": "i",
        "call_id": "c",
        "name": "x_search",
        "input": "{}",
    }
    first = started(tools=[{"type": "x_search"}])
    message = decode(make, [body(first, completed(item))])[1]
    assert (message.tool_calls, message.finish_reason) == ([], "stop")
    declared = started(
        tools=[{"type": "namespace", "tools": [{"type": "custom", "name": "x_search"}]}]
    )
    assert len(decode(make, [body(declared, completed(item))])[1].tool_calls) == 1


def test_drafts_of_an_image_come_before_it() -> None:
    item = {"type": "image_generation_call", "id": "ig", "status": "generating"}
    rows = [
        on("output_item.added", output_index=0, item=item),
        on("image_generation_call.partial_image", output_index=0, partial_image_b64="YQ=="),
        on(
            "output_item.done",
            output_index=0,
            item={**item, "result": "YWI=", "output_format": "webp"},
        ),
    ]
    events, message, _ = decode(make, [body(started(), *rows, completed())])
    images = [event for event in events if isinstance(event, FileEvent)]
    assert [(i.index, i.data, i.partial) for i in images] == [(1, b"a", True), (1, b"ab", False)]
    assert [(file.media_type, file.data) for file in message.files] == [("image/webp", b"ab")]


def test_an_svg_has_a_standard_media_type() -> None:
    item = {
        "type": "image_generation_call",
        "id": "ig",
        "result": "PHN2Zz4=",
        "output_format": "svg",
    }
    (file,) = fold(completed(item)).files
    assert (file.media_type, file.data) == ("image/svg+xml", b"<svg>")


def test_a_result_has_the_name_of_its_call() -> None:
    call = {"type": "shell_call", "id": "i", "call_id": "c", "action": {"commands": ["ls"]}}
    result = {"type": "shell_call_output", "id": "o", "call_id": "c", "output": [{"stdout": "x"}]}
    parts = fold(completed(call, result)).parts
    assert [part.tool_name for part in parts] == ["shell", "shell"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("rows", "item", "name", "args"),
    [
        (
            [
                on("code_interpreter_call_code.delta", output_index=0, delta=c)
                for c in ('p("', 'x")\n')
            ],
            {"type": "code_interpreter_call", "id": "i", "code": 'p("x")\n', "outputs": None},
            "code_interpreter",
            {"code": 'p("x")\n'},
        ),
        (
            [
                on("shell_call_command.delta", output_index=0, command_index=n, delta=c)
                for n, c in ((0, "l"), (0, "s"), (1, "pwd"))
            ],
            {"type": "shell_call", "id": "i", "action": {"timeout": 1, "commands": ["ls", "pwd"]}},
            "shell",
            {"commands": ["ls", "pwd"], "timeout": 1},
        ),
        (
            [on("mcp_call_arguments.delta", output_index=0, delta=c) for c in ('{"q"', ":1}")],
            {"type": "mcp_call", "id": "i", "name": "find", "arguments": '{"q":1}'},
            "find",
            {"q": 1},
        ),
        (
            [],
            {"type": "web_search_call", "id": "i", "action": {"type": "search", "query": "q"}},
            "web_search",
            {"type": "search", "query": "q"},
        ),
        (
            [],
            {"type": "image_generation_call", "id": "i", "action": "edit", "size": "1x1"},
            "image_generation",
            {"action": "edit"},
        ),
        (
            [],
            {"type": "computer_call", "id": "i", "actions": [{"type": "wait"}]},
            "computer",
            {"actions": [{"type": "wait"}]},
        ),
        ([], {"type": "teleport_call", "id": "i", "arguments": {"to": 1}}, "teleport", {"to": 1}),
        ([], {"type": "compaction", "id": "i", "encrypted_content": "e"}, "compaction", {}),
    ],
)
def test_builtin_tools_stream_and_are_sent_back_unchanged(
    rows: list[Any], item: dict[str, Any], name: str, args: Any
) -> None:
    added = on("output_item.added", output_index=0, item={"type": item["type"], "id": "i"})
    first = [started(), added, *rows]
    _, message, _ = decode(make, [body(*first)])
    assert len(message.parts) == 1
    events, message, _ = decode(make, [body(*first, completed(item))])
    (call,) = message.parts
    assert (call.tool_name, call.args) == (name, args)  # type: ignore[union-attr]
    if rows:
        streamed = "".join(event.chunk for event in events if isinstance(event, PartDelta))
        assert json.loads(streamed) == args
    history = [message, tool_message(call.tool_call_id, "done")]  # type: ignore[union-attr]
    assert OpenAIResponses().request("m", history, {}).body["input"][0] == item


DIFF = '@@\n-a "x"\n+b\n'
PATCH = {"type": "update_file", "path": "a.py", "diff": DIFF}


def patch(operation: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {
        "type": "apply_patch_call",
        "id": "ap",
        "call_id": "c",
        "status": "completed",
        "operation": operation,
        **fields,
    }


@pytest.mark.parametrize("says_done", [True, False])
def test_the_diff_of_a_patch_arrives_in_deltas(says_done: bool) -> None:
    """Whatever the order of the operation's fields, the text only grows."""
    at = {"item_id": "ap", "output_index": 0}
    name = "apply_patch_call_operation_diff"
    rows = [
        on("output_item.added", output_index=0, item=patch({**PATCH, "diff": ""})),
        *(on(f"{name}.delta", delta=piece, **at) for piece in (DIFF[:4], DIFF[4:])),
        *([on(f"{name}.done", diff=DIFF, **at)] if says_done else []),
    ]
    item = patch({"diff": DIFF, **PATCH})
    events, message, _ = decode(make, [body(started(), *rows, completed(item))])
    deltas = [event for event in events if isinstance(event, PartDelta)]
    assert len(deltas) == 3
    assert json.loads("".join(event.chunk for event in deltas)) == PATCH
    (call,) = message.parts
    assert isinstance(call, BuiltinToolCallPart)
    assert (call.tool_name, call.args) == ("apply_patch", PATCH)
    assert call.code == f"# update_file a.py\n{DIFF}"
    history = [message, tool_message("c", "done")]
    assert OpenAIResponses().request("m", history, {}).body["input"][0] == item
    _, partial, _ = decode(make, [body(started(), *rows[:2])])
    assert partial.parts[0].code == "# update_file a.py\n@@\n-"  # type: ignore[union-attr]


def test_a_file_may_be_deleted_without_a_diff() -> None:
    item = patch({"type": "delete_file", "path": "a.py"})
    message = fold(completed(item))
    (call,) = message.parts
    assert call.details == ["type: delete_file", "path: a.py"]  # type: ignore[union-attr]


def test_searches_for_tools_and_what_they_found_have_one_id() -> None:
    found = [{"type": "function", "name": "f", "description": "Does f."}]

    def search(number: int, **fields: Any) -> list[dict[str, Any]]:
        own = {"execution": "server", "call_id": None, "status": "completed", **fields}
        return [
            {"type": "tool_search_call", "id": f"call{number}", "arguments": {"q": "f"}, **own},
            {"type": "tool_search_output", "id": f"out{number}", "tools": found, **own},
        ]

    items = [*search(1), *search(2), *search(3, call_id="c3", execution="client")]
    rows = [
        on(f"output_item.{step}", output_index=place, item=item)
        for place, item in enumerate(items)
        for step in ("added", "done")
    ]
    message = fold(*rows, completed(*items))
    ids = [part.tool_call_id for part in message.parts]  # type: ignore[union-attr]
    assert ids == ["call1", "call1", "call2", "call2", "c3", "c3"]
    assert OpenAIResponses().request("m", [message], {}).body["input"] == items


def test_a_spoken_answer_is_its_transcript_and_a_file() -> None:
    data = b"RIFF....WAVE"
    pieces = [base64.b64encode(piece).decode() for piece in (data[:5], data[5:])]
    rows = [
        on("audio.transcript.delta", delta="Hel"),
        on("audio.delta", delta=pieces[0]),
        on("audio.transcript.delta", delta="lo."),
        on("audio.delta", delta=pieces[1]),
    ]
    ends = [on("audio.transcript.done"), on("audio.done")]
    for ending in (ends, []):
        message = fold(*rows, *ending, completed())
        assert message.text == "Hello."
        assert [file.data for file in message.files] == [data]


def test_compaction_says_when_it_begins() -> None:
    item = {"type": "compaction", "id": "i", "encrypted_content": "e"}
    message = fold(on("compaction.compacting", item_id="i", output_index=0), completed(item))
    assert "unknown" not in message.provider_metadata


def test_part_indexes_follow_their_beginnings() -> None:
    events, _, _ = decode(
        make,
        [
            body(
                started(),
                word("a", 3),
                {**word("b", 1), "item_id": "other"},
                word("c", 3),
                completed(),
            )
        ],
    )
    assert [e.index for e in events if isinstance(e, TextDelta)] == [0, 1, 0]
    assert sorted(e.index for e in events if isinstance(e, PartEnd)) == [0, 1]
    assert isinstance(events[-1], StreamEnd)
