"""Unsupported requests are errors with a remedy, and nothing is sent."""

from typing import Any

import pytest

import nbstream
from nbstream.core.message import FilePart
from nbstream.errors import UsageError
from tests.harness.media_endpoints import png
from tests.harness.media_server import MediaServer

IMAGE, VIDEO = nbstream.ImageParams, nbstream.VideoParams
PICTURE = FilePart("image/png", png())
BIG = FilePart("image/png", bytes(50 * 1024 * 1024))
IMAGEN, VEO = "google/imagen-4.0-generate-001", "google/veo-3.1-generate-preview"


@pytest.mark.parametrize(
    ("model", "params", "says"),
    [
        ("google/gemini-2.5-flash", IMAGE(), "makes text, not images"),
        ("google/gemini-2.5-flash", None, "makes text, not images"),
        ("gateway/anthropic/claude-sonnet-4.5", IMAGE(), "makes text, not images"),
        ("gateway/openai/gpt-5.2", VIDEO(), "makes text, not videos"),
        ("gateway/meta/llama-4-scout", IMAGE(), "makes text, not images"),
        ("openai/gpt-5.2", IMAGE(), "makes text, not images"),
        ("openai/o3", IMAGE(), "makes text, not images"),
        ("openai/gpt-image-1", VIDEO(), "makes images, not videos"),
        (VEO, IMAGE(), "makes videos, not images"),
        ("gateway/google/veo-3.1-generate-001", IMAGE(), "makes videos, not images"),
        ("gateway/google/imagen-4.0-generate-001", VIDEO(), "makes images, not videos"),
    ],
)
def test_a_model_that_makes_something_else_is_refused(
    media: MediaServer, model: str, params: Any, says: str
) -> None:
    with pytest.raises(UsageError, match=says) as caught:
        nbstream.generate(model, "A cat.", params, base_url=None)
    assert caught.value.remedy
    assert "such as" in caught.value.remedy
    assert media.requests == []


@pytest.mark.parametrize(
    ("model", "params", "says"),
    [
        ("openai/gpt-image-1", IMAGE(seed=1), "seed"),
        ("openai/gpt-image-1", IMAGE(n=2, partial_images=1), "partial_images= with n=2"),
        ("openai/gpt-image-2", IMAGE(aspect_ratio="4:1"), "not 4:1"),
        (IMAGEN, IMAGE(partial_images=1), "does not support partial_images="),
        (IMAGEN, IMAGE(size="1000x500"), "does not take size='1000x500'"),
        (VEO, VIDEO(fps=24), "does not take fps="),
        ("openai/sora-2", VIDEO(seed=1), "does not take seed="),
        ("openai/sora-2", VIDEO(aspect_ratio="1:1"), "cannot make a video of 1:1 at 720p"),
        ("openai/gpt-image-1", {"n": 1}, "not dict"),
    ],
)
def test_an_unsupported_parameter_is_refused(
    media: MediaServer, model: str, params: Any, says: str
) -> None:
    with pytest.raises(UsageError, match=says) as caught:
        nbstream.generate(model, "A cat.", params)
    assert caught.value.remedy or "not 4:1" in caught.value.text
    assert media.requests == []


@pytest.mark.parametrize(
    ("model", "message", "says"),
    [
        ("openai/gpt-image-1", nbstream.user_message(PICTURE, PICTURE), "no prompt"),
        ("openai/gpt-image-1", nbstream.user_message("x", BIG), "less than 50 MB"),
        ("openai/gpt-image-1", nbstream.user_message("x", *[PICTURE] * 17), "at most 16"),
        (
            "openai/gpt-image-1",
            nbstream.user_message("x", FilePart("application/pdf", b"%PDF")),
            "pictures only",
        ),
        (
            "openai/gpt-image-1",
            nbstream.user_message("x", FilePart("image/gif", b"GIF8")),
            "png, jpeg and webp",
        ),
        (IMAGEN, nbstream.user_message("x", PICTURE), "no pictures"),
        ("openai/sora-2", nbstream.user_message("x", PICTURE, PICTURE), "at most 1 picture "),
        (
            VEO,
            nbstream.user_message("x", FilePart("image/png", url="https://a.example/x.png")),
            "as bytes",
        ),
        ("openai/gpt-image-1", "  ", "prompt is empty"),
    ],
)
def test_an_unsupported_prompt_is_refused(
    media: MediaServer, model: str, message: Any, says: str
) -> None:
    with pytest.raises(UsageError, match=says):
        nbstream.generate(model, [message])
    assert media.requests == []


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (IMAGE, {"n": 0}),
        (IMAGE, {"aspect_ratio": "wide"}),
        (IMAGE, {"size": "1K", "aspect_ratio": "1:1"}),
        (IMAGE, {"partial_images": 4}),
        (VIDEO, {"duration": 0}),
        (VIDEO, {"n": 1.5}),
    ],
)
def test_invalid_values_are_refused(kind: Any, values: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        kind(**values)


def test_tools_are_refused_for_image_models(media: MediaServer) -> None:
    def clock() -> str:
        """The time."""
        return "noon"

    for model in ("openai/gpt-image-1", IMAGEN, VEO):
        with pytest.raises(UsageError, match="calls no tools"):
            nbstream.stream(model, "A cat.", tools=[clock])
    assert media.requests == []
