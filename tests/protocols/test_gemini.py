"""Gemini: streams that no recording covers."""

import json
from typing import Any

import pytest

from nbstream.core.events import (
    BuiltinToolResult,
    CitationEvent,
    Event,
    FileEvent,
    StreamEnd,
    StreamStart,
    TextDelta,
    TextEnd,
    ThinkingDelta,
    ThinkingEnd,
    ToolDelta,
    ToolEnd,
)
from nbstream.core.log import Log
from nbstream.core.message import (
    BuiltinToolCallPart,
    BuiltinToolResultPart,
    Message,
    TextPart,
    Usage,
    user_message,
)
from nbstream.errors import IncompleteResponseError, ProtocolError, ProviderError, StreamError
from nbstream.protocols.gemini import Gemini
from tests.protocols.any_decoder import decode, same_however_cut

make = Gemini().decoder


SIGNED = {"thoughtSignature": "s"}


def body(*rows: Any) -> bytes:
    """Rows as a response body; strings are added unchanged."""
    return b"".join(
        b"data: " + (row if isinstance(row, str) else json.dumps(row)).encode() + b"\r\n\r\n"
        for row in rows
    )


def chunk(*parts: Any, finish: str | None = None, **more: Any) -> Any:
    """One chunk; fields of the candidate by their wire names."""
    candidate: dict[str, Any] = {"content": {"role": "model", "parts": list(parts)}, **more}
    if finish:
        candidate["finishReason"] = finish
    return {"candidates": [candidate], "responseId": "r1", "modelVersion": "gemini-3"}


def whole(data: bytes) -> list[Event]:
    decoder = make()
    return [*decoder.feed(data), *decoder.close()]


def run(*rows: Any) -> tuple[list[Event], Message]:
    events, message, failure = decode(make, [body(*rows)])
    assert not failure
    return events, message


def test_text_streams() -> None:
    events, message = run(chunk({"text": "Grüße "}), chunk({"text": "😀"}), chunk(finish="STOP"))
    assert events[0] == StreamStart("r1", "gemini-3")
    assert [e.chunk for e in events if isinstance(e, TextDelta)] == ["Grüße ", "😀"]
    assert events[-1] == StreamEnd("stop", None, {"finish_reason": "STOP"})
    assert message.text == "Grüße 😀"


def test_thinking_ends_before_the_text_begins() -> None:
    thought = {"text": "hm", "thought": True}
    events, message = run(chunk(thought), chunk({"text": "a"}), chunk(finish="STOP"))
    kinds = [type(e) for e in events]
    assert kinds.index(ThinkingDelta) < kinds.index(ThinkingEnd) < kinds.index(TextDelta)
    assert (message.thinking, message.text) == ("hm", "a")


def test_text_ends_before_the_next_part_begins() -> None:
    events, message = run(
        chunk({"text": "warm"}),
        chunk({"functionCall": {"name": "f"}}, finish="STOP", groundingMetadata=GROUNDING),
    )
    kinds = [type(e) for e in events]
    assert kinds.index(TextEnd) < kinds.index(ToolEnd)
    assert [c.start for c in message.citations] == [None, None, 0]


def test_usage_counts_thoughts_and_the_tools_own_tokens() -> None:
    counts = {
        "promptTokenCount": 10,
        "cachedContentTokenCount": 4,
        "toolUsePromptTokenCount": 5,
        "candidatesTokenCount": 7,
        "thoughtsTokenCount": 3,
        "totalTokenCount": 25,
    }
    first = {**chunk({"text": "a"}), "usageMetadata": {"promptTokenCount": 10}}
    last = {**chunk(finish="STOP"), "usageMetadata": counts}
    events, message = run(first, last)
    assert events[0] == StreamStart("r1", "gemini-3", usage=Usage(10))
    assert message.usage == Usage(15, 10, 4, 0, 3)
    assert message.usage.total_tokens == 25
    assert message.provider_metadata["usage"] == counts


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("STOP", "stop"),
        ("MAX_TOKENS", "length"),
        ("SAFETY", "content_filter"),
        ("IMAGE_SAFETY", "content_filter"),
        ("MALFORMED_FUNCTION_CALL", "error"),
        ("A_NEW_ONE", "other"),
    ],
)
def test_finish_reasons(word: str, reason: str) -> None:
    _, message = run(chunk({"text": "a"}, finish=word))
    assert message.finish_reason == reason
    assert message.provider_metadata["finish_reason"] == word


def test_a_blocked_prompt_is_an_empty_message() -> None:
    feedback = {"blockReason": "SAFETY", "safetyRatings": []}
    _, message = run({"promptFeedback": feedback})
    assert (message.finish_reason, message.parts) == ("content_filter", ())
    assert message.provider_metadata["gemini"]["promptFeedback"] == feedback


def test_parallel_calls_get_stable_ids() -> None:
    calls = [{"functionCall": {"name": "f", "args": {"x": n}}} for n in (1, 2)]
    given = {"functionCall": {"name": "g", "id": "own"}}
    _, message = run(chunk(*calls, given, finish="STOP"))
    assert [(c.tool_name, c.args) for c in message.tool_calls] == [
        ("f", {"x": 1}),
        ("f", {"x": 2}),
        ("g", {}),
    ]
    ids = [call.tool_call_id for call in message.tool_calls]
    assert ids[2] == "own"
    assert len(set(ids)) == 3
    assert message == run(chunk(*calls, given, finish="STOP"))[1]
    assert message.finish_reason == "tool_call"


def streamed(*entries: Any, **more: Any) -> Any:
    return chunk({"functionCall": {"partialArgs": list(entries), "willContinue": True, **more}})


def test_streamed_arguments_grow_as_json_text() -> None:
    events, message = run(
        chunk({"functionCall": {"name": "f", "willContinue": True}, **SIGNED}),
        streamed({"jsonPath": "$.a.b[0].c", "stringValue": 'x"', "willContinue": True}),
        streamed({"jsonPath": "$.a.b[0].c", "stringValue": "y"}),
        streamed({"jsonPath": "$.a.b[1]['d e']", "numberValue": 2.5}),
        streamed({"jsonPath": "$.f", "boolValue": True}, {"jsonPath": "$.g", "nullValue": 0}),
        chunk({"functionCall": {}}),
        chunk({"functionCall": {"name": "h"}}, finish="STOP"),
    )
    first, second = message.tool_calls
    assert first.args == {"a": {"b": [{"c": 'x"y'}, {"d e": 2.5}]}, "f": True, "g": None}
    pieces = [e.chunk for e in events if isinstance(e, ToolDelta)]
    assert pieces[0] == '{"a":{"b":[{"c":"x\\"'
    assert "".join(pieces) == first.args_json
    assert second.args == {}
    assert [e.index for e in events if isinstance(e, ToolEnd)] == [0, 1]


def test_streamed_arguments_out_of_order_are_complete_at_the_end() -> None:
    _, message = run(
        chunk({"functionCall": {"name": "f", "willContinue": True}}),
        streamed({"jsonPath": "$.a.x", "numberValue": 1}, {"jsonPath": "$.b", "numberValue": 2}),
        streamed({"jsonPath": "$.a.y", "stringValue": "3", "willContinue": True}),
        streamed({"jsonPath": "$.a.y", "stringValue": "4"}),
        chunk({"functionCall": {}}, finish="STOP"),
    )
    assert message.tool_calls[0].args == {"a": {"x": 1, "y": "34"}, "b": 2}


def test_code_execution_is_a_builtin_tool() -> None:
    code = {"executableCode": {"language": "PYTHON", "code": "1/0"}}
    failed = {"codeExecutionResult": {"outcome": "OUTCOME_FAILED", "output": "oh"}}
    events, message = run(chunk(code), chunk(failed), chunk({"text": "a"}, finish="STOP"))
    (result,) = (e.result for e in events if isinstance(e, BuiltinToolResult))
    call = message.parts[0]
    assert isinstance(call, BuiltinToolCallPart)
    assert call.tool_name == result.tool_name == "code_execution"
    assert call.args == {"language": "PYTHON", "code": "1/0"}
    assert result.tool_call_id == call.tool_call_id
    assert result.result == {"outcome": "OUTCOME_FAILED", "output": "oh"}
    assert result.is_error
    assert message.finish_reason == "stop"


def test_files_come_as_bytes_or_as_an_address() -> None:
    picture = {"inlineData": {"mimeType": "image/png", "data": "_-8="}, **SIGNED}
    address = {"fileData": {"mimeType": "video/mp4", "fileUri": "https://example.com/v"}}
    events, _ = run(chunk({"text": "a"}, picture, address, finish="STOP"))
    assert [e for e in events if isinstance(e, FileEvent)] == [
        FileEvent(
            1, "image/png", b"\xff\xef", provider_metadata={"gemini": {"thoughtSignature": "s"}}
        ),
        FileEvent(2, "video/mp4", url="https://example.com/v"),
    ]


GROUNDING = {
    "groundingChunks": [
        {"web": {"uri": "https://a.example", "title": "A"}},
        {"retrievedContext": {"uri": "gs://b", "title": "B", "text": "its words"}},
    ],
    "groundingSupports": [
        {
            "segment": {"startIndex": 9, "endIndex": 16, "text": "es ist "},
            "groundingChunkIndices": [0, 1, 7],
            "confidenceScores": [0.5],
        },
        {
            "segment": {"startIndex": 90, "endIndex": 99, "text": "warm"},
            "groundingChunkIndices": [0],
        },
    ],
}


def test_grounding_is_citations_in_characters_not_bytes() -> None:
    events, message = run(
        chunk({"text": "Grüße, "}),
        chunk({"text": "es ist warm"}, finish="STOP", groundingMetadata=GROUNDING),
    )
    text = message.text
    first, second, third = message.citations
    assert [text[c.start : c.end] for c in message.citations] == ["es ist ", "es ist ", "warm"]
    assert (first.url, first.title, first.cited_text) == ("https://a.example", "A", None)
    assert (second.url, second.cited_text) == ("gs://b", "its words")
    assert third.url == first.url
    assert first.provider_metadata["gemini"]["confidenceScore"] == 0.5
    assert message.provider_metadata["gemini"]["groundingMetadata"] == GROUNDING
    kinds = [type(e) for e in events]
    assert kinds.index(CitationEvent) < kinds.index(TextEnd)


def test_sources_without_a_passage_are_citations_too() -> None:
    found = {"groundingChunks": [{"web": {"uri": "https://a.example"}}], "webSearchQueries": ["q"]}
    _, message = run(chunk({"text": "a"}, finish="STOP", groundingMetadata=found))
    assert [(c.url, c.start) for c in message.citations] == [("https://a.example", None)]


def test_an_image_search_cites_the_images_pages() -> None:
    image = {"sourceUri": "https://a.example", "imageUri": "https://a.example/i.png", "title": "A"}
    support = {"segment": {"endIndex": 3, "text": "cat"}, "groundingChunkIndices": [0]}
    found = {
        "groundingChunks": [{"image": image}],
        "groundingSupports": [support],
        "imageSearchQueries": ["cats"],
    }
    _, message = run(chunk({"text": "cat"}, finish="STOP", groundingMetadata=found))
    assert [(c.url, c.title) for c in message.citations] == [("https://a.example", "A")]
    _, search, results = message.parts
    assert isinstance(search, BuiltinToolCallPart)
    assert isinstance(results, BuiltinToolResultPart)
    assert search.queries == ["cats"]
    assert [one.url for one in results.sources] == ["https://a.example"]


def test_tools_that_only_the_metadata_reports_are_parts() -> None:
    chunks = [{"web": {"uri": "https://a.example", "title": "A"}}]
    found = {"groundingChunks": chunks, "webSearchQueries": ["q", "r"]}
    pages = {"urlMetadata": [{"retrievedUrl": "https://d.example"}]}
    last = chunk({"text": "a"}, finish="STOP", groundingMetadata=found, urlContextMetadata=pages)
    events, message = run(last)
    _, search, results, fetch, page = message.parts
    assert isinstance(search, BuiltinToolCallPart)
    assert isinstance(results, BuiltinToolResultPart)
    assert (search.tool_name, search.queries) == ("google_search", ["q", "r"])
    assert [(one.url, one.title) for one in results.sources] == [("https://a.example", "A")]
    assert isinstance(fetch, BuiltinToolCallPart)
    assert isinstance(page, BuiltinToolResultPart)
    assert (fetch.tool_name, fetch.urls) == ("url_context", ["https://d.example"])
    assert [one.url for one in page.sources] == ["https://d.example"]
    assert isinstance(events[-1], StreamEnd)
    sent = Gemini().request("gemini-2.5-flash", [user_message("q"), message], {}).body
    assert sent["contents"][1]["parts"] == [{"text": "a"}], "Google takes none of it back"


def test_a_tool_with_parts_is_not_reported_twice() -> None:
    own = {"toolCall": {"toolType": "GOOGLE_SEARCH_WEB", "args": {"queries": ["q"]}, "id": "1"}}
    found = {"webSearchQueries": ["q"]}
    _, message = run(chunk(own), chunk({"text": "a"}, finish="STOP", groundingMetadata=found))
    assert [part.kind for part in message.parts] == ["builtin_tool_call", "text"]


def test_recitations_and_read_pages_are_kept() -> None:
    recited = {"citations": [{"startIndex": 1, "endIndex": 3, "uri": "https://c.example"}]}
    pages = {"urlMetadata": [{"retrievedUrl": "https://d.example"}]}
    row = chunk({"text": "abc"}, finish="STOP", citationMetadata=recited, urlContextMetadata=pages)
    _, message = run(row)
    assert [(c.url, c.start, c.end) for c in message.citations] == [("https://c.example", 1, 3)]
    assert message.provider_metadata["gemini"]["urlContextMetadata"] == pages


def test_citations_and_logprobs_are_joined_across_chunks() -> None:
    # As Vertex AI does: the citations of one chunk are not repeated in the next.
    cited = [
        {"citations": [{"endIndex": 3, "uri": "https://a.example"}]},
        {"citations": [{"startIndex": 4, "endIndex": 7, "uri": "https://b.example"}]},
    ]
    weighed = [{"chosenCandidates": [{"token": token}]} for token in ("one ", "two")]
    _, message = run(
        chunk({"text": "one "}, citationMetadata=cited[0], logprobsResult=weighed[0]),
        chunk({"text": "two"}, citationMetadata=cited[1], logprobsResult=weighed[1]),
        chunk({"text": "."}, finish="STOP"),
    )
    spans = [message.text[c.start : c.end] for c in message.citations]
    assert [c.url for c in message.citations] == ["https://a.example", "https://b.example"]
    assert spans == ["one", "two"]
    chosen = message.provider_metadata["gemini"]["logprobsResult"]["chosenCandidates"]
    assert [row["token"] for row in chosen] == ["one ", "two"]


def test_repeated_citations_count_once() -> None:
    first, second = ({"startIndex": at, "endIndex": at + 1} for at in (0, 1))
    _, message = run(
        chunk({"text": "ab"}, citationMetadata={"citations": [first]}),
        chunk(finish="STOP", citationMetadata={"citations": [first, second]}),
    )
    assert [(c.start, c.end) for c in message.citations] == [(0, 1), (1, 2)]


def test_unknown_parts_and_fields_are_kept() -> None:
    strange = {"newThing": {"a": 1}}
    row = {**chunk({"text": "a", "new": 1}, strange, 7, newField=[1]), "newTop": {"b": 2}}
    _, message = run(row, chunk({"text": "b"}, finish="STOP"))
    assert message.text == "ab"
    assert message.provider_metadata["unknown"] == [strange, 7]
    assert message.provider_metadata["gemini"] == {"newField": [1], "newTop": {"b": 2}}


def test_other_candidates_are_kept_in_the_metadata() -> None:
    second = {"index": 1, "content": {"parts": [{"text": "no"}]}}
    _, message = run(chunk({"text": "a"}, finish="STOP"), {"candidates": [second]})
    assert message.text == "a"
    assert message.provider_metadata["unknown"] == [second]


ERROR = {"error": {"code": 503, "message": "The model is overloaded.", "status": "UNAVAILABLE"}}


@pytest.mark.parametrize(
    "fault", [body(ERROR), json.dumps(ERROR, indent=2).encode()], ids=["event", "bare object"]
)
def test_an_error_in_the_stream_keeps_the_message(fault: bytes) -> None:
    data = body(chunk({"text": "kept"}, finish="STOP")) + fault
    _, message, failure = decode(make, [data])
    assert (message.text, failure) == ("kept", "OverloadedError")
    with pytest.raises(ProviderError, match="The model is overloaded"):
        whole(data)


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ("{broken", ProtocolError),
        ("[1]", ProtocolError),
        (chunk({"inlineData": {"data": "abcde"}}), ProtocolError),
        (chunk({"text": "more"}), IncompleteResponseError),
        ({"candidates": [{"finishReason": 7.5, "content": "x"}, 3]}, IncompleteResponseError),
        ({"candidates": 1, "usageMetadata": [], "promptFeedback": "x"}, IncompleteResponseError),
    ],
)
def test_a_protocol_error_keeps_the_message(row: Any, error: type[StreamError]) -> None:
    data = body(chunk({"text": "kept"}), row)
    assert decode(make, [data])[1].text.startswith("kept")
    with pytest.raises(error):
        whole(data)


def test_a_part_before_an_error_in_the_same_chunk_is_kept() -> None:
    log = Log()
    with pytest.raises(ProtocolError):
        log.extend(make().feed(body(chunk({"text": "kept"}, {"inlineData": {"data": "abcde"}}))))
    assert log.message().text == "kept"


def test_separators_inside_a_string_and_a_bom_are_harmless() -> None:
    text = 'a\u2028b\u2029c\u0085d{["}'
    raw = json.dumps(chunk({"text": text}, finish="STOP"), ensure_ascii=False).encode()
    _, message, failure = decode(make, [b"\xef\xbb\xbf\n\ndata:" + raw])
    assert (message.text, failure) == (text, "")


def test_a_json_array_is_parsed_too() -> None:
    rows = [chunk({"text": 'a "{'}), chunk({"text": "}\\b"}, finish="STOP")]
    array = json.dumps(rows, indent=2).replace("},\n  {", "}\n,\r\n{").encode()
    same_however_cut(make, array)
    _, message, failure = decode(make, [array])
    assert (message.text, failure) == ('a "{}\\b', "")
    assert decode(make, [array[:-40]])[2] == "IncompleteResponseError"


def test_an_array_with_one_error_is_that_error() -> None:
    assert decode(make, [json.dumps([ERROR]).encode()])[2] == "OverloadedError"


def test_signed_stretches_are_remembered() -> None:
    _, message = run(
        chunk({"text": "a"}),
        chunk({"text": "b", "thoughtSignature": "s1"}),
        chunk({"text": "c"}),
        chunk({"text": "", "thoughtSignature": "s2"}, finish="STOP"),
    )
    signed = [[1, 2, {"thoughtSignature": "s1"}], [3, 3, {"thoughtSignature": "s2"}]]
    assert message.parts == (TextPart("abc", (), {"gemini": {"signed": signed}}),)


def test_a_tools_result_without_an_id_belongs_to_its_last_call() -> None:
    call = {"toolCall": {"toolType": "GOOGLE_MAPS", "args": {"q": "x"}}}
    result = {"toolResponse": {"toolType": "GOOGLE_MAPS", "response": {"places": []}}}
    code = {"executableCode": {"language": "PYTHON", "code": "1"}}
    _, message = run(chunk(call, code, result), chunk(finish="STOP"))
    first, _, last = message.parts
    assert isinstance(first, BuiltinToolCallPart)
    assert isinstance(last, BuiltinToolResultPart)
    assert first.tool_call_id == last.tool_call_id


def test_a_transcription_is_text_unless_it_comes_with_its_audio() -> None:
    heard = {"audioTranscription": {"text": "Hello."}}
    _, message = run(chunk(heard), chunk(finish="STOP"))
    assert message.text == "Hello."
    audio = {**heard, "inlineData": {"mimeType": "audio/wav", "data": "aGk="}}
    _, message = run(chunk(audio), chunk(finish="STOP"))
    (file,) = message.files
    assert (message.text, file.data) == ("", b"hi")
    assert file.provider_metadata["gemini"] == heard


def test_new_fields_of_a_part_stay_with_it() -> None:
    more = {"partMetadata": {"from": "a"}, "mediaResolution": {"level": "LOW"}}
    _, message = run(chunk({"text": "Hi.", **more}, {"news": {}}), chunk(finish="STOP"))
    sent = Gemini().request("m", [message], {}).body["contents"][-1]["parts"]
    assert sent == [{"text": "Hi.", **more}]
    assert message.provider_metadata["unknown"] == [{"news": {}}]
