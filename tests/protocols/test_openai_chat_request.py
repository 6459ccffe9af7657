"""Chat Completions: requests as documented; answers are sent back."""

from typing import Any

import pytest

from nbstream.core.codec import message_from_dict, message_to_dict
from nbstream.core.log import Log
from nbstream.core.message import (
    BuiltinToolCallPart,
    BuiltinToolResultPart,
    FilePart,
    Message,
    RefusalPart,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    ToolResultPart,
    assistant_message,
    system_message,
    tool_message,
    user_message,
)
from nbstream.errors import UsageError
from nbstream.protocols.openai_chat import OpenAIChat, Quirks
from nbstream.protocols.openai_chat.quirks import (
    DEEPSEEK,
    MISTRAL,
    OPENAI,
    OPENROUTER,
    PERPLEXITY,
)
from tests.protocols.openai_chat_wire import body, chunk


def sent(
    *messages: Message, quirks: Quirks | None = None, provider: str | None = None, **params: Any
) -> dict[str, Any]:
    return OpenAIChat(quirks or Quirks(), provider).request("m", messages, params).body


def rows(*messages: Message, quirks: Quirks | None = None, provider: str | None = None) -> Any:
    return sent(*messages, quirks=quirks, provider=provider)["messages"]


def answer(*chunks: Any, provider: str | None = None) -> Message:
    """The message decoded from chunks, after a JSON round trip."""
    log, decoder = Log(), OpenAIChat(provider=provider).decoder()
    log.extend(decoder.feed(body(*chunks, "[DONE]")))
    return message_from_dict(message_to_dict(log.message()))


CALL = ToolCallPart("i", "f", '{"x": 1}')
CALL_ROW = {"id": "i", "type": "function", "function": {"name": "f", "arguments": '{"x": 1}'}}


def test_a_request_is_as_documented() -> None:
    messages = [
        system_message("s"),
        user_message("u"),
        Message("assistant", (CALL,)),
        tool_message(CALL, {"y": 2}),
        assistant_message("a"),
    ]
    request = OpenAIChat().request("m", messages, {"temperature": 0})
    assert request.path == "/chat/completions"
    assert request.body == {
        "model": "m",
        "messages": [
            {"role": "system", "content": "s"},
            {"role": "user", "content": "u"},
            {"role": "assistant", "content": None, "tool_calls": [CALL_ROW]},
            {"role": "tool", "tool_call_id": "i", "content": '{"y": 2}'},
            {"role": "assistant", "content": "a"},
        ],
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0,
    }


def test_servers_differ_in_the_names_of_options() -> None:
    assert "stream_options" not in sent(user_message("u"), quirks=PERPLEXITY)
    assert sent(user_message("u"), stream_options=None)["stream_options"] is None


@pytest.mark.parametrize(
    ("part", "row"),
    [
        (
            FilePart("image/png", b"ABC"),
            {"type": "image_url", "image_url": {"url": "data:image/png;base64,QUJD"}},
        ),
        (
            FilePart(
                "image/png", url="https://a.b", provider_metadata={"openai_chat": {"detail": "low"}}
            ),
            {"type": "image_url", "image_url": {"url": "https://a.b", "detail": "low"}},
        ),
        (
            FilePart("audio/mpeg", b"ABC"),
            {"type": "input_audio", "input_audio": {"data": "QUJD", "format": "mp3"}},
        ),
        (
            FilePart("application/pdf", b"ABC", filename="a.pdf"),
            {
                "type": "file",
                "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,QUJD"},
            },
        ),
        (
            FilePart("application/pdf", provider_metadata={"openai_chat": {"file_id": "file-1"}}),
            {"type": "file", "file": {"file_id": "file-1"}},
        ),
        (FilePart("text/csv", b"a,b"), {"type": "text", "text": "a,b"}),
        (
            FilePart("video/mp4", url="https://a.b"),
            {"type": "video_url", "video_url": {"url": "https://a.b"}},
        ),
        (
            TextPart("t", provider_metadata={"openai_chat": {"cache_control": {"type": "x"}}}),
            {"type": "text", "text": "t", "cache_control": {"type": "x"}},
        ),
    ],
)
def test_every_part_of_a_prompt_becomes_a_chunk(part: Any, row: dict[str, Any]) -> None:
    expected = [{"type": "text", "text": "see"}, row]
    assert rows(user_message("see", part)) == [{"role": "user", "content": expected}]


def test_mistral_has_chunks_of_its_own() -> None:
    sound, paper = FilePart("audio/wav", b"ABC"), FilePart("application/pdf", url="https://a.b")
    assert rows(user_message(sound, paper), quirks=MISTRAL)[0]["content"] == [
        {"type": "input_audio", "input_audio": "QUJD"},
        {"type": "document_url", "document_url": "https://a.b"},
    ]


@pytest.mark.parametrize("part", [FilePart("audio/wav", url="https://a.b"), FilePart("image/png")])
def test_a_file_that_cannot_be_sent_is_refused_before_sending(part: FilePart) -> None:
    with pytest.raises(UsageError):
        rows(user_message(part))


def test_each_result_is_a_message_and_files_follow() -> None:
    parts = (
        ToolResultPart("i", "one"),
        ToolResultPart("j", None),
        FilePart("image/png", url="https://a.b"),
    )
    calls = assistant_message(ToolCallPart("i", "f"), ToolCallPart("j", "f"))
    _, first, second, shown = rows(calls, Message("tool", parts))
    assert first == {"role": "tool", "tool_call_id": "i", "content": "one"}
    assert second["content"] == "null"
    assert shown["role"] == "user"


def test_results_in_a_user_message_come_first() -> None:
    result = Message("user", (TextPart("u"), ToolResultPart("i", "one")))
    _, first, second = rows(assistant_message(ToolCallPart("i", "f")), result)
    assert (first["role"], second) == ("tool", {"role": "user", "content": "u"})


def test_empty_arguments_are_an_empty_object_and_refusals_are_sent_back() -> None:
    row, _ = rows(Message("assistant", (RefusalPart("no"), ToolCallPart("i", "f"))))
    assert row["refusal"] == "no"
    assert row["tool_calls"][0]["function"]["arguments"] == "{}"


def test_empty_messages_are_left_out() -> None:
    assert rows(user_message("u"), Message("assistant")) == [{"role": "user", "content": "u"}]


# Answers on their way back.

TOOL = chunk({"tool_calls": [{"index": 0, "id": "i", "function": CALL_ROW["function"]}]})


def test_deepseek_gets_its_thinking_within_a_tool_loop_only() -> None:
    said = answer(chunk({"reasoning_content": "hm"}), TOOL, provider="deepseek")
    loop = [user_message("u"), said, tool_message(said.tool_calls[0], "r")]
    inside = rows(*loop, quirks=DEEPSEEK, provider="deepseek")
    assert inside[1] == {
        "role": "assistant",
        "content": None,
        "tool_calls": [CALL_ROW],
        "reasoning_content": "hm",
    }
    after = rows(*loop, user_message("next"), quirks=DEEPSEEK, provider="deepseek")
    assert "reasoning_content" not in after[1]


DETAILS = [
    {"type": "reasoning.text", "text": "hm", "signature": "sig", "index": 0, "format": "x"},
    {"type": "reasoning.encrypted", "data": "xyz", "id": "rs_1", "index": 1, "format": "x"},
]


def test_openrouters_details_are_always_sent_back() -> None:
    said = answer(
        chunk({"reasoning": "hm", "reasoning_details": DETAILS[:1]}),
        chunk({"content": "a", "reasoning_details": DETAILS[1:]}),
        provider="openrouter",
    )
    history = [user_message("u"), said, user_message("next")]
    row = rows(*history, quirks=OPENROUTER, provider="openrouter")[1]
    assert row == {"role": "assistant", "content": "a", "reasoning_details": DETAILS}


def test_mistrals_thinking_is_sent_back_as_pieces() -> None:
    piece = {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}
    said = answer(chunk({"content": [piece]}), chunk({"content": "a"}))
    row = rows(user_message("u"), said, user_message("next"), quirks=MISTRAL)[1]
    assert row["content"] == [piece, {"type": "text", "text": "a"}]


def test_an_unknown_server_gets_back_what_it_sent() -> None:
    said = answer(chunk({"reasoning": "hm"}), TOOL)
    assert rows(user_message("u"), said)[1]["reasoning"] == "hm"
    assert "reasoning" not in rows(user_message("u"), said, quirks=OPENAI)[1]


def test_gemini_gets_its_signature_back_with_the_call() -> None:
    extra = {"google": {"thought_signature": "sig"}}
    row = {"id": "", "function": CALL_ROW["function"], "extra_content": extra}
    said = answer(chunk({"tool_calls": [row]}), provider="google-chat")
    (call,) = rows(said, provider="google-chat")[0]["tool_calls"]
    assert call["extra_content"] == extra
    assert call["id"] == said.tool_calls[0].tool_call_id
    assert "extra_content" not in rows(said, provider="openai-chat")[0]["tool_calls"][0]


def test_a_custom_tool_call_is_sent_back_as_one() -> None:
    row = {"id": "i", "index": 0, "type": "custom", "custom": {"name": "f", "input": "free text"}}
    said = answer(chunk({"tool_calls": [row]}))
    expected = {"id": "i", "type": "custom", "custom": {"name": "f", "input": "free text"}}
    assert rows(said)[0]["tool_calls"] == [expected]


def test_audio_is_sent_back_by_its_id_without_its_transcript() -> None:
    said = answer(chunk({"audio": {"id": "au", "transcript": "hey", "data": "QUJD"}}))
    assert rows(said) == [{"role": "assistant", "content": None, "audio": {"id": "au"}}]


def test_images_are_sent_back_to_servers_that_accept_them() -> None:
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,QUJD"}}
    said = answer(chunk({"content": "see", "images": [image]}))
    assert rows(said, quirks=OPENROUTER)[0]["images"] == [image]
    assert rows(said) == [{"role": "assistant", "content": "see\n[image/png]"}]


def test_of_another_providers_answer_only_portable_parts_are_sent() -> None:
    foreign = Message(
        "assistant",
        (
            ThinkingPart("hm", "sig", provider_metadata={"anthropic": {}}),
            BuiltinToolCallPart("b", "web_search", "{}"),
            BuiltinToolResultPart("b", "web_search", []),
            TextPart("a"),
            CALL,
        ),
        provider="anthropic",
    )
    expected = {"role": "assistant", "content": "a", "tool_calls": [CALL_ROW]}
    assert rows(foreign, provider="groq")[0] == expected
    assert rows(foreign)[0] == expected
    thought = answer(chunk({"reasoning": "hm"}), TOOL, provider="groq")
    assert "reasoning" not in rows(thought, provider="xai")[0]
