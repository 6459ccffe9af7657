"""Chat Completions: refusals, citations, files, server tools, usage."""

from typing import Any

import pytest

from nbstream.core.log import Log
from nbstream.core.message import (
    BuiltinToolCallPart,
    BuiltinToolResultPart,
    Citation,
    FilePart,
    RefusalPart,
    Usage,
    tool_message,
    user_message,
)
from nbstream.protocols.openai_chat import OpenAIChat
from nbstream.protocols.openai_chat.quirks import XAI
from tests.protocols.openai_chat_wire import body, chunk, fold


def test_a_refusal_is_a_part() -> None:
    message = fold(chunk({"refusal": "I "}), chunk({"refusal": "won't"}), chunk(finish="stop"))
    assert message.parts == (RefusalPart("I won't"),)


def test_annotations_cite_the_text() -> None:
    inner = {"url": "https://a.b", "title": "T", "content": "c", "start_index": 0, "end_index": 5}
    rows = [{"type": "url_citation", "url_citation": inner}, {"type": "file", "file": {}}]
    early = chunk({"content": "", "annotations": rows})
    message = fold(early, chunk({"content": "hello"}), chunk(finish="stop"))
    assert message.citations == [Citation("https://a.b", "T", "c", 0, 5)]
    assert message.provider_metadata["annotations"] == [{"type": "file", "file": {}}]


def test_search_results_become_citations_once() -> None:
    found = {"url": "https://a.b", "title": "T", "snippet": "s", "date": "2025-01-01"}
    beside: dict[str, Any] = {
        "citations": ["https://a.b", "https://c.d"],
        "search_results": [found],
    }
    message = fold(chunk({"content": "a"}, **beside), chunk({"content": "b"}, "stop", **beside))
    first, second = message.citations
    assert (first.url, first.title, first.cited_text) == ("https://a.b", "T", "s")
    assert second == Citation("https://c.d")


def test_a_complete_message_beside_each_delta_is_ignored() -> None:
    rows = [chunk({"content": "a"}), chunk({"content": "b"}), chunk({}, "stop")]
    for row, text in zip(rows, ("a", "ab", "ab"), strict=True):
        row["choices"][0]["message"] = {"role": "assistant", "content": text}
    assert fold(*rows).text == "ab"


def test_a_message_in_place_of_deltas_is_the_answer() -> None:
    call = {"id": "i", "function": {"name": "f", "arguments": "{}"}}
    said = {"role": "assistant", "content": "a", "tool_calls": [call]}
    message = fold({"id": "c", "choices": [{"index": 0, "message": said, "finish_reason": "stop"}]})
    assert (message.text, message.tool_calls[0].tool_call_id) == ("a", "i")


def test_images_are_files() -> None:
    urls = ["data:image/webp;base64,QUJD", "https://a.b/c.jpg?d", "data:image/png;base64,!"]
    rows = [{"type": "image_url", "image_url": {"url": url}} for url in urls]
    message = fold(chunk({"content": "see"}), chunk({"images": rows}), chunk(finish="stop"))
    assert message.files == [
        FilePart("image/webp", b"ABC"),
        FilePart("image/jpeg", url="https://a.b/c.jpg?d"),
        FilePart("image/png", b""),
    ]


def test_audio_is_a_transcript_and_a_file() -> None:
    message = fold(
        chunk({"audio": {"id": "au", "transcript": "he"}}),
        chunk({"audio": {"data": "QUI=", "transcript": "y"}}),
        chunk({"audio": {"data": "Qw==", "expires_at": 9}}, "stop"),
    )
    assert message.text == "hey"
    assert message.files[0].data == b"ABC"
    assert message.files[0].provider_metadata["openai_chat"]["audio"]["id"] == "au"


def test_groqs_server_tools() -> None:
    row = {"index": 0, "type": "search", "arguments": '{"query": "x"}'}
    message = fold(
        chunk({"executed_tools": [row]}),
        chunk({"executed_tools": [{**row, "output": "found"}]}),
        chunk({"content": "a"}, "stop", x_groq={"usage": {"prompt_tokens": 3}}),
    )
    start, result, _ = message.parts
    assert isinstance(start, BuiltinToolCallPart)
    assert (start.tool_name, start.args) == ("search", {"query": "x"})
    assert isinstance(result, BuiltinToolResultPart)
    assert result.result == {"output": "found"}
    assert message.usage == Usage(3)


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        ({"prompt_tokens": 9, "prompt_cache_hit_tokens": 4}, Usage(9, 0, 4)),
        ({"prompt_tokens": 9, "cached_tokens": 4}, Usage(9, 0, 4)),
        ({"prompt_tokens": 9, "cache_creation_input_tokens": 4}, Usage(9, 0, 0, 4)),
        ({"completion_tokens": 9, "reasoning_tokens": 4}, Usage(0, 9, 0, 0, 4)),
        ({"prompt_tokens": "9", "completion_tokens": -1, "new": None}, Usage()),
    ],
)
def test_counts_have_many_names(usage: dict[str, Any], expected: Usage) -> None:
    assert fold(chunk({"content": "a"}, "stop"), {"choices": [], "usage": usage}).usage == expected


def test_usage_within_a_choice_and_in_many_chunks() -> None:
    row = chunk({}, "stop")
    row["choices"][0]["usage"] = {"prompt_tokens": 2}
    first = chunk({"content": "a"}, usage={"prompt_tokens": 1})
    assert fold(first, row).usage == Usage(2)


def test_xai_counts_thinking_beside_the_answer() -> None:
    usage = {"completion_tokens": 2, "completion_tokens_details": {"reasoning_tokens": 40}}
    log, decoder = Log(), OpenAIChat(XAI, "xai").decoder()
    log.extend(decoder.feed(body(chunk({"content": "a"}, "stop", usage=usage), "[DONE]")))
    assert log.message().usage == Usage(0, 42, 0, 0, 40)
    assert log.message().provider == "xai"


def test_azures_first_chunk_has_no_id() -> None:
    first = {"id": "", "model": "", "choices": [], "prompt_filter_results": [{"prompt_index": 0}]}
    message = fold(first, chunk({"content": "a"}), chunk(finish="content_filter"))
    assert (message.id, message.model) == ("c1", "m")
    assert message.finish_reason == "content_filter"
    assert message.provider_metadata["prompt_filter_results"] == [{"prompt_index": 0}]


@pytest.mark.parametrize("name", ["reasoning_content", "reasoning", "reasoning_text", "thinking"])
def test_thinking_has_several_names_and_goes_back_under_its_own(name: str) -> None:
    call = {"id": "c", "function": {"name": "f", "arguments": "{}"}}
    rows = [chunk({name: "Hm"}), chunk({name: "m."}), chunk({"content": "Yes."})]
    message = fold(*rows, chunk({"tool_calls": [call]}), chunk(finish="tool_calls"))
    assert (message.thinking, message.text) == ("Hmm.", "Yes.")
    history = [user_message("hi"), message, tool_message("c", "done")]
    sent = OpenAIChat().request("m", history, {}).body["messages"][1]
    assert sent[name] == "Hmm."


def test_thinking_under_several_names_is_read_once() -> None:
    names = ("reasoning_content", "reasoning", "reasoning_text", "thinking")
    message = fold(chunk(dict.fromkeys(names, "Hm.")), chunk({"thinking": True}, "stop"))
    assert message.thinking == "Hm."
