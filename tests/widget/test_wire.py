"""What is sent to the browser: all that it shows of each part, and nothing else."""

import json
from typing import Any

import pytest

import nbstream
from nbstream.core import events as ev
from nbstream.core.message import (
    BuiltinToolCallPart,
    BuiltinToolResultPart,
    Citation,
    FilePart,
    Part,
    TextPart,
    ThinkingPart,
    ToolResultPart,
    Usage,
)
from nbstream.streams.loop import submit
from nbstream.testing import stream_from_events
from nbstream.widget import wire, wire_parts
from nbstream.widget.bridge import Bridge
from tests.files import samples
from tests.recordings import recordings

PAGES = [
    {"url": f"https://a.org/{n}", "title": f"{n} " + "t" * 300, "encrypted_content": "E" * 9_000}
    for n in range(24)
]


def ops_of(*events: ev.Event) -> list[dict[str, Any]]:
    """The ops of a stream's events, in one batch."""
    stream = stream_from_events([*events, ev.StreamEnd("stop")])
    reader = stream.reader()
    stream.wait()
    return wire.ops(reader.take())[:-1]


def call_in_browser(*batches: str, whole: str | None = None) -> tuple[str, dict[str, Any]]:
    """The code and the other inputs of a call that a browser has after those deltas."""
    start = ev.BuiltinToolStart(0, "c", "tool")
    deltas = [ev.BuiltinToolDelta(0, batch) for batch in batches]
    args = "".join(batches) if whole is None else whole
    end = ev.BuiltinToolEnd(0, BuiltinToolCallPart("c", "tool", args))
    stream = stream_from_events([start, *deltas, end, ev.StreamEnd("stop")])
    reader = stream.reader()
    stream.wait()
    text, call = "", dict[str, Any]()
    for event in reader.take():
        for op in wire.ops([event]):
            if "builtin_tool" in op["kind"]:
                text = op.get("text", text + op.get("chunk", ""))
                call |= {name: op[name] for name in ("inputs", "details") if name in op}
    return text, call


def test_a_query_is_sent_while_it_is_written() -> None:
    assert call_in_browser('{"query": "why', ' is the sky blue"}') == (
        "",
        {"inputs": ["why is the sky blue"]},
    )
    rows = ops_of(ev.BuiltinToolStart(0, "c", "tool"), ev.BuiltinToolDelta(0, '{"query": "why'))
    assert rows[1] == {"kind": "builtin_tool_delta", "index": 0, "inputs": ["why"]}


def test_each_piece_of_code_is_sent_once() -> None:
    code = 'print("é\\n")\n' * 50
    args = json.dumps({"code": code})
    for size in (1, 7, len(args)):
        pieces = [args[at : at + size] for at in range(0, len(args), size)]
        assert call_in_browser(*pieces) == (code, {})
    sizes = [len(json.dumps(row)) for row in ops_of(*_deltas(args, 7))]
    assert sum(sizes) < len(args) + 500, "in one batch, little more than the arguments"


def _deltas(args: str, size: int) -> list[ev.Event]:
    pieces = [args[at : at + size] for at in range(0, len(args), size)]
    return [
        ev.BuiltinToolStart(0, "c", "tool"),
        *(ev.BuiltinToolDelta(0, piece) for piece in pieces),
        ev.BuiltinToolEnd(0, BuiltinToolCallPart("c", "tool", args)),
    ]


def test_an_end_may_add_to_or_replace_the_deltas() -> None:
    assert call_in_browser(whole='{"code": "1"}') == ("1", {})
    assert call_in_browser('{"code": "1', whole='{"code": "2"}') == ("2", {})
    assert call_in_browser('{"path": "a.py"', ', "command": "create"', ', "file_text": "x"}')[
        0
    ] == ("# create a.py\nx")


def test_a_long_program_is_shortened() -> None:
    code = "x" * 100_000
    text, _ = call_in_browser(
        *[json.dumps({"code": code})[at : at + 5_000] for at in range(0, 100_010, 5_000)]
    )
    assert len(text) == wire_parts.MAX_CODE + 1
    assert text.endswith("…")


def test_a_result_is_shortened_to_what_is_shown() -> None:
    result = BuiltinToolResultPart("c", "web_search", [*PAGES, {"stdout": "o" * 99_999}])
    (_, row) = ops_of(ev.BuiltinToolStart(0, "c", "t"), ev.BuiltinToolResult(1, result))
    assert row == {"kind": "builtin_tool_result", "index": 1} | wire_parts.builtin_result(result)
    assert [source["url"] for source in row["sources"]] == [page["url"] for page in PAGES[:20]]
    assert row["source_count"] == len(PAGES)
    assert len(row["output"]) == wire_parts.MAX_OUTPUT + 1
    assert len(json.dumps(row)) < 20_000
    assert "EEE" not in json.dumps(row)


def test_fields_that_only_the_provider_can_read_are_not_sent() -> None:
    rows = ops_of(
        ev.ThinkingStart(0),
        ev.ThinkingEnd(0, "signed", "hidden", {"anthropic": {"secret": 1}}),
        ev.TextStart(1),
        ev.TextEnd(1, {"openai": {"secret": 1}}),
    )
    assert rows[1] == {"kind": "thinking_end", "index": 0}
    assert rows[3] == {"kind": "text_end", "index": 1}
    assert wire_parts.part(ThinkingPart("hm", "signed", "hidden")) == {
        "kind": "thinking",
        "text": "hm",
    }


def test_citations() -> None:
    cited = Citation("https://a.org", "A\n title", "q" * 999, 3, 9, {"anthropic": {"secret": 1}})
    row = {"url": "https://a.org", "title": "A title", "start": 3, "end": 9}
    quoted = {**row, "cited_text": "q" * wire_parts.MAX_QUOTE + "…"}
    (_, op) = ops_of(ev.TextStart(0), ev.CitationEvent(0, cited))
    assert op == {"kind": "citation", "index": 0, "citation": quoted}
    part = wire_parts.part(TextPart("x", (cited,)))
    assert part == {"kind": "text", "text": "x", "citations": [quoted]}
    assert wire_parts.source(Citation("https://a.org/" + "x" * 9_999, "A")) == {"title": "A"}


def test_bytes_become_buffers_of_the_message() -> None:
    rows = ops_of(
        ev.FileEvent(0, "image/png", b"worse", partial=True),
        ev.FileEvent(0, "image/png", samples.PNG, partial=True),
        ev.FileEvent(1, "text/csv", b"a,b", filename="t.csv"),
        ev.FileEvent(2, "image/png", url="https://a.org/x.png"),
    )
    content, buffers = wire.split_buffers({"t": "d", "seq": 1, "ops": rows})
    assert buffers == [samples.PNG, b"a,b"], "only the last of two versions"
    png: dict[str, Any] = {
        "media_type": "image/png",
        "size": len(samples.PNG),
        "data": 0,
        "partial": True,
    }
    csv: dict[str, Any] = {"media_type": "text/csv", "size": 3, "data": 1, "filename": "t.csv"}
    url: dict[str, Any] = {"media_type": "image/png", "url": "https://a.org/x.png"}
    assert content["ops"] == [
        {"kind": "file", "index": index, **row} for index, row in enumerate([png, csv, url])
    ]
    json.dumps(content)


def test_a_data_url_is_sent_as_bytes_and_a_large_file_only_as_its_size() -> None:
    data = FilePart("image/png", url="data:image/gif;base64,R0lG")
    assert wire_parts.file(data) == {"media_type": "image/gif", "size": 3, "data": b"GIF"}
    large = FilePart("video/mp4", bytes(wire_parts.MAX_FILE + 1))
    assert wire_parts.file(large) == {"media_type": "video/mp4", "size": wire_parts.MAX_FILE + 1}
    broken = FilePart("image/png", url="data:image/png;base64,?")
    assert "url" not in wire_parts.file(broken)


def test_usage_known_at_the_start() -> None:
    (row,) = ops_of(ev.StreamStart("id", "m", usage=Usage(12, 1)))
    assert row["usage"]["input_tokens"] == 12


@pytest.mark.parametrize("result", ["text", {"a": [1]}, None])
def test_a_tools_result(result: Any) -> None:
    row = wire_parts.part(ToolResultPart("c", result, "t"))
    assert row["output"] == (result if isinstance(result, str) else json.dumps(result))
    assert row.get("is_json", False) is not isinstance(result, str)


def test_a_bridge_sends_buffers_with_deltas_and_with_snapshots() -> None:
    png = samples.PNG
    stream = stream_from_events([ev.FileEvent(0, "image/png", png), ev.StreamEnd("stop")])
    sent: list[tuple[dict[str, Any], list[bytes]]] = []
    bridge = Bridge(stream, lambda message, buffers: sent.append((message, buffers)))
    submit(bridge.send_stream()).result()
    bridge.sync()
    assert [(message["t"], buffers) for message, buffers in sent] == [
        ("d", [png]),
        ("d", []),  # the status
        ("snap", [png]),
    ]
    assert bridge.snapshot()["state"]["messages"][0]["parts"][0]["data"] == png


PROTOCOLS = ("anthropic", "openai-responses", "openai-chat", "gemini")


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_every_part_of_a_recording_is_sent_shortened(protocol: str) -> None:
    for one in recordings(protocol):
        stream = nbstream.replay(one.body, protocol)
        reader = stream.reader()
        stream.wait()
        rows, _ = wire.split_buffers({"ops": wire.ops(reader.take())})
        state, _ = wire.split_buffers(wire.state(stream, stream.messages))
        if not stream.messages:
            continue  # the one body that is no answer
        assert "provider_metadata" not in json.dumps([rows, state]), one.name
        shown: list[Part] = [*stream.message.parts]
        begun = {row["index"] for row in rows["ops"] if "index" in row}
        assert begun == set(range(len(shown))), one.name
        for row, part in zip(state["messages"][0]["parts"], shown, strict=True):
            assert row["kind"] == part.kind
            if isinstance(part, BuiltinToolResultPart):
                assert len(json.dumps(row)) < 60_000, one.name
