"""Files that a model cannot have: said before anything is sent."""

from typing import Any

import pytest

import nbstream
from nbstream import file_part
from nbstream.core.message import FilePart
from nbstream.errors import UsageError
from tests.files import samples

MB = 1024 * 1024


def ask(model: str, *files: FilePart, **settings: Any) -> nbstream.Stream:
    """Nothing is sent: nobody reads the stream."""
    question = nbstream.user_message("What is this?", *files)
    return nbstream.stream(model, [question], api_key="k", **settings)


def picture(size: int, kind: str = "image/png") -> FilePart:
    """As large as one wishes."""
    return FilePart(kind, samples.PNG + b"\0" * (size - len(samples.PNG)), filename="big.png")


@pytest.mark.parametrize(
    ("model", "size", "words"),
    [
        ("anthropic/claude-sonnet-4-5", 5 * MB, "anthropic takes 5 MB of image at most"),
        ("groq/llama-4-scout", 4 * MB, "groq takes 4 MB"),
        ("openai/gpt-5.2", 40 * MB, "openai takes 50 MB a request"),
        ("openai-chat/gpt-5.2", 40 * MB, "openai-chat takes 50 MB a request"),
        ("google/gemini-3-pro", 100 * MB, "google takes 100 MB a request"),
    ],
)
def test_too_large(model: str, size: int, words: str) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        ask(model, picture(size))
    assert caught.value.remedy
    ask(model, picture(size // 2))


def test_too_large_together() -> None:
    document = FilePart("application/pdf", samples.PDF + b"\0" * (13 * MB))
    ask("anthropic/claude-sonnet-4-5", document)
    words = r"have 36\.4 MB in base64; anthropic takes 32 MB a request"
    with pytest.raises(UsageError, match=words):
        ask("anthropic/claude-sonnet-4-5", document, document)


def test_an_address_has_no_size() -> None:
    ask("anthropic/claude-sonnet-4-5", *[file_part("https://example.org/x.png")] * 40)


@pytest.mark.parametrize(
    ("model", "part"),
    [
        ("anthropic/claude-sonnet-4-5", file_part(samples.WAV)),
        ("anthropic/claude-sonnet-4-5", file_part(samples.SVG)),
        ("anthropic/claude-sonnet-4-5", file_part(samples.HEIC)),
        ("openai/gpt-5.2", file_part(samples.MP4)),
        ("google/gemini-3-pro", file_part(samples.GIF)),
        ("xai/grok-4", file_part(samples.WEBP)),
        ("groq/llama-4-scout", file_part(samples.PDF)),
    ],
)
def test_a_type_that_is_not_accepted(model: str, part: FilePart) -> None:
    with pytest.raises(UsageError, match="does not take") as caught:
        ask(model, part)
    assert f"{model} does not take {part.media_type}" in str(caught.value)


@pytest.mark.parametrize(
    ("model", "part"),
    [
        ("anthropic/claude-sonnet-4-5", file_part(samples.PDF)),
        ("anthropic/claude-sonnet-4-5", file_part(b"text")),
        ("anthropic/claude-sonnet-4-5", file_part(b"a: 1", filename="a.yaml")),
        ("groq/llama-4-scout", file_part(b"{}", filename="a.ipynb")),
        ("openai/gpt-5.2", file_part(samples.PDF)),
        ("openai-chat/gpt-audio", file_part(samples.WAV)),
        ("google/gemini-3-pro", file_part(samples.MP4)),
        ("google/gemini-3-pro", file_part(samples.MP3)),
        ("openrouter/some/model", file_part(samples.MP4)),
        ("vllm/qwen2.5-vl", file_part(samples.PNG)),
    ],
)
def test_a_type_that_is_accepted(model: str, part: FilePart) -> None:
    ask(model, part)


@pytest.mark.parametrize(
    "model",
    ["ollama/smollm2:135m", "openai/o3-mini", "openrouter/deepseek/deepseek-r1", "ollama/llama3.1"],
)
def test_a_model_without_vision(model: str) -> None:
    with pytest.raises(UsageError, match=f"{model} cannot see pictures"):
        ask(model, file_part(samples.PNG))
    ask(model, file_part(b"text"))


def test_the_local_model_takes_no_pictures() -> None:
    try:
        nbstream.get_model("local")
    except nbstream.errors.LocalModelError as error:
        pytest.skip(str(error))
    with pytest.raises(UsageError, match="cannot see pictures"):
        ask("local", file_part(samples.PNG))
    with pytest.raises(UsageError, match="does not take application/pdf"):
        ask("local", file_part(samples.PDF))
    with pytest.raises(UsageError, match="cannot call tools"):
        ask("local", tools=[{"name": "now"}])


def test_a_models_own_pictures_are_not_checked() -> None:
    """What another model drew stands in the history; its protocol knows what to say of it."""
    history = [
        nbstream.user_message("draw"),
        nbstream.assistant_message("Here.", picture(9 * MB)),
        nbstream.user_message("thanks"),
    ]
    nbstream.stream("anthropic/claude-sonnet-4-5", history, api_key="k")


def test_a_file_in_a_tool_result_is_checked_too() -> None:
    result = nbstream.tool_message("c", [picture(5 * MB)])
    with pytest.raises(UsageError, match="too large"):
        nbstream.stream("anthropic/claude-sonnet-4-5", ["?", result], api_key="k")


def test_an_address_of_a_file_is_for_a_server_of_the_users_own() -> None:
    part = FilePart("image/png", url="file:///data/x.png")
    for model in ("openai/gpt-5.2", "anthropic/claude-sonnet-4-5", "google/gemini-3-pro"):
        with pytest.raises(UsageError, match=r"cannot read a file of this machine") as caught:
            ask(model, part)
        assert "file_part(path)" in str(caught.value.remedy)
    ask("vllm/qwen-vl", part)
    ask("openai-chat/qwen-vl", part, base_url="http://localhost:8000/v1")
