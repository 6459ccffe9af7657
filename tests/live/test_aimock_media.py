"""Image and video endpoints of aimock, whose journal shows the requests."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

import nbstream
from nbstream import errors
from nbstream.core.message import FilePart
from tests.harness.aimock import AIMock
from tests.harness.media_endpoints import png
from tests.harness.patience import HANG
from tests.live.wires import KEY


@pytest.fixture(scope="module")
def aimock() -> Iterator[AIMock]:
    with AIMock() as running:
        yield running


def make(aimock: AIMock, model: str, prompt: Any, **settings: Any) -> nbstream.Generated:
    path = "" if model.startswith("google/") else "/v1"
    generation = nbstream.generate(
        model, prompt, base_url=aimock.url + path, api_key=KEY, poll_every=0.02, **settings
    )
    return generation.result()


def latest(aimock: AIMock) -> dict[str, Any]:
    """The last request in the journal of aimock."""
    row: dict[str, Any] = httpx.get(f"{aimock.url}/__aimock/journal", timeout=HANG).json()[-1]
    return row


@pytest.mark.parametrize(
    ("model", "path"),
    [
        ("openai/gpt-image-1", "/v1/images/generations"),
        ("google/imagen-4.0-generate-001", "/v1beta/models/imagen-4.0-generate-001:predict"),
    ],
)
def test_an_image(aimock: AIMock, model: str, path: str) -> None:
    assert make(aimock, model, "paint a cat").images[0].data == png(1)
    asked = latest(aimock)
    assert asked["path"] == path
    assert asked["body"]["model"] == model.partition("/")[2]
    assert asked["body"]["messages"] == [{"role": "user", "content": "paint a cat"}]


def test_a_stream_that_arrives_in_one_piece(aimock: AIMock) -> None:
    model = nbstream.get_model("openai/gpt-image-1", base_url=f"{aimock.url}/v1", api_key=KEY)
    message = nbstream.stream(model, "paint a cat").get_final_message()
    assert message.files[0].data == png(1)


def test_an_edit(aimock: AIMock) -> None:
    message = nbstream.user_message("paint a cat", FilePart("image/png", png(2)))
    assert make(aimock, "openai/gpt-image-1", [message]).images[0].data == png(1)
    asked = latest(aimock)
    assert asked["path"] == "/v1/images/edits"
    assert asked["headers"]["content-type"].startswith("multipart/form-data; boundary=")
    assert asked["body"]["messages"] == [{"role": "user", "content": "paint a cat"}]


def test_a_refused_image(aimock: AIMock) -> None:
    with pytest.raises(errors.ContentFilterError, match="Rejected by the safety system"):
        make(aimock, "openai/gpt-image-1", "paint what is not allowed")


@pytest.mark.parametrize(
    ("model", "path", "says"),
    [
        ("openai/sora-2", "/v1/videos/video_f", "failed"),
        ("google/veo-3.1-generate-preview", "/v1beta/operations/", "It broke"),
    ],
)
def test_a_video_that_fails(aimock: AIMock, model: str, path: str, says: str) -> None:
    with pytest.raises(errors.ProviderError, match=says):
        make(aimock, model, "film a failure")
    if model.startswith("google/"):  # OpenAI reports it at once
        assert latest(aimock)["path"].startswith(path)
