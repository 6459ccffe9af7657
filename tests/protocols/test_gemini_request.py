"""Gemini: requests as documented; its own messages are sent back unchanged."""

import base64
import json
from collections.abc import Sequence
from typing import Any

import pytest

from nbstream.core.codec import message_from_dict, message_to_dict
from nbstream.core.message import (
    BuiltinToolCallPart,
    BuiltinToolResultPart,
    FilePart,
    Message,
    RefusalPart,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    assistant_message,
    system_message,
    tool_message,
    user_message,
)
from nbstream.protocols.gemini import Gemini
from tests.protocols.any_decoder import decode
from tests.recordings import Recording, parametrize


def request(*messages: Message, model: str = "gemini-2.5-flash", **params: Any) -> Any:
    return Gemini().request(model, messages, params).body


def answer(*parts: Any) -> Message:
    """The message decoded from parts, one chunk each, after a JSON round trip."""
    rows: list[Any] = [{"candidates": [{"content": {"parts": [part]}}]} for part in parts]
    rows.append({"candidates": [{"finishReason": "STOP"}]})
    data = b"".join(b"data: " + json.dumps(row).encode() + b"\r\n\r\n" for row in rows)
    message = decode(Gemini().decoder, [data])[1]
    return message_from_dict(json.loads(json.dumps(message_to_dict(message))))


def test_the_address_and_the_key() -> None:
    sent = Gemini().request("gemini-2.5-flash", [user_message("hi")], {})
    assert sent.path == "/models/gemini-2.5-flash:streamGenerateContent?alt=sse"
    assert Gemini().auth("k") == {"x-goog-api-key": "k"}
    tuned = Gemini().request("tunedModels/my-1", [user_message("hi")], {})
    assert tuned.path == "/tunedModels/my-1:streamGenerateContent?alt=sse"


def test_system_messages_are_separate_and_roles_alternate() -> None:
    body = request(
        system_message("be brief"),
        user_message("a"),
        user_message("b", FilePart("image/png", b"\x01")),
        assistant_message("c"),
        user_message(FilePart("video/mp4", url="https://example.com/v")),
        user_message(FilePart("text/plain", url="data:text/plain;base64,eA==")),
    )
    assert body == {
        "systemInstruction": {"parts": [{"text": "be brief"}]},
        "contents": [
            {
                "role": "user",
                "parts": [
                    {"text": "a"},
                    {"text": "b"},
                    {"inlineData": {"mimeType": "image/png", "data": "AQ=="}},
                ],
            },
            {"role": "model", "parts": [{"text": "c"}]},
            {
                "role": "user",
                "parts": [
                    {"fileData": {"mimeType": "video/mp4", "fileUri": "https://example.com/v"}},
                    {"inlineData": {"mimeType": "text/plain", "data": "eA=="}},
                ],
            },
        ],
    }


def test_params_go_into_the_right_object() -> None:
    tools: list[Any] = [{"googleSearch": {}}]
    body = request(
        user_message("a"),
        temperature=0,
        maxOutputTokens=5,
        generationConfig={"temperature": 1, "topK": 2},
        tools=tools,
        somethingNew=3,
    )
    assert body["generationConfig"] == {"temperature": 1, "topK": 2, "maxOutputTokens": 5}
    assert (body["tools"], body["somethingNew"]) == (tools, 3)


@pytest.mark.parametrize(
    ("result", "is_error", "response"),
    [
        ("warm", False, {"output": "warm"}),
        ([1, 2], False, {"output": [1, 2]}),
        ({"t": 20}, False, {"t": 20}),
        ("no network", True, {"error": "no network"}),
    ],
)
def test_a_tools_result_names_its_function(
    result: Any, is_error: bool, response: dict[str, Any]
) -> None:
    call = ToolCallPart("i1", "weather", '{"city": "Bonn"}')
    body = request(
        user_message("a"), assistant_message(call), tool_message("i1", result, is_error=is_error)
    )
    assert body["contents"][1:] == [
        {
            "role": "model",
            "parts": [{"functionCall": {"name": "weather", "args": {"city": "Bonn"}, "id": "i1"}}],
        },
        {
            "role": "user",
            "parts": [{"functionResponse": {"name": "weather", "response": response, "id": "i1"}}],
        },
    ]


SIGNED = {"thoughtSignature": "c2ln+/=="}
OWN_PARTS: list[Sequence[Any]] = [
    [{"text": "a"}, {"text": "b", **SIGNED}, {"text": "c"}],
    [{"text": "abc"}, {"text": "", **SIGNED}],
    [{"text": "hm", "thought": True}, {"text": "a"}],
    [{"text": "hm", "thought": True, **SIGNED}, {"text": "a"}],
    [{"functionCall": {"name": "f", "args": {"x": 1.5}, "id": "i"}, **SIGNED}],
    [{"functionCall": {"name": "f", "args": {}, "id": "i"}, **SIGNED}, {"text": "", **SIGNED}],
    [
        {"executableCode": {"language": "PYTHON", "code": "1", "id": "c"}, **SIGNED},
        {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "1", "id": "c"}},
        {"text": "1"},
    ],
    [
        {"toolCall": {"toolType": "FILE_SEARCH", "id": "t", "args": {"q": 1}}, **SIGNED},
        {"toolResponse": {"toolType": "FILE_SEARCH", "id": "t"}, **SIGNED},
    ],
    [{"inlineData": {"mimeType": "image/png", "data": "AQ=="}, "thought": True, **SIGNED}],
]


@pytest.mark.parametrize("parts", OWN_PARTS, ids=lambda parts: "+".join(parts[0]))
def test_its_own_answer_is_sent_back_unchanged(parts: list[Any]) -> None:
    body = request(user_message("q"), answer(*parts), user_message("more"))
    assert body["contents"][1] == {"role": "model", "parts": parts}


@parametrize("gemini")
def test_every_recorded_signature_is_sent_back_with_its_part(recording: Recording) -> None:
    chunks = [json.loads(line[5:]) for line in recording.body.splitlines() if line[:5] == b"data:"]
    came = [
        part
        for chunk in chunks
        for candidate in chunk.get("candidates", [])
        for part in candidate.get("content", {}).get("parts", [])
        if "thoughtSignature" in part
    ]
    message = decode(Gemini().decoder, [recording.body])[1]
    contents = request(user_message("q"), message)["contents"]
    back = [part for content in contents for part in content["parts"] if len(part) > 1]
    back = [part for part in back if "thoughtSignature" in part]
    assert [_bare(part) for part in back] == [_bare(part) for part in came]


def _bare(part: dict[str, Any]) -> Any:
    """A part without the fields that only a streamed function call has."""
    call = part.get("functionCall")
    return {**part, "functionCall": call["name"]} if call else part


def test_of_other_providers_answers_only_portable_parts_are_sent() -> None:
    foreign = assistant_message(
        ThinkingPart("secret", signature="theirs"),
        BuiltinToolCallPart("s1", "web_search", "{}"),
        BuiltinToolResultPart("s1", "web_search", {"rows": []}),
        TextPart("a", provider_metadata={"openai_responses": {"id": "m"}}),
        RefusalPart("no"),
        ToolCallPart("toolu_1", "f", '{"broken'),
    )
    body = request(user_message("q"), foreign, tool_message("toolu_1", "r"))
    assert body["contents"][1]["parts"] == [
        {"text": "a"},
        {"text": "no"},
        {"functionCall": {"name": "f", "args": {"INVALID_JSON": '{"broken'}, "id": "toolu_1"}},
    ]


def test_gemini_3_gets_a_signature_for_calls_that_another_model_made() -> None:
    calls = assistant_message(ToolCallPart("a", "f"), ToolCallPart("b", "g"))
    first, second = request(user_message("q"), calls, model="gemini-3-pro")["contents"][1]["parts"]
    assert first["thoughtSignature"] == "skip_thought_signature_validator"
    assert "thoughtSignature" not in second
    older = request(user_message("q"), calls, model="gemini-2.5-pro")["contents"][1]["parts"]
    assert not any("thoughtSignature" in part for part in older)


def test_a_file_that_gemini_made_is_sent_back() -> None:
    data = bytes(range(256))
    part = {"inlineData": {"mimeType": "image/png", "data": base64.b64encode(data).decode()}}
    assert answer(part).files[0].data == data
    assert request(user_message("q"), answer(part))["contents"][1]["parts"] == [part]
