"""Messages as dicts in Anthropic's and OpenAI's forms: how they are read, and errors."""

import base64
import json
from typing import Any

import pytest

import nbstream
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
)
from nbstream.errors import UsageError
from nbstream.providers import get_model
from nbstream.testing import ScriptedModel
from tests.files import samples

PNG = base64.b64encode(samples.PNG).decode()
PDF = base64.b64encode(b"%PDF-1.4 x").decode()
WAV = base64.b64encode(b"RIFF\x00\x00\x00\x00WAVEfmt ").decode()


def read(*messages: Any, **settings: Any) -> tuple[Message, ...]:
    """The messages that the model gets."""
    model = ScriptedModel("yes")
    nbstream.stream(model, list(messages), **settings).until_done()
    return model.requests[0].messages


def parts(block: Any, role: str = "user") -> Any:
    (message,) = read({"role": role, "content": [block]})
    (part,) = message.parts
    return part


FILES = [
    ({"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PNG}}),
    {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PNG}"}},
    {"type": "image_url", "image_url": f"data:image/png;base64,{PNG}"},
    {"type": "input_image", "image_url": f"data:image/png;base64,{PNG}"},
]


@pytest.mark.parametrize("block", FILES)
def test_an_image_in_each_format(block: dict[str, Any]) -> None:
    assert parts(block) == FilePart("image/png", samples.PNG)


@pytest.mark.parametrize(
    ("block", "media_type"),
    [
        (
            {"type": "image", "source": {"type": "url", "url": "https://x.example/a.png"}},
            "image/png",
        ),
        ({"type": "image", "source": {"type": "url", "url": "https://x.example/a"}}, "image/*"),
        ({"type": "image_url", "image_url": {"url": "https://x.example/a.jpg"}}, "image/jpeg"),
        ({"type": "input_image", "image_url": "https://x.example/a.jpg"}, "image/jpeg"),
        (
            {"type": "document", "source": {"type": "url", "url": "https://x.example/a"}},
            "application/pdf",
        ),
        ({"type": "input_file", "file_url": "https://x.example/a.pdf"}, "application/pdf"),
    ],
)
def test_an_address_in_each_format(block: dict[str, Any], media_type: str) -> None:
    part = parts(block)
    assert (part.media_type, part.data) == (media_type, None)
    assert part.url.startswith("https://x.example/a")


@pytest.mark.parametrize(
    "block",
    [
        {
            "type": "document",
            "title": "a.pdf",
            "source": {"type": "base64", "media_type": "application/pdf", "data": PDF},
        },
        {"type": "file", "file": {"filename": "a.pdf", "file_data": PDF}},
        {
            "type": "file",
            "file": {"filename": "a.pdf", "file_data": f"data:application/pdf;base64,{PDF}"},
        },
        {
            "type": "input_file",
            "filename": "a.pdf",
            "file_data": f"data:application/pdf;base64,{PDF}",
        },
    ],
)
def test_a_document_in_each_format(block: dict[str, Any]) -> None:
    assert parts(block) == FilePart("application/pdf", b"%PDF-1.4 x", filename="a.pdf")


def test_text_audio_and_files_by_id() -> None:
    for kind in ("text", "input_text", "output_text"):
        assert parts({"type": kind, "text": "hi"}) == TextPart("hi")
    sound = parts({"type": "input_audio", "input_audio": {"data": WAV, "format": "wav"}})
    assert sound.media_type == "audio/wav"
    plain = {"type": "text", "media_type": "text/plain", "data": "words"}
    assert parts({"type": "document", "source": plain}).data == b"words"
    by_id = parts({"type": "file", "file": {"file_id": "f1"}})
    assert by_id.provider_metadata["openai_chat"] == {"file_id": "f1"}


def test_fields_of_anthropic_are_sent_back_to_anthropic() -> None:
    cached = {"type": "ephemeral"}
    blocks = [
        {"type": "text", "text": "hi", "cache_control": cached},
        {"type": "image", "source": {"type": "file", "file_id": "f1"}},
    ]
    (message,) = read({"role": "user", "content": blocks})
    body = get_model("anthropic/m", api_key="k").protocol.request("m", [message], {}).body
    assert body["messages"][0]["content"] == blocks


def test_a_tool_loop_as_anthropic_writes_it() -> None:
    asked, called, result, said = read(
        {"role": "user", "content": "Weather?"},
        {
            "role": "assistant",
            "content": [
                {"type": "thinking", "thinking": "Hm.", "signature": "s"},
                {"type": "redacted_thinking", "data": "d"},
                {"type": "tool_use", "id": "t1", "name": "f", "input": {"city": "Oslo"}},
            ],
        },
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "And?"},
                {
                    "type": "tool_result",
                    "tool_use_id": "t1",
                    "content": [{"type": "text", "text": "Sun"}],
                    "is_error": True,
                },
            ],
        },
    )
    assert asked.text == "Weather?"
    assert called.parts == (
        ThinkingPart("Hm.", "s"),
        ThinkingPart("", None, "d"),
        ToolCallPart("t1", "f", '{"city": "Oslo"}'),
    )
    assert result == Message("tool", (ToolResultPart("t1", [TextPart("Sun")], is_error=True),))
    assert said == Message("user", (TextPart("And?"),))


def test_a_tool_loop_as_openai_writes_it() -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": '{"a": 1}'}}
    system, called, result = read(
        {"role": "developer", "content": [{"type": "text", "text": "Be brief."}]},
        {"role": "assistant", "content": None, "tool_calls": [call], "refusal": None},
        {"role": "tool", "tool_call_id": "c1", "content": "Sun"},
    )
    assert system == nbstream.system_message("Be brief.")
    assert called == Message("assistant", (ToolCallPart("c1", "f", '{"a": 1}'),))
    assert result == Message("tool", (ToolResultPart("c1", "Sun"),))
    (refused,) = read(
        {"role": "assistant", "content": "", "refusal": "No."},
    )
    assert refused.parts == (TextPart(""), RefusalPart("No."))
    items = read(
        "Go.",
        {"type": "function_call", "call_id": "c1", "name": "f", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "c1", "output": "Sun"},
    )
    assert [message.role for message in items] == ["user", "assistant", "tool"]


def test_the_content_of_an_answer_is_sent_back() -> None:
    """The tool loop of Anthropic's documentation: the answer's content, then the results."""
    call = ToolCallPart("t1", "f", '{"city": "Oslo"}')
    model = ScriptedModel(nbstream.core.message.Message("assistant", (call,)), "Sunny.")
    messages: list[Any] = [{"role": "user", "content": "Weather?"}]
    message = nbstream.stream(model, messages).get_final_message()
    messages.append({"role": "assistant", "content": message.content})
    results = [
        {"type": "tool_result", "tool_use_id": block.id, "content": "Sun"}
        for block in message.content
        if isinstance(block, ToolCallPart)
    ]
    messages.append({"role": "user", "content": results})
    assert nbstream.stream(model, messages).get_final_text() == "Sunny."
    assert model.requests[1].messages[1].parts == (call,)


def test_built_in_tools_of_anthropic() -> None:
    called = {"type": "server_tool_use", "id": "s1", "name": "web_search", "input": {"query": "x"}}
    found = {"type": "web_search_tool_result", "tool_use_id": "s1", "content": [{"url": "u"}]}
    (message,) = read({"role": "assistant", "content": [called, found]})
    call, result = message.parts
    assert isinstance(call, BuiltinToolCallPart)
    assert isinstance(result, BuiltinToolResultPart)
    assert (call.name, call.input, call.type) == ("web_search", {"query": "x"}, "server_tool_use")
    assert (result.tool_use_id, result.content) == ("s1", [{"url": "u"}])


def test_saved_messages_and_a_system_of_blocks() -> None:
    stream = nbstream.stream(ScriptedModel("Blue."), "Colour?", system="Brief.")
    stream.until_done()
    saved = json.loads(stream.all_messages_json())
    assert list(read(*saved)) == stream.all_messages()
    first, _ = read("hi", system=[{"type": "text", "text": "Brief.", "cache_control": {"a": 1}}])
    assert (first.role, first.text) == ("system", "Brief.")


WRONG: list[tuple[Any, str, str]] = [
    ({"role": "user", "content": [{"type": "txet", "text": "hi"}]}, "'txet'", "Known types: text"),
    ({"role": "user", "content": [{"text": "hi"}]}, "{'text': 'hi'}", "Known types"),
    ({"role": "user", "content": [{"type": "text"}]}, "{'type': 'text'}", 'Add "text"'),
    ({"role": "user", "content": [7]}, "messages[0]['content'][0] is 7", "file_part"),
    ({"role": "user", "content": {"type": "text", "text": "x"}}, "'text': 'x'", "list"),
    ({"role": "usr", "content": "x"}, "'usr'", "Known roles: system, user"),
    ({"role": "user"}, "{'role': 'user'}", '"content"'),
    ({"type": "text", "text": "hi"}, "without a role", "Wrap"),
    ({"role": "tool", "tool_call_id": 7, "content": "x"}, "without the id", "tool_call_id"),
    (
        {"role": "assistant", "content": None, "tool_calls": [{"name": "f"}]},
        "{'name': 'f'}",
        '"function"',
    ),
    (
        {"role": "user", "content": [{"type": "tool_result", "content": "x"}]},
        "without the id",
        "tool_use_id",
    ),
    (
        {"role": "user", "content": [{"type": "image", "source": {"type": "base64", "data": "%"}}]},
        "base64: {'type': 'image'",
        "b64encode",
    ),
    (
        {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "cat.png"}}]},
        "'cat.png'",
        "file_part",
    ),
    (
        {"role": "user", "content": [{"type": "image_url", "image_url": "file:///etc/passwd"}]},
        "not read",
        "file_part(path)",
    ),
    (
        {"role": "user", "content": [{"type": "input_file", "file_url": "FILE:/etc/passwd"}]},
        "not read",
        "file_part(path)",
    ),
    (
        {
            "role": "user",
            "content": [{"type": "image_url", "image_url": "data:image/png;base64,iVBOR%%%"}],
        },
        "characters that are not base64",
        "b64encode",
    ),
    (
        {
            "role": "user",
            "content": [
                {
                    "type": "image",
                    "source": {"type": "base64", "data": f"data:image/png;base64,{PNG}"},
                }
            ],
        },
        "base64:",
        "before the comma",
    ),
    (
        {
            "role": "user",
            "content": [
                {
                    "type": "document",
                    "source": {"type": "base64", "media_type": "text/plain", "data": "5A=="},
                }
            ],
        },
        "not UTF-8",
        "text.encode()",
    ),
    ({"role": "user", "content": [{"type": "input_file"}]}, "input_file", '"file_data"'),
    ({"role": "user", "parts": [{"kind": "?"}]}, "'?'", '"content"'),
]


@pytest.mark.parametrize(("message", "words", "remedy"), WRONG)
def test_an_invalid_message_is_shown_with_a_remedy(message: Any, words: str, remedy: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(message)
    assert words in caught.value.text
    assert remedy in (caught.value.remedy or "")


def test_base64_may_have_line_breaks_and_no_padding() -> None:
    source = {"type": "base64", "media_type": "text/plain", "data": "aGVs\nbG8"}
    assert parts({"type": "document", "source": source}).data == b"hello"


def test_a_long_block_is_shortened_in_an_error() -> None:
    block = {"type": "imag", "source": {"data": "A" * 100_000}}
    with pytest.raises(UsageError) as caught:
        read({"role": "user", "content": [block]})
    assert len(str(caught.value)) < 600


def test_a_block_that_contains_itself() -> None:
    block: dict[str, Any] = {"type": "tool_use", "id": "t", "name": "f"}
    block["input"] = block
    with pytest.raises(UsageError, match="Circular reference"):
        read({"role": "assistant", "content": [block]})


HOSTILE: dict[str, Any] = {
    "many fields": {"type": "imag", **{f"field {at}": at for at in range(5_000)}},
    "many items": {"type": "imag", "source": [1] * 5_000},
    "a long name": {"type": "imag", "k" * 100_000: 1},
    "a large number": {"type": "imag", "source": 10**5_000},
    "a call in a result": {
        "type": "tool_result",
        "tool_use_id": "t",
        "content": [{"type": "tool_use", "id": "t", "name": "f", "input": {}}],
    },
    "a media type": {
        "type": "image",
        "source": {"type": "base64", "media_type": 1, "data": "aGk="},
    },
    "a title": {"type": "document", "title": 1, "source": {"type": "file", "file_id": "f"}},
    "a signature": {"type": "thinking", "thinking": "Hm.", "signature": 1},
    "a detail": {"type": "image_url", "image_url": {"url": "https://a.example/", "detail": {1, 2}}},
}


@pytest.mark.parametrize("block", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_block_is_refused_in_a_few_lines(block: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as caught:
        read({"role": "user", "content": [block]})
    assert len(str(caught.value)) < 1_200
    assert caught.value.remedy


@pytest.mark.parametrize(
    "row",
    [
        {"role": "user", "parts": None},
        {"role": "user", "parts": [{"kind": "text", "text": 1}]},
        {
            "role": "user",
            "parts": [{"kind": "file", "media_type": None, "url": "https://a.example"}],
        },
        {"role": "tool", "parts": [{"kind": "tool_result", "tool_call_id": [], "result": "x"}]},
        {"role": "tool", "parts": [{"kind": "tool_result", "tool_call_id": "1", "result": b"x"}]},
        {"role": "assistant", "parts": [], "provider_metadata": 1},
        {"role": "assistant", "content": "x", "tool_calls": 5},
    ],
    ids=repr,
)
def test_a_saved_message_that_was_changed_is_refused(row: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        read(row)
